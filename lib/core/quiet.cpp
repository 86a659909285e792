#include "lib/core/quiet.h"

#include <algorithm>

namespace lamppost::core {

std::optional<Time> quiet_until(const QuietHours& hours, const std::string& zone, Time now,
                                TimeZones& zones) {
  constexpr Seconds kDay{86'400};
  const auto ahead = zones.offset(zone, now);
  const auto of_day = (now + ahead).time_since_epoch() % kDay;
  const bool over_midnight = hours.to < hours.from;
  const bool begun = of_day >= hours.from, ended = of_day >= hours.to;
  if (over_midnight ? !begun && ended : !begun || ended) return std::nullopt;
  const auto end = now + (hours.to - of_day + kDay) % kDay;
  // The clocks may change in between. In the night that has no such hour it may be over by then:
  // then somebody looks again a minute later.
  return std::max(end + ahead - zones.offset(zone, end), now + Seconds{60});
}

}  // namespace lamppost::core
