#pragma once
// The port to where shards are kept, and where workers take them from.

#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "lib/base/clock.h"
#include "lib/core/shard.h"

namespace lamppost::core {

struct RestUntil {  // nothing is free before: all is held by others, or waits for its next try
  Time time;
};
struct AllDone {};  // no shard is open any more

class ShardStore {  // port; every function is one autocommit statement, or repeatable as a whole
 public:
  virtual ~ShardStore() = default;

  struct Cut {
    std::uint32_t shards;  // so far
    SubscriptionId last;   // of the highest one; 0: none
  };
  virtual Cut cut_so_far(CampaignId) = 0;
  /// Adds shard `number` with all its recipients waiting. False if it is there already: somebody
  /// else cuts too; look at cut_so_far() again. Ids rise, at most kShardSize.
  virtual bool cut(CampaignId, std::uint32_t number, std::span<const SubscriptionId> ids) = 0;

  using Claim = std::variant<Shard, RestUntil, AllDone>;
  /// A random free shard, held until `until`: compare-and-swap, so that it is one holder's alone.
  /// As it is stored: the caller does take_over().
  virtual Claim claim(CampaignId, const LeaseOwner&, Time now, Time until) = 0;

  /// Records fates, attempt, round_at and counts, and holds it until `until`; free again, but not
  /// before `next_at`, when `until` is not later than now. False: it is not ours any more, nothing
  /// was recorded.
  virtual bool advance(const Shard&, Time now, Time until, Time next_at) = 0;

  /// The sums over all shards.
  virtual Progress sum(CampaignId) = 0;
  /// The same of each of these, in their order; at most 100.
  virtual std::vector<Progress> sums(std::span<const CampaignId>) = 0;
  /// The fates of one shard; none: there is no such shard.
  virtual std::optional<std::vector<Fate>> fates(CampaignId, std::uint32_t number) = 0;
  /// The owner's word: failed ones are tried again (Failed -> Later), unsure ones that were kept
  /// are sent all the same (UnsureKept -> UnsureAsked). Only in shards that nobody holds; returns
  /// how many shards it reopened.
  virtual std::uint64_t reopen(CampaignId, Fate from, Fate to, Time now) = 0;
};

}  // namespace lamppost::core
