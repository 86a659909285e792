#pragma once
// The Retry-After header (RFC 9110, 10.2.3), as far as we believe it.

#include <string_view>

#include "lib/base/clock.h"

namespace lamppost::curl {

constexpr Seconds kShortestRest{1};
constexpr Seconds kLongestRest{3600};

/// The wait that `value` asks for, a number of seconds or a date in one of HTTP's three forms,
/// within kShortestRest and kLongestRest; 0 if it is neither, so that the sender keeps to its own
/// schedule.
Seconds parse_retry_after(std::string_view value, Time now);

}  // namespace lamppost::curl
