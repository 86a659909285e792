#include "lib/core/statistics.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace lamppost::core {
namespace {

using std::chrono::days;

constexpr days kDay{1};
constexpr days kMonth{28};
constexpr std::array<days, 6> kAges{days{0}, days{7}, days{30}, days{90}, days{180}, days{365}};

std::uint64_t* figure_of(DayFigures& figures, std::string_view name) {
  if (name == measure::kActive) return &figures.active;
  if (name == measure::kJoined) return &figures.joined;
  if (name == measure::kLeft) return &figures.left;
  if (name == measure::kAccepted) return &figures.accepted;
  if (name == measure::kFailed) return &figures.failed;
  if (name == measure::kGone) return &figures.gone;
  if (name == measure::kClicks) return &figures.clicks;
  return nullptr;
}

void add_clicks(Statistics& statistics, Time day, std::string_view hour, std::uint64_t clicks) {
  std::size_t at = 24;
  std::from_chars(hour.data(), hour.data() + hour.size(), at);
  const std::chrono::weekday weekday{std::chrono::floor<days>(day)};
  if (at < 24) statistics.hours[weekday.iso_encoding() - 1][at] += clicks;
}

DayFigures figures_of_today(const RollUpPorts& ports, Time today, const Statistics& statistics) {
  const auto counts = campaign_counts(ports, today, today + kDay);
  return {.day = today,
          .active = statistics.active,
          .joined = statistics.today.joined,
          .left = statistics.today.left,
          .accepted = counts[Fate::Accepted],
          .failed = counts[Fate::Failed],
          .gone = counts[Fate::Gone],
          .clicks = 0};
}

// A site that is younger than a week has had no more than it has had.
double weekly_pushes(const std::map<Time, DayFigures>& by_day, Time today, std::uint64_t active) {
  if (active == 0) return 0;
  std::uint64_t accepted = 0;
  const auto first = by_day.lower_bound(today - kMonth + kDay);
  for (auto day = first; day != by_day.end(); ++day) accepted += day->second.accepted;
  const auto weeks = std::max(days{7}, std::chrono::floor<days>(today + kDay - first->first));
  return static_cast<double>(accepted) * 7 / static_cast<double>(weeks.count()) /
         static_cast<double>(active);
}

std::vector<AgeFigures> ages(CensusStore& census, Time now) {
  std::vector<AgeFigures> ages;
  for (std::size_t i = 0; i < kAges.size(); ++i) {
    const bool is_last = i + 1 == kAges.size();
    const auto to = is_last ? std::nullopt : std::optional(kAges[i + 1]);
    // Who joined `to` ago is of the next age, and who joins just now of the first.
    const auto begin = to ? now - *to + Seconds{1} : Time{};
    const auto end = now - kAges[i] + Seconds{1};
    ages.push_back({kAges[i], to, census.generation(begin, end)});
  }
  return ages;
}

}  // namespace

Statistics statistics(const RollUpPorts& ports, Time now, days count) {
  const auto today = day_of(now);
  const auto first = today + kDay - count;
  Statistics statistics;
  const auto groups = ports.census.active();
  for (const auto& group : groups) statistics.active += group.count;
  statistics.services = by_service(groups);
  statistics.languages = by_language(groups);
  statistics.today = ports.census.turnover(today, today + kDay);
  statistics.ages = ages(ports.census, now);

  std::map<Time, DayFigures> by_day;
  for (const auto& [day, name, part, times] :
       ports.daily.list(std::min(first, today - kMonth), today)) {
    auto& figures = by_day[day];
    figures.day = day;
    if (auto* figure = figure_of(figures, name)) *figure += times;
    if (name == measure::kClicks && day >= first) add_clicks(statistics, day, part, times);
    if (name == measure::kRolledUp) {
      const Time at{Seconds{times}};
      statistics.updated_at = std::max(statistics.updated_at.value_or(at), at);
    }
  }
  auto& of_today = by_day[today] = figures_of_today(ports, today, statistics);
  for (const auto& [hour, clicks] : ports.census.clicks(today, today + kDay)) {
    of_today.clicks += clicks;
    add_clicks(statistics, today, hour_of(hour), clicks);
  }
  statistics.weekly_pushes = weekly_pushes(by_day, today, statistics.active);
  for (const auto& [day, figures] : by_day)
    if (day >= first) statistics.days.push_back(figures);
  return statistics;
}

}  // namespace lamppost::core
