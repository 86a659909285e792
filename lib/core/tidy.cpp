#include "lib/core/tidy.h"

namespace lamppost::core {
namespace {

constexpr std::size_t kLookedAtAtOnce = 5000;  // a cluster takes no statement of any size
constexpr std::size_t kShardsAtOnce = 50;      // of some kilobytes each
constexpr std::size_t kCampaignsAtOnce = 100;

void erase(TidyStore& store, Time now, Seconds retention, Tidied& tidied, const StopCheck& stop) {
  TidyStore::Walk walk{{}, 0, 0, false};
  while (!walk.over && !stop()) {
    walk = store.erase(walk.last, kLookedAtAtOnce, now - RosterStore::kUndo, now - retention);
    tidied.gone += walk.gone;
    tidied.idle += walk.idle;
  }
}

// The sums before the shards, so that they can be told at every moment.
std::size_t drop_fates(TidyStore& store, Time before, const StopCheck& stop) {
  std::size_t dropped = 0;
  while (!stop()) {
    const auto campaigns = store.with_old_fates(before, kCampaignsAtOnce);
    for (const auto id : campaigns) {
      store.keep_sums(id);
      while (store.drop_shards(id, kShardsAtOnce))
        if (stop()) return dropped;
      ++dropped;
    }
    if (campaigns.size() < kCampaignsAtOnce) break;
  }
  return dropped;
}

}  // namespace

// Days are rolled up before anything is erased that they count.
Tidied tidy(const TidyPorts& ports, Seconds retention, Time now, const StopCheck& stop) {
  auto& store = ports.store;
  Tidied tidied;
  tidied.days = roll_up(ports.roll_up, now, stop);
  if (!stop()) {
    erase(store, now, retention, tidied, stop);
    tidied.campaigns = drop_fates(store, now - kFatesKept, stop);
    while (!stop() && store.forget_departures(now - kDeparturesKept, kLookedAtAtOnce) > 0) {
    }
    ports.errands.tidy(now);
  }
  tidied.whole = !stop();
  return tidied;
}

}  // namespace lamppost::core
