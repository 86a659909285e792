// The list of subscribers as a file for a spreadsheet (RFC 4180).

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/preference.h"
#include "lib/web/roster.h"

#include <array>
#include <cstdio>

namespace lamppost::web {
namespace {

// A text that a spreadsheet would take for a formula begins with an apostrophe, which makes it a
// text: what is in it was written by strangers.
std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

// UTC, in the form that every spreadsheet takes for a time.
std::string cell(const std::optional<Time>& time) {
  if (!time) return {};
  const auto day = std::chrono::floor<std::chrono::days>(*time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{*time - day};
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string cell(const std::optional<core::QuietHours>& hours) {
  if (!hours) return {};
  const auto both = core::to_json(*hours);
  return *both.find("from")->text() + '-' + *both.find("to")->text();
}

std::string cell(const std::vector<std::string>& topics) {
  std::string joined;
  for (const auto& topic : topics) joined += (joined.empty() ? "" : " ") + topic;
  return cell(std::move(joined));
}

constexpr std::string_view kHead =
    "id,service,host,endpoint_tail,language,timezone,created_at,seen_at,gone_at,paused_until,"
    "quiet_hours,topics,user\r\n";

std::string line(const core::RosterEntry& entry) {
  std::string line = std::to_string(entry.id.value);
  for (const auto& text :
       {cell(entry.service), cell(entry.host), cell(entry.endpoint_tail), cell(entry.language),
        cell(entry.timezone), cell(entry.created_at), cell(entry.seen_at), cell(entry.gone_at),
        cell(entry.paused_until), cell(entry.quiet_hours), cell(entry.topics), cell(entry.user)})
    line += ',' + text;
  return line + "\r\n";
}

void write_lines(Sink& sink, const core::RosterFilter& filter, const AdminPorts& ports) {
  constexpr auto kPage = core::RosterStore::kPageLimit;
  const auto now = ports.sending.clock.now();
  sink.write(kHead);
  SubscriptionId after{};
  for (bool more = true; more;) {
    const auto page = ports.roster.list(filter, after, kPage, now);
    std::string lines;
    for (const auto& entry : page) lines += line(entry);
    if (!lines.empty() && !sink.write(lines)) return;
    more = page.size() == kPage;
    if (more) after = page.back().id;
    if (more && ports.stop()) throw Failure("the pool was asked to stop");
  }
}

}  // namespace

Response export_roster(const Request& request, const AdminPorts& ports) {
  const auto filter = read_roster_filter(request);
  if (!filter) return bad_input(filter.error());
  Response response{.type = "text/csv; charset=utf-8", .headers = {}, .body = {}, .stream = {}};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"subscribers.csv\"");
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream = [filter = *filter, ports](Sink& sink) {
    try {
      write_lines(sink, filter, ports);
    } catch (const Failure& failure) {
      // The status is gone out already: nobody shall take a part for the whole.
      log::error("export_interrupted", {{"reason", failure.what()}});
      sink.write("INCOMPLETE: the export was interrupted here; ask for it again\r\n");
    }
  };
  return response;
}

}  // namespace lamppost::web
