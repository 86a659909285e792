#pragma once
// The subscriptions that push services called gone, until they are marked as that in the store: 404
// and 410 end a subscription, but a service that says so of everybody is not believed.

#include <map>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/core/shard_store.h"
#include "lib/core/subscription.h"

namespace lamppost::core {

class Gone {
 public:
  static constexpr std::uint64_t kAlways =
      50;                                     // are believed of a service in a campaign; more only
  static constexpr std::uint64_t kShare = 5;  // if it is at most one in so many of its answers

  void add(const std::string& service, SubscriptionId);

  /// How many came since the last mark().
  std::size_t fresh() const noexcept { return fresh_; }
  /// How many are not marked.
  std::size_t count() const;

  /// Marks as many as may be believed. Their fates have to be recorded before: every worker looks
  /// at the sums over all shards, so that the limit is kept by all of them together.
  void mark(CampaignId, ShardStore&, SubscriptionStore&, Time now);

 private:
  std::map<std::string, std::vector<SubscriptionId>> ids_;  // by service
  std::size_t fresh_ = 0;
};

}  // namespace lamppost::core
