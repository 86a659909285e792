#pragma once
// Rolls finished days up into the numbers that are kept of them. It may be broken off at any
// moment and be done by many at once: a day counts as rolled up once its last number says so, and
// what is done twice has the same result.

#include "lib/base/clock.h"
#include "lib/core/census.h"
#include "lib/core/daily.h"
#include "lib/core/shard_store.h"

namespace lamppost::core {

/// The midnight (UTC) at which its day begins.
Time day_of(Time);

constexpr std::chrono::days kKeptCurrent{31};  // a campaign may be under way for 28
constexpr std::chrono::days kCaughtUp{400};    // days before are not rolled up any more
constexpr std::size_t kMaxLanguages = 30;      // of a day; the rest is "other"

struct RollUpPorts {
  CensusStore& census;
  DailyStore& daily;
  ShardStore& shards;
};

struct NamedCount {
  std::string name;
  std::uint64_t count;
};
/// By service; the largest first.
std::vector<NamedCount> by_service(const std::vector<CensusGroup>&);
/// By the language without its region, in lower case; the largest first, the rest as "other".
std::vector<NamedCount> by_language(const std::vector<CensusGroup>&);

/// "00" to "23", as clicks are kept by.
std::string hour_of(Time);

/// Sums over the campaigns that began from `from` on and before `to`.
Counts campaign_counts(const RollUpPorts&, Time from, Time to);

/// All finished days that are not rolled up, and the campaigns of the last kKeptCurrent. How many
/// days were new.
std::size_t roll_up(const RollUpPorts&, Time now, const StopCheck&);

}  // namespace lamppost::core
