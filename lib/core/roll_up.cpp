#include "lib/core/roll_up.h"

#include "lib/base/text.h"

#include <algorithm>
#include <map>
#include <set>

namespace lamppost::core {
namespace {

constexpr std::chrono::days kDay{1};

std::vector<NamedCount> largest_first(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<NamedCount> sorted;
  for (const auto& [name, count] : counts) sorted.push_back({name, count});
  std::ranges::stable_sort(sorted, std::greater{}, &NamedCount::count);
  return sorted;
}

void roll_up_day(const RollUpPorts& ports, Time day) {
  auto& daily = ports.daily;
  const auto end = day + kDay;
  const auto groups = ports.census.active_at(end);
  std::uint64_t all = 0;
  for (const auto& group : groups) all += group.count;
  for (const auto& [name, count] : by_service(groups))
    daily.raise({day, std::string(measure::kService), name, count});
  for (const auto& [name, count] : by_language(groups))
    daily.raise({day, std::string(measure::kLanguage), name, count});
  const auto [joined, left] = ports.census.turnover(day, end);
  for (const auto& [hour, clicks] : ports.census.clicks(day, end))
    daily.raise({day, std::string(measure::kClicks), hour_of(hour), clicks});
  daily.raise({day, std::string(measure::kActive), "", all});
  daily.raise({day, std::string(measure::kJoined), "", joined});
  daily.raise({day, std::string(measure::kLeft), "", left});
}

void roll_up_campaigns(const RollUpPorts& ports, Time day) {
  const auto counts = campaign_counts(ports, day, day + kDay);
  if (counts.audience() == 0) return;
  auto& daily = ports.daily;
  daily.put({day, std::string(measure::kAccepted), "", counts[Fate::Accepted]});
  daily.put({day, std::string(measure::kFailed), "", counts[Fate::Failed]});
  daily.put({day, std::string(measure::kGone), "", counts[Fate::Gone]});
}

}  // namespace

Time day_of(Time time) { return std::chrono::floor<std::chrono::days>(time); }

std::string hour_of(Time time) {
  const auto hour = std::chrono::floor<std::chrono::hours>(time - day_of(time)).count();
  return (hour < 10 ? "0" : "") + std::to_string(hour);
}

std::vector<NamedCount> by_service(const std::vector<CensusGroup>& groups) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [service, language, count] : groups) counts[service] += count;
  return largest_first(counts);
}

std::vector<NamedCount> by_language(const std::vector<CensusGroup>& groups) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [service, language, count] : groups)
    counts[lower_case(language.substr(0, language.find('-')))] += count;
  auto sorted = largest_first(counts);
  if (sorted.size() <= kMaxLanguages) return sorted;
  NamedCount other{"other", 0};
  for (std::size_t i = kMaxLanguages - 1; i < sorted.size(); ++i) other.count += sorted[i].count;
  sorted.resize(kMaxLanguages - 1);
  sorted.push_back(other);
  return sorted;
}

Counts campaign_counts(const RollUpPorts& ports, Time from, Time to) {
  Counts counts;
  for (const auto id : ports.census.begun(from, to)) counts.add(ports.shards.sum(id).counts);
  return counts;
}

std::size_t roll_up(const RollUpPorts& ports, Time now, const StopCheck& stop) {
  const auto today = day_of(now);
  const auto begin = std::max(day_of(ports.census.first_joined().value_or(now)), today - kCaughtUp);
  const auto from = std::min(begin, today - kDay);  // yesterday in any case
  std::set<Time> rolled_up;
  for (const auto& number : ports.daily.list(from, today))
    if (number.measure == measure::kRolledUp) rolled_up.insert(number.day);
  std::size_t fresh = 0;
  for (auto day = std::min(from, today - kKeptCurrent); day < today && !stop(); day += kDay) {
    const bool is_new = day >= from && !rolled_up.contains(day);
    if (is_new) roll_up_day(ports, day);
    if (is_new || day >= today - kKeptCurrent) roll_up_campaigns(ports, day);
    if (!is_new) continue;
    const auto at = static_cast<std::uint64_t>(now.time_since_epoch().count());
    ports.daily.raise({day, std::string(measure::kRolledUp), "", at});
    ++fresh;
  }
  return fresh;
}

}  // namespace lamppost::core
