#pragma once
// Audiences that the owner has given a name, and the port to where they are kept.

#include <span>
#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/result.h"

namespace lamppost::core {

struct Segment {
  std::string name;      // as a topic's
  std::string label;     // what the owner reads: 1 to 60 characters
  std::string audience;  // an expression (audience.h) without segments, not of everybody
  friend bool operator==(const Segment&, const Segment&) = default;
};

constexpr std::size_t kMaxSegments = 50;

/// Reads {"segments": [{"name", "label", "audience"}]}. Error: the member, "segments[2].audience".
Result<std::vector<Segment>> parse_segments(const json::Object& body);

json::Array to_json(std::span<const Segment>);

class SegmentStore {  // port; both are repeatable as a whole
 public:
  virtual ~SegmentStore() = default;

  /// In the owner's order.
  virtual std::vector<Segment> list() = 0;
  /// Those and no others.
  virtual void replace(std::span<const Segment>) = 0;
};

}  // namespace lamppost::core
