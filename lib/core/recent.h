#pragma once
// The port to what was sent to one subscriber lately.

#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/core/campaign.h"

namespace lamppost::core {

struct RecentMessage {
  std::string payload;  // as it was pushed
  Time at;              // when its campaign began
  Fate fate;
};

class RecentStore {  // port
 public:
  virtual ~RecentStore() = default;

  /// Of the newest campaigns, those whose audience it was in, the newest first, at most `limit`. A
  /// person waits for it, so only the newest kLookedAt are looked at.
  virtual std::vector<RecentMessage> of(SubscriptionId, std::size_t limit) = 0;

  static constexpr std::size_t kLookedAt = 50;
};

}  // namespace lamppost::core
