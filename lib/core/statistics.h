#pragma once
// Numbers over time, for the site's owner: finished days as they were rolled up, and today as it
// is.

#include <array>
#include <optional>
#include <vector>

#include "lib/core/roll_up.h"

namespace lamppost::core {

struct DayFigures {
  Time day;  // midnight UTC, at which it begins
  std::uint64_t active = 0, joined = 0, left = 0;
  std::uint64_t accepted = 0, failed = 0, gone = 0;  // of the campaigns that began on it
  std::uint64_t clicks = 0;
};

struct AgeFigures {  // of those who joined so many days ago
  std::chrono::days from;
  std::optional<std::chrono::days> to;  // none: and longer
  Generation generation;
};

struct Statistics {
  std::optional<Time> updated_at;  // when days were rolled up last
  std::uint64_t active = 0;
  Turnover today{};
  std::vector<DayFigures> days;                 // those that are known, the last one is today
  std::vector<NamedCount> services, languages;  // the largest first
  std::vector<AgeFigures> ages;
  std::array<std::array<std::uint64_t, 24>, 7> hours{};  // clicks; Monday first, hours of UTC
  double weekly_pushes = 0;  // accepted ones for each who is there, in a week of the last four
};

/// days  how many, with today
Statistics statistics(const RollUpPorts&, Time now, std::chrono::days days);

}  // namespace lamppost::core
