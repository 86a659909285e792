#include "lib/core/retry.h"

#include <algorithm>
#include <array>

namespace lamppost::core {

Seconds retry_wait(std::uint32_t attempt, double spread) {
  constexpr std::array kWaits{5, 30, 120, 600, 1800, 3600};
  const auto index = std::clamp<std::size_t>(attempt, 1, kWaits.size()) - 1;
  const auto stretched = kWaits[index] * (0.5 + std::clamp(spread, 0.0, 1.0));
  return Seconds{static_cast<std::int64_t>(stretched)};
}

Seconds asked_wait(const webpush::PushReply& reply) {
  return reply.retry_after > Seconds{0} ? reply.retry_after + Seconds{1} : Seconds{0};
}

}  // namespace lamppost::core
