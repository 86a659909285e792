#pragma once
// Quiet hours: when a subscriber does not want to be disturbed, by the clock on their wall.

#include <optional>
#include <string>

#include "lib/base/time_zone.h"
#include "lib/core/subscription.h"

namespace lamppost::core {

/// When the quiet hours end that `now` lies in, later than now. None: it lies in none.
///
/// zone  IANA name; empty or unknown: UTC
std::optional<Time> quiet_until(const QuietHours&, const std::string& zone, Time now, TimeZones&);

}  // namespace lamppost::core
