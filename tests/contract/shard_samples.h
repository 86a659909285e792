#pragma once
// Shards to store.

#include <algorithm>
#include <vector>

#include "lib/core/shard_store.h"

namespace lamppost::contract {

constexpr CampaignId kCampaign{7}, kOther{8};
constexpr core::LeaseOwner kAnn{1}, kBob{0xff, 0, ' '}, kCarl{3};

inline Time at(int second) { return Time{Seconds{1'800'000'000 + second}}; }

inline std::vector<SubscriptionId> ids(std::size_t count, std::uint64_t first = 1,
                                       std::uint64_t step = 1) {
  std::vector<SubscriptionId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back({first + i * step});
  return ids;
}

/// The next `limit` of `all` after `last`, as a subscription store selects them.
inline std::vector<SubscriptionId> part_after(const std::vector<SubscriptionId>& all,
                                              SubscriptionId last, std::size_t limit) {
  const auto first = std::ranges::upper_bound(all, last);
  const auto left = static_cast<std::size_t>(all.end() - first);
  return {first, first + static_cast<std::ptrdiff_t>(std::min(left, limit))};
}

/// Every fate, in runs of many lengths.
inline std::vector<core::Fate> every_fate(std::size_t count) {
  std::vector<core::Fate> fates;
  for (std::size_t run = 1; fates.size() < count; run = run * 7 % 401)
    fates.insert(fates.end(), std::min(run, count - fates.size()),
                 static_cast<core::Fate>(run % core::kFates));
  return fates;
}

}  // namespace lamppost::contract
