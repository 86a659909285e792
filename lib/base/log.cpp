#include "lib/base/log.h"

#include <time.h>
#include <unistd.h>

#include <array>

namespace lamppost::log {
namespace {

std::string utc_now() {
  const time_t now = time(nullptr);
  tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void write_line(std::string_view level, std::string_view event, const json::Object& fields) {
  json::Object line{{"time", utc_now()}, {"level", level}, {"event", event}};
  for (const auto& [name, value] : fields.members()) line.set(name, value);
  const auto text = json::write(line) + '\n';
  // One write a line, so that the lines of several processes do not mix.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

void notice(std::string_view event, json::Object fields) { write_line("notice", event, fields); }
void warning(std::string_view event, json::Object fields) { write_line("warning", event, fields); }
void error(std::string_view event, json::Object fields) { write_line("error", event, fields); }

}  // namespace lamppost::log
