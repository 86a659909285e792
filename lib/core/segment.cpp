#include "lib/core/segment.h"

#include "lib/core/audience.h"
#include "lib/core/members.h"
#include "lib/core/topic.h"

#include <algorithm>

namespace lamppost::core {
namespace {

Result<Segment> parse_segment(const json::Value& value, const std::string& place) {
  const auto* object = value.object();
  if (!object) return Error{place, "must be an object with name, label and audience"};
  const auto named = parse_topic(value, place);
  if (!named) return named.error();
  Members members(*object, place + '.');
  const auto text = members.required_text("audience", Audience::kMaxSize);
  if (members.error()) return *members.error();
  const auto audience = Audience::parse(text);
  if (!audience) return Error{place + ".audience", audience.error().message};
  if (!audience->names(Audience::Kind::Segment).empty())
    return Error{place + ".audience", "must not be made of other segments"};
  return Segment{named->name, named->label, text};
}

}  // namespace

Result<std::vector<Segment>> parse_segments(const json::Object& body) {
  Members members(body, "");
  const auto* given = members.array("segments", kMaxSegments);
  if (!given) return members.error().value_or(Error{"segments", std::string(Members::kMissing)});
  std::vector<Segment> segments;
  for (const auto& value : *given) {
    const auto place = "segments[" + std::to_string(segments.size()) + ']';
    auto segment = parse_segment(value, place);
    if (!segment) return segment.error();
    if (std::ranges::find(segments, segment->name, &Segment::name) != segments.end())
      return Error{place + ".name", "stands there twice"};
    segments.push_back(*std::move(segment));
  }
  return segments;
}

json::Array to_json(std::span<const Segment> segments) {
  json::Array array;
  for (const auto& segment : segments)
    array.push_back(json::Object{
        {"name", segment.name}, {"label", segment.label}, {"audience", segment.audience}});
  return array;
}

}  // namespace lamppost::core
