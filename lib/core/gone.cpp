#include "lib/core/gone.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::uint64_t kAtOnce = 1000;  // as many as the store takes

}  // namespace

void Gone::add(const std::string& service, SubscriptionId id) {
  ids_[service].push_back(id);
  ++fresh_;
}

std::size_t Gone::count() const {
  std::size_t count = 0;
  for (const auto& [service, ids] : ids_) count += ids.size();
  return count;
}

void Gone::mark(CampaignId campaign, ShardStore& shards, SubscriptionStore& subscriptions,
                Time now) {
  if (count() == 0) return;
  fresh_ = 0;
  const auto sums = shards.sum(campaign);
  for (auto& [service, ids] : ids_) {
    const auto found = sums.services.find(service);
    if (found == sums.services.end()) continue;
    const auto& counts = found->second.counts;
    const auto answered = counts[Fate::Accepted] + counts[Fate::Gone] + counts[Fate::Failed];
    const auto gone = counts[Fate::Gone];
    const auto allowed = gone <= answered / kShare ? gone : kAlways;
    // The others' are marked already, or may be by now.
    const auto others = gone - std::min<std::uint64_t>(gone, ids.size());
    auto some = std::min<std::uint64_t>(ids.size(), allowed - std::min(allowed, others));
    while (some > 0) {
      const auto batch = std::min(some, kAtOnce);
      const auto first = ids.end() - static_cast<std::ptrdiff_t>(batch);
      subscriptions.mark_gone({first, ids.end()}, now);
      ids.erase(first, ids.end());
      some -= batch;
    }
  }
}

}  // namespace lamppost::core
