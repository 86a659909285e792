#pragma once
// What a site writes about, for its visitors to choose from, and the port to where that is kept.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"

namespace lamppost::core {

struct Topic {
  std::string name;   // [a-z0-9-], 1 to 32 of them
  std::string label;  // what visitors read: 1 to 60 characters
  bool is_default;    // ticked until the visitor says otherwise
  friend bool operator==(const Topic&, const Topic&) = default;
};

constexpr std::size_t kMaxTopics = 50;

/// 1 to 32 of [a-z0-9-].
bool is_topic_name(std::string_view text);

/// Reads {"name", "label", "default"}. Error: the member, with `place` and a dot before it.
Result<Topic> parse_topic(const json::Value&, const std::string& place);
/// Reads {"topics": [{"name", "label", "default"}]}. Error: the member, "topics[2].name".
Result<std::vector<Topic>> parse_topics(const json::Object& body);

json::Array to_json(std::span<const Topic>);

/// Reads a visitor's choice, a list of names of `known`; each is given once. Error: field "topics".
Result<std::vector<std::string>> parse_choice(const json::Array& names,
                                              std::span<const Topic> known);

class TopicStore {  // port; both are repeatable as a whole
 public:
  virtual ~TopicStore() = default;

  /// In the owner's order.
  virtual std::vector<Topic> list() = 0;
  /// Those and no others. Who had chosen one that goes has it no more, nor when it comes back.
  virtual void replace(std::span<const Topic>) = 0;
};

}  // namespace lamppost::core
