#pragma once
// To whom a message goes, and when.

#include <optional>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/core/audience.h"
#include "lib/core/segment.h"
#include "lib/core/topic.h"

namespace lamppost::core {

constexpr std::chrono::days kLongestWait{366};

struct Delivery {
  Audience audience;            // without segments
  std::optional<Time> send_at;  // none: as soon as it is sent
};

/// Reads "audience" and "send_at" of a message; the stores are asked only for names that stand
/// there. A send_at of just now is taken, since clocks differ. Error: the member.
Result<Delivery> parse_delivery(const json::Object& given, SegmentStore&, TopicStore&, Time now);

}  // namespace lamppost::core
