#pragma once
// What was sent lately, over campaigns and shards in memory. Passes the same contract suite as the
// real store.

#include <algorithm>

#include "lib/core/recent.h"
#include "tests/fakes/memory_campaign_store.h"
#include "tests/fakes/memory_shard_store.h"

namespace lamppost::fakes {

class MemoryRecentStore final : public core::RecentStore, public Disturbance {
 public:
  MemoryRecentStore(MemoryCampaignStore& campaigns, MemoryShardStore& shards)
      : campaigns_(campaigns), shards_(shards) {}

  std::vector<core::RecentMessage> of(SubscriptionId id, std::size_t limit) override {
    return call("of", [&] {
      std::vector<core::RecentMessage> recent;
      std::size_t looked_at = 0;
      for (const auto& campaign : campaigns_.list({}, {}, SIZE_MAX)) {
        if (!campaign.started_at) continue;
        if (recent.size() == limit || ++looked_at > kLookedAt) break;
        if (const auto fate = shards_.fate_of(campaign.id, id))
          recent.push_back({campaign.message.payload, *campaign.started_at, *fate});
      }
      return recent;
    });
  }

 private:
  MemoryCampaignStore& campaigns_;
  MemoryShardStore& shards_;
};

}  // namespace lamppost::fakes
