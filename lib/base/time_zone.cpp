#include "lib/base/time_zone.h"

#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <filesystem>

namespace lamppost {
namespace {

constexpr Seconds kQuarter{15 * 60};
constexpr std::size_t kMost = 1000;  // there are 600; strangers choose the names
constexpr const char* kFolder = "/usr/share/zoneinfo/";

// The name of a file below kFolder, whatever a stranger wrote.
bool is_zone(const std::string& zone) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  std::error_code ignored;  // what cannot be looked at is no zone
  return !zone.empty() && zone.front() != '/' && std::ranges::all_of(zone, fits) &&
         std::filesystem::is_regular_file(kFolder + zone, ignored);
}

Seconds look_up(const std::string& zone, Time at) {
  // libc takes what is no file for a rule: "Foo12" would be twelve hours behind.
  if (!is_zone(zone)) return Seconds{0};
  // Set, and never unset again: other threads of ours may be reading the environment (libcurl's do
  // while they resolve a name), and only a value that is replaced leaves its table in its place.
  setenv("TZ", zone.c_str(), 1);
  tzset();
  const time_t then = at.time_since_epoch().count();
  tm local{};
  const bool known = localtime_r(&then, &local) != nullptr;
  setenv("TZ", "UTC", 1);
  tzset();
  return Seconds{known ? local.tm_gmtoff : 0};
}

}  // namespace

Seconds TimeZones::offset(const std::string& zone, Time at) {
  const auto from = at - at.time_since_epoch() % kQuarter;
  if (const auto found = known_.find(zone); found != known_.end() && found->second.from == from)
    return found->second.offset;
  if (known_.size() >= kMost) known_.clear();
  const auto offset = look_up(zone, at);
  known_[zone] = {from, offset};
  return offset;
}

}  // namespace lamppost
