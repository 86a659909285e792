#include "lib/core/delivery.h"

#include "lib/core/members.h"

namespace lamppost::core {
namespace {

constexpr Seconds kJustNow{60};

Result<Audience> resolve(const Audience& audience, SegmentStore& segments, TopicStore& topics) {
  Audience::Known known;
  if (!audience.names(Audience::Kind::Segment).empty())
    for (auto& segment : segments.list())
      known.segments.push_back({std::move(segment.name), std::move(segment.audience)});
  if (!known.segments.empty() || !audience.names(Audience::Kind::Topic).empty())
    for (auto& topic : topics.list()) known.topics.push_back(std::move(topic.name));
  return audience.resolved(known);
}

std::optional<Time> read_send_at(Members& members, const json::Object& given, Time now) {
  const auto* value = given.find("send_at");
  if (!value || value->is_null()) return std::nullopt;
  const auto* seconds = value->integer();
  const auto least = now - kJustNow, most = now + kLongestWait;
  if (seconds && *seconds >= least.time_since_epoch().count() &&
      *seconds <= most.time_since_epoch().count())
    return Time{Seconds{*seconds}};
  members.refuse("send_at", "must be a time to come, within a year, in Unix seconds; now it is " +
                                std::to_string(now.time_since_epoch().count()));
  return std::nullopt;
}

}  // namespace

Result<Delivery> parse_delivery(const json::Object& given, SegmentStore& segments,
                                TopicStore& topics, Time now) {
  Members members(given, "");
  const auto text = members.text("audience", Audience::kMaxSize);
  const auto send_at = read_send_at(members, given, now);
  if (members.error()) return *members.error();
  const auto written = Audience::parse(text);
  if (!written) return written.error();
  auto audience = resolve(*written, segments, topics);
  if (!audience) return audience.error();
  return Delivery{*std::move(audience), send_at};
}

}  // namespace lamppost::core
