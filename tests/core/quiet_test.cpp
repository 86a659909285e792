#include "lib/core/quiet.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Time kMorning{Seconds{1'800'000'000}};  // 2027-01-15, a Friday, 08:00 UTC
constexpr QuietHours kNight{hours{22}, hours{7}};

std::optional<Time> until(const QuietHours& quiet, Time now, const std::string& zone = "UTC") {
  TimeZones zones;
  return quiet_until(quiet, zone, now, zones);
}

TEST_SUITE("core.quiet") {
  TEST_CASE("hours over midnight begin and end at their minute") {
    const auto midnight = kMorning - hours{8};

    CHECK_FALSE(until(kNight, midnight - hours{2} - Seconds{1}));
    CHECK(until(kNight, midnight - hours{2}) == midnight + hours{7});
    CHECK(until(kNight, midnight) == midnight + hours{7});
    CHECK(until(kNight, midnight + hours{7} - Seconds{60}) == midnight + hours{7});
    CHECK_FALSE(until(kNight, midnight + hours{7}));
  }

  TEST_CASE("hours within a day, and none at all where both are the same") {
    const QuietHours noon{hours{12}, hours{13} + minutes{30}};

    CHECK_FALSE(until(noon, kMorning));
    CHECK(until(noon, kMorning + hours{4}) == kMorning + hours{5} + minutes{30});
    CHECK_FALSE(until(noon, kMorning + hours{5} + minutes{30}));
    CHECK_FALSE(until({hours{8}, hours{8}}, kMorning));
  }

  TEST_CASE("it is the subscriber's clock that counts, UTC's where the zone is not known") {
    CHECK_FALSE(until(kNight, kMorning, "Europe/Vienna"));
    CHECK(until(kNight, kMorning, "America/New_York") == kMorning + hours{4});  // 03:00 there
    CHECK_FALSE(until(kNight, kMorning, "Nowhere/Land"));
    CHECK(until(kNight, kMorning + hours{15}, "") == kMorning + hours{23});
  }

  TEST_CASE("a night in which the clocks change ends at seven all the same") {
    constexpr Time kSpring{Seconds{1'806'195'600}};  // 02:00 becomes 03:00
    constexpr Time kAutumn{Seconds{1'824'944'400}};  // 03:00 becomes 02:00

    CHECK(until(kNight, kSpring - hours{2}, "Europe/Vienna") == kSpring + hours{4});
    CHECK(until(kNight, kAutumn - hours{3}, "Europe/Vienna") == kAutumn + hours{5});
  }

  TEST_CASE("hours that end where the clock has none are looked at again, and are over then") {
    constexpr Time kSpring{Seconds{1'806'195'600}};
    const QuietHours odd{hours{0}, hours{2} + minutes{30}};

    const auto end = until(odd, kSpring - Seconds{60}, "Europe/Vienna");

    CHECK(end == kSpring);
    CHECK_FALSE(until(odd, *end, "Europe/Vienna"));
  }
}

}  // namespace
}  // namespace lamppost::core
