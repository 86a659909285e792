#pragma once
// When what is worth another try is tried again.

#include <cstdint>

#include "lib/base/clock.h"
#include "lib/webpush/push_service.h"

namespace lamppost::core {

constexpr std::uint32_t kMaxAttempts = 12;  // then it has failed, and is shown as that

/// The wait after a round of tries: 5 s, 30 s, 2 min, 10 min, 30 min, then an hour each.
///
/// attempt  rounds so far, from 1
/// spread   0 to 1, random: the wait is stretched by 0.5 to 1.5, so that not all come back at once
Seconds retry_wait(std::uint32_t attempt, double spread);

/// What a push service asked for by Retry-After, to be added to a Clock's now(). That is rounded
/// down, so it is a second more: none may be tried again too early. 0: it asked for nothing.
Seconds asked_wait(const webpush::PushReply&);

}  // namespace lamppost::core
