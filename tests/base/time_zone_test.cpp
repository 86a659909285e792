#include "lib/base/time_zone.h"

#include <doctest/doctest.h>

namespace lamppost {
namespace {

constexpr Time kWinter{Seconds{1'800'000'000}};  // 2027-01-15 08:00 UTC
constexpr Time kSummer{Seconds{1'815'000'000}};  // 2027-07-07

TEST_SUITE("base.time_zone") {
  TEST_CASE("summer and winter, north and south, and quarters of an hour") {
    TimeZones zones;

    CHECK(zones.offset("Europe/Vienna", kWinter) == Seconds{3600});
    CHECK(zones.offset("Europe/Vienna", kSummer) == Seconds{7200});
    CHECK(zones.offset("Australia/Sydney", kWinter) == Seconds{11 * 3600});
    CHECK(zones.offset("Australia/Sydney", kSummer) == Seconds{10 * 3600});
    CHECK(zones.offset("America/New_York", kWinter) == Seconds{-5 * 3600});
    CHECK(zones.offset("Asia/Kathmandu", kWinter) == Seconds{5 * 3600 + 45 * 60});
    CHECK(zones.offset("Etc/GMT+5", kWinter) == Seconds{-5 * 3600});
    CHECK(zones.offset("UTC", kWinter) == Seconds{0});
  }

  TEST_CASE("the change is seen at its second (2027-03-28 01:00 UTC)") {
    constexpr Time kChange{Seconds{1'806'195'600}};
    TimeZones zones;

    CHECK(zones.offset("Europe/Vienna", kChange - Seconds{1}) == Seconds{3600});
    CHECK(zones.offset("Europe/Vienna", kChange) == Seconds{7200});
    CHECK(zones.offset("Europe/Vienna", kChange - Seconds{1}) == Seconds{3600});
  }

  TEST_CASE("what is no zone of the system's is UTC, also what libc would take for a rule") {
    TimeZones zones;

    for (const auto* none :
         {"", "Nowhere/Land", "Foo12", "CET-1CEST,M3.5.0,M10.5.0/3", "Europe",
          "../../../etc/passwd", "/usr/share/zoneinfo/Europe/Vienna", ":Vienna"}) {
      CAPTURE(none);
      CHECK(zones.offset(none, kSummer) == Seconds{0});
    }
    CHECK(zones.offset("Europe/Vienna", kSummer) == Seconds{7200});
  }
}

}  // namespace
}  // namespace lamppost
