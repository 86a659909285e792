#pragma once
// Numbers of finished days, and the port to where they are kept for good.

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"

namespace lamppost::core {

struct DailyNumber {
  Time day;             // midnight UTC, at which it begins
  std::string measure;  // one of those below
  std::string part;     // of the measure; empty: the whole
  std::uint64_t times;
  friend bool operator==(const DailyNumber&, const DailyNumber&) = default;
};

namespace measure {
constexpr std::string_view kActive = "active";      // subscriptions at the end of the day
constexpr std::string_view kService = "service";    // of them, by the push service
constexpr std::string_view kLanguage = "language";  // of them, by the language: "de", not "de-AT"
constexpr std::string_view kJoined = "joined", kLeft = "left";  // on the day
// What became of the campaigns that began on the day; grows as long as they are under way.
constexpr std::string_view kAccepted = "accepted", kFailed = "failed", kGone = "gone";
constexpr std::string_view kClicks = "clicks";       // on the day, by the hour: "00" to "23"
constexpr std::string_view kRolledUp = "rolled_up";  // when all the others were there
}  // namespace measure

class DailyStore {  // port; each is one autocommit statement and repeatable
 public:
  virtual ~DailyStore() = default;

  /// Keeps it, or the larger one if there is one already.
  virtual void raise(const DailyNumber&) = 0;
  /// Keeps it in the place of the one that is there.
  virtual void put(const DailyNumber&) = 0;
  /// Those of the days from `from` on and before `to`, by day, measure and part.
  virtual std::vector<DailyNumber> list(Time from, Time to) = 0;
};

}  // namespace lamppost::core
