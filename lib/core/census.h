#pragma once
// The port to counting: how many subscribers there are and were, who came and left, and which
// campaigns began and how often links were followed. Nothing here tells of a single person.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"

namespace lamppost::core {

struct CensusGroup {
  std::string service, language;  // as the browsers told the language; empty: not known
  std::uint64_t count;
};

struct Turnover {
  std::uint64_t joined, left;
};

struct Generation {  // what has become of those who joined at some time
  std::uint64_t active, gone;
};

struct HourClicks {
  Time hour;  // at which it begins
  std::uint64_t clicks;
};

class CensusStore {  // port; only reads
 public:
  virtual ~CensusStore() = default;

  /// Those who are there, paused ones too.
  virtual std::vector<CensusGroup> active() = 0;
  /// Those who were there at that moment. Who has left since is counted without the language; who
  /// was erased since as gone or idle is not counted.
  virtual std::vector<CensusGroup> active_at(Time) = 0;
  /// Of the time from `from` on and before `to`.
  virtual Turnover turnover(Time from, Time to) = 0;
  /// Of those who joined from `from` on and before `to`.
  virtual Generation generation(Time from, Time to) = 0;
  /// When the first of them joined who are there.
  virtual std::optional<Time> first_joined() = 0;
  /// Campaigns that began from `from` on and before `to`.
  virtual std::vector<CampaignId> begun(Time from, Time to) = 0;
  /// By the hour, the earliest first; hours without a click are not there.
  virtual std::vector<HourClicks> clicks(Time from, Time to) = 0;
};

}  // namespace lamppost::core
