#include "lib/mysql/daily.h"

namespace lamppost::mysql {

void Daily::raise(const core::DailyNumber& number) {
  static constexpr Statement kRaise{
      "INSERT INTO daily (day_at, measure, part, times) VALUES (?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE times = GREATEST(times, ?)",
      Repeat::Safe};
  const auto& [day, measure, part, times] = number;
  session_.change(kRaise, {day, measure, part, times, times});
}

void Daily::put(const core::DailyNumber& number) {
  static constexpr Statement kPut{
      "INSERT INTO daily (day_at, measure, part, times) VALUES (?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE times = ?",
      Repeat::Safe};
  const auto& [day, measure, part, times] = number;
  session_.change(kPut, {day, measure, part, times, times});
}

std::vector<core::DailyNumber> Daily::list(Time from, Time to) {
  static constexpr std::string_view kList =
      "SELECT day_at, measure, part, times FROM daily WHERE day_at >= ? AND day_at < ?"
      " ORDER BY day_at, measure, part";
  std::vector<core::DailyNumber> numbers;
  session_.read(kList, {from, to}, [&](const Row& row) {
    numbers.push_back({row.time(0), row.text(1), row.text(2), row.number(3)});
  });
  return numbers;
}

}  // namespace lamppost::mysql
