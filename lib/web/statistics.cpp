#include "lib/web/statistics.h"

#include "lib/core/statistics.h"
#include "lib/web/query.h"

#include <cmath>

namespace lamppost::web {
namespace {

std::int64_t seconds(Time time) { return time.time_since_epoch().count(); }

json::Object to_json(const core::DayFigures& day) {
  return {{"day", seconds(day.day)}, {"active", day.active},     {"joined", day.joined},
          {"left", day.left},        {"accepted", day.accepted}, {"failed", day.failed},
          {"gone", day.gone},        {"clicks", day.clicks}};
}

json::Object to_json(const core::AgeFigures& age) {
  return {{"from_days", std::int64_t{age.from.count()}},
          {"to_days", age.to ? json::Value(std::int64_t{age.to->count()}) : nullptr},
          {"active", age.generation.active},
          {"gone", age.generation.gone}};
}

json::Array counts(const std::vector<core::NamedCount>& named, const char* name) {
  json::Array list;
  for (const auto& count : named)
    list.push_back(json::Object{{name, count.name}, {"active", count.count}});
  return list;
}

json::Object to_json(const core::Statistics& statistics, Time now) {
  json::Array days, ages, hours;
  for (const auto& day : statistics.days) days.push_back(to_json(day));
  for (const auto& age : statistics.ages) ages.push_back(to_json(age));
  for (const auto& weekday : statistics.hours)
    hours.push_back(json::Array(weekday.begin(), weekday.end()));
  const auto& updated_at = statistics.updated_at;
  const auto& [joined, left] = statistics.today;
  return {{"now", seconds(now)},
          {"updated_at", updated_at ? json::Value(seconds(*updated_at)) : nullptr},
          {"active", statistics.active},
          {"today", json::Object{{"joined", joined}, {"left", left}}},
          {"days", std::move(days)},
          {"services", counts(statistics.services, "service")},
          {"languages", counts(statistics.languages, "language")},
          {"ages", std::move(ages)},
          {"hours", std::move(hours)},
          {"weekly_pushes", std::round(statistics.weekly_pushes * 10) / 10}};
}

}  // namespace

Response show_statistics(const Request& request, const AdminPorts& ports) {
  const auto days = query_number(request, "days", 30, 1, 400);
  if (!days) return bad_input(days.error());
  const auto now = ports.sending.clock.now();
  const auto count = std::chrono::days{static_cast<int>(*days)};
  const core::RollUpPorts numbers{ports.census, ports.daily, ports.sending.shards};
  return answer(200, to_json(core::statistics(numbers, now, count), now));
}

}  // namespace lamppost::web
