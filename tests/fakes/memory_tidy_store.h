#pragma once
// Erasing, over stores in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <set>

#include "lib/core/tidy.h"
#include "tests/fakes/memory_census_store.h"
#include "tests/fakes/memory_shard_store.h"

namespace lamppost::fakes {

class MemoryTidyStore final : public core::TidyStore, public Disturbance {
 public:
  MemoryTidyStore(MemorySubscriptionStore& subscriptions, MemoryCampaignStore& campaigns,
                  MemoryShardStore& shards, MemoryCensusStore& census)
      : subscriptions_(subscriptions), campaigns_(campaigns), shards_(shards), census_(census) {}

  Walk erase(SubscriptionId after, std::size_t limit, Time gone_before, Time seen_before) override {
    return call("erase", [&] {
      Walk walk{{}, 0, 0, true};
      auto& rows = subscriptions_.rows();
      std::size_t looked_at = 0;
      for (auto at = rows.upper_bound(after); at != rows.end(); ++looked_at) {
        if (looked_at == limit) break;
        const auto& row = at->second;
        const bool gone = row.gone_at && *row.gone_at < gone_before;
        const bool idle = !row.gone_at && row.seen_at < seen_before;
        walk.last = at->first;
        walk.gone += gone;
        walk.idle += idle;
        at = gone || idle ? rows.erase(at) : std::next(at);
      }
      walk.over = looked_at < limit;
      return walk;
    });
  }

  std::vector<CampaignId> with_old_fates(Time before, std::size_t limit) override {
    return call("with_old_fates", [&] {
      std::vector<CampaignId> old;
      auto all = campaigns_.list({}, {}, SIZE_MAX);
      std::ranges::reverse(all);
      for (const auto& campaign : all)
        if (old.size() < limit && campaign.finished_at && *campaign.finished_at < before &&
            !dropped_.contains(campaign.id))
          old.push_back(campaign.id);
      return old;
    });
  }

  void keep_sums(CampaignId id) override {
    call("keep_sums", [&] {
      shards_.keep_sums(id);
      return true;
    });
  }

  bool drop_shards(CampaignId id, std::size_t limit) override {
    return call("drop_shards", [&] {
      if (shards_.drop(id, limit) == limit) return true;
      dropped_.insert(id);
      return false;
    });
  }

  std::size_t forget_departures(Time before, std::size_t limit) override {
    return call("forget_departures", [&] {
      std::size_t forgotten = 0;
      std::erase_if(census_.departures, [&](const auto& one) {
        return one.left_at < before && forgotten < limit && ++forgotten > 0;
      });
      return forgotten;
    });
  }

 private:
  MemorySubscriptionStore& subscriptions_;
  MemoryCampaignStore& campaigns_;
  MemoryShardStore& shards_;
  MemoryCensusStore& census_;
  std::set<CampaignId> dropped_;
};

}  // namespace lamppost::fakes
