#pragma once
// What the daily tidying does: numbers of finished days are kept, and what is no longer needed is
// erased, a bounded batch at a time. It may be broken off at any moment and run many times at once.

#include <cstdint>

#include "lib/core/errand.h"
#include "lib/core/roll_up.h"
#include "lib/core/roster.h"

namespace lamppost::core {

constexpr std::chrono::days kFatesKept{30};  // after a campaign is over; its sums stay
static_assert(kFatesKept >= std::chrono::days{28}, "nothing of a campaign is tried again by then");
constexpr std::chrono::days kDeparturesKept{400};

class TidyStore {  // port; every function is one autocommit statement, or repeatable as a whole
 public:
  virtual ~TidyStore() = default;

  struct Walk {
    SubscriptionId last;  // that was looked at
    std::size_t gone, idle;
    bool over;  // there are none behind it
  };
  /// Looks at the next `limit` after `after`, and erases with all that is held of them those that
  /// were gone before `gone_before`, and those that were last seen before `seen_before`.
  virtual Walk erase(SubscriptionId after, std::size_t limit, Time gone_before,
                     Time seen_before) = 0;

  /// Campaigns that were over before `before` and still have fates, at most `limit`.
  virtual std::vector<CampaignId> with_old_fates(Time before, std::size_t limit) = 0;
  /// Keeps its sums, which ShardStore::sum() gives from then on whatever becomes of the shards.
  virtual void keep_sums(CampaignId) = 0;
  /// Drops at most `limit` of its shards; false: there are no more.
  virtual bool drop_shards(CampaignId, std::size_t limit) = 0;

  /// Forgets at most `limit` departures of before `before`; how many there were.
  virtual std::size_t forget_departures(Time before, std::size_t limit) = 0;
};

struct TidyPorts {
  RollUpPorts roll_up;
  TidyStore& store;
  ErrandStore& errands;
};

struct Tidied {
  std::size_t days = 0;       // rolled up
  std::size_t gone = 0;       // subscriptions erased
  std::size_t idle = 0;       // the same
  std::size_t campaigns = 0;  // whose fates were dropped
  bool whole = true;          // false: it was asked to stop before the end
};

/// retention  how long a subscription is kept that no browser shows any more
Tidied tidy(const TidyPorts&, Seconds retention, Time now, const StopCheck&);

}  // namespace lamppost::core
