#include "lib/core/subscription.h"

namespace lamppost::core {

std::uint64_t AudienceCount::all() const {
  std::uint64_t all = 0;
  for (const auto& service : services) all += service.count;
  return all;
}

}  // namespace lamppost::core
