#include "lib/core/topic.h"

#include "lib/base/text.h"
#include "lib/core/members.h"

#include <algorithm>
#include <set>

namespace lamppost::core {
namespace {

constexpr std::size_t kMaxName = 32;
constexpr std::size_t kMaxLabel = 60;  // characters

// The text is UTF-8, as all that comes out of JSON.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

}  // namespace

bool is_topic_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, fits);
}

Result<Topic> parse_topic(const json::Value& value, const std::string& place) {
  const auto* object = value.object();
  if (!object) return Error{place, "must be an object"};
  Members members(*object, place + '.');
  Topic topic{members.required_text("name", 1000), members.required_text("label", 1000),
              members.boolean("default")};
  if (!is_topic_name(topic.name))
    members.refuse("name", "must be 1 to 32 small letters, digits and hyphens");
  if (count_characters(topic.label) > kMaxLabel)
    members.refuse("label", "must be at most 60 characters");
  if (has_controls(topic.label)) members.refuse("label", "must be a line of text");
  if (members.error()) return *members.error();
  return topic;
}

Result<std::vector<Topic>> parse_topics(const json::Object& body) {
  Members members(body, "");
  const auto* given = members.array("topics", kMaxTopics);
  if (!given) return members.error().value_or(Error{"topics", std::string(Members::kMissing)});
  std::vector<Topic> topics;
  for (const auto& value : *given) {
    const auto place = "topics[" + std::to_string(topics.size()) + ']';
    const auto topic = parse_topic(value, place);
    if (!topic) return topic.error();
    if (std::ranges::find(topics, topic->name, &Topic::name) != topics.end())
      return Error{place + ".name", "stands there twice"};
    topics.push_back(*topic);
  }
  return topics;
}

json::Array to_json(std::span<const Topic> topics) {
  json::Array array;
  for (const auto& topic : topics)
    array.push_back(
        json::Object{{"name", topic.name}, {"label", topic.label}, {"default", topic.is_default}});
  return array;
}

Result<std::vector<std::string>> parse_choice(const json::Array& names,
                                              std::span<const Topic> known) {
  std::set<std::string> chosen;
  for (const auto& value : names) {
    const auto* name = value.text();
    if (!name) return Error{"topics", "must be a list of names"};
    if (std::ranges::find(known, *name, &Topic::name) == known.end())
      return Error{"topics", "holds " + printable(*name, kMaxName) +
                                 ", which is no topic of this site: see /api/config"};
    chosen.insert(*name);
  }
  return std::vector<std::string>(chosen.begin(), chosen.end());
}

}  // namespace lamppost::core
