#include "lib/core/preference.h"

#include "lib/core/members.h"
#include "lib/core/subscription_form.h"

namespace lamppost::core {
namespace {

using std::chrono::minutes;

// "HH:MM", from 00:00 to 23:59.
std::optional<minutes> parse_minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto two_digits = [&](std::size_t at, int below) -> std::optional<int> {
    const int tens = text[at] - '0', ones = text[at + 1] - '0';
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return std::nullopt;
    const int number = tens * 10 + ones;
    return number < below ? std::optional(number) : std::nullopt;
  };
  const auto hour = two_digits(0, 24), minute = two_digits(3, 60);
  if (!hour || !minute) return std::nullopt;
  return minutes{*hour * 60 + *minute};
}

std::string to_text(minutes time) {
  const auto two_digits = [](std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return two_digits(time.count() / 60) + ':' + two_digits(time.count() % 60);
}

QuietHours parse_quiet_hours(const json::Object& object, Members& outer) {
  Members members(object, "quiet_hours.");
  const auto read = [&](const char* name) {
    const auto time = parse_minute_of_day(members.required_text(name, 5));
    if (!time) members.refuse(name, "must be a time of day such as 22:00");
    return time.value_or(minutes{0});
  };
  const QuietHours hours{read("from"), read("to")};
  if (hours.from == hours.to) members.refuse("to", "must be another time than from");
  if (members.error()) outer.refuse(*members.error());
  return hours;
}

bool is_null(const json::Object& body, std::string_view name) {
  const auto* value = body.find(name);
  return value && value->is_null();
}

bool is_given(const json::Object& body, std::string_view name) {
  const auto* value = body.find(name);
  return value && !value->is_null();
}

}  // namespace

Result<PreferenceChange> parse_preferences(const json::Object& body, Time now) {
  Members members(body, "");
  PreferenceChange change;
  const auto read_text = [&](const char* name, std::size_t limit, auto parse) {
    if (!is_given(body, name)) return std::optional<std::string>{};
    const auto text = parse(members.text(name, limit));
    if (!text) members.refuse(name, text.error().message);
    return text ? std::optional(*text) : std::nullopt;
  };
  change.language = read_text("language", 35, parse_language);
  change.timezone = read_text("timezone", 64, parse_timezone);
  if (is_null(body, "pause_until")) {
    change.paused_until.emplace();
  } else if (is_given(body, "pause_until")) {
    const auto latest = (now + kLongestPause).time_since_epoch().count();
    change.paused_until = Time{Seconds{members.integer("pause_until", 0, 0, latest)}};
  }
  if (is_null(body, "quiet_hours")) {
    change.quiet_hours.emplace();
  } else if (const auto* hours = members.object("quiet_hours")) {
    change.quiet_hours = parse_quiet_hours(*hours, members);
  }
  if (members.error()) return *members.error();
  return change;
}

json::Object to_json(const QuietHours& hours) {
  return {{"from", to_text(hours.from)}, {"to", to_text(hours.to)}};
}

}  // namespace lamppost::core
