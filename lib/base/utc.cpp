#include "lib/base/utc.h"

namespace lamppost {
namespace {

int number_at(std::string_view digits, std::size_t at, std::size_t size) {
  int number = 0;
  for (const char c : digits.substr(at, size)) number = number * 10 + (c - '0');
  return number;
}

bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
  return true;
}

}  // namespace

std::optional<Time> parse_utc(std::string_view text) {
  using namespace std::chrono;
  const bool has_seconds = has_form(text, "0000-00-00T00:00:00Z");
  if (!has_seconds && !has_form(text, "0000-00-00T00:00Z")) return std::nullopt;
  const year_month_day day{year{number_at(text, 0, 4)},
                           month{static_cast<unsigned>(number_at(text, 5, 2))},
                           std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  const hours hour{number_at(text, 11, 2)};
  const minutes minute{number_at(text, 14, 2)};
  const Seconds second{has_seconds ? number_at(text, 17, 2) : 0};
  if (!day.ok() || hour.count() > 23 || minute.count() > 59 || second.count() > 59)
    return std::nullopt;
  return sys_days{day} + hour + minute + second;
}

}  // namespace lamppost
