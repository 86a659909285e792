#include "lib/curl/retry_after.h"

#include <algorithm>
#include <array>
#include <optional>

#include "lib/base/text.h"

namespace lamppost::curl {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kLongDays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a date apart from the front; once something does not fit, everything after it fails too.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void literal(std::string_view wanted) {
    if (!text_.starts_with(wanted)) return fail();
    text_.remove_prefix(wanted.size());
  }

  template <std::size_t N>
  unsigned name(const std::array<std::string_view, N>& names) {  // from 0
    const auto found =
        std::ranges::find_if(names, [&](auto name) { return text_.starts_with(name); });
    if (found == names.end()) return fail(), 0;
    text_.remove_prefix(found->size());
    return static_cast<unsigned>(found - names.begin());
  }

  int number(std::size_t digits) {
    if (text_.size() < digits || !std::all_of(text_.begin(), text_.begin() + digits, is_digit))
      return fail(), 0;
    int value = 0;
    for (const char c : text_.substr(0, digits)) value = value * 10 + (c - '0');
    text_.remove_prefix(digits);
    return value;
  }

  // asctime pads the day of the month with a space.
  int padded_day() {
    if (!text_.starts_with(' ')) return number(2);
    text_.remove_prefix(1);
    return number(1);
  }

  Seconds clock() {
    const int hour = number(2);
    literal(":");
    const int minute = number(2);
    literal(":");
    const int second = number(2);
    if (hour > 23 || minute > 59 || second > 60) fail();  // 60: a leap second
    return Seconds{hour * 3600 + minute * 60 + second};
  }

  bool is_done() const { return good_ && text_.empty(); }

 private:
  void fail() {
    good_ = false;
    text_ = {};
  }
  std::string_view text_;
  bool good_ = true;
};

std::optional<Time> point(const Reader& reader, int year, unsigned month, int day, Seconds clock) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month + 1},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!reader.is_done() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + clock;
}

std::optional<Time> imf_fixdate(std::string_view text) {  // Sun, 06 Nov 1994 08:49:37 GMT
  Reader reader(text);
  reader.name(kDays);
  reader.literal(", ");
  const int day = reader.number(2);
  reader.literal(" ");
  const auto month = reader.name(kMonths);
  reader.literal(" ");
  const int year = reader.number(4);
  reader.literal(" ");
  const auto clock = reader.clock();
  reader.literal(" GMT");
  return point(reader, year, month, day, clock);
}

std::optional<Time> rfc850_date(std::string_view text,
                                Time now) {  // Sunday, 06-Nov-94 08:49:37 GMT
  Reader reader(text);
  reader.name(kLongDays);
  reader.literal(", ");
  const int day = reader.number(2);
  reader.literal("-");
  const auto month = reader.name(kMonths);
  reader.literal("-");
  int year = reader.number(2);
  reader.literal(" ");
  const auto clock = reader.clock();
  reader.literal(" GMT");
  // More than 50 years ahead means the last century (RFC 9110, 5.6.7).
  const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
  const int this_year = static_cast<int>(today.year());
  year += this_year - this_year % 100;
  if (year > this_year + 50) year -= 100;
  return point(reader, year, month, day, clock);
}

std::optional<Time> asctime_date(std::string_view text) {  // Sun Nov  6 08:49:37 1994
  Reader reader(text);
  reader.name(kDays);
  reader.literal(" ");
  const auto month = reader.name(kMonths);
  reader.literal(" ");
  const int day = reader.padded_day();
  reader.literal(" ");
  const auto clock = reader.clock();
  reader.literal(" ");
  const int year = reader.number(4);
  return point(reader, year, month, day, clock);
}

std::optional<Time> http_date(std::string_view text, Time now) {
  if (const auto date = imf_fixdate(text)) return date;
  if (const auto date = rfc850_date(text, now)) return date;
  return asctime_date(text);
}

}  // namespace

Seconds parse_retry_after(std::string_view value, Time now) {
  value = trimmed(value);
  if (value.empty()) return Seconds{0};
  if (std::ranges::all_of(value, is_digit)) {
    std::int64_t seconds =
        0;  // stops growing where the limit is passed, however long the number is
    for (const char c : value) seconds = std::min<std::int64_t>(seconds * 10 + (c - '0'), 86'400);
    return std::clamp(Seconds{seconds}, kShortestRest, kLongestRest);
  }
  const auto date = http_date(value, now);
  return date ? std::clamp(*date - now, kShortestRest, kLongestRest) : Seconds{0};
}

}  // namespace lamppost::curl
