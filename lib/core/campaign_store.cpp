#include "lib/core/campaign_store.h"

namespace lamppost::core {

std::optional<Time> Campaign::expires_at() const {
  if (message.ttl == Seconds{0} || !started_at) return std::nullopt;
  return *started_at + message.ttl;
}

}  // namespace lamppost::core
