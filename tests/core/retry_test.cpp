// When a round of tries is followed by the next.

#include "lib/core/retry.h"

#include <doctest/doctest.h>

#include <array>

namespace lamppost::core {
namespace {

TEST_SUITE("core.retry") {
  TEST_CASE("5 s, 30 s, 2 min, 10 min, 30 min, then an hour each") {
    constexpr std::array kWaits{5, 30, 120, 600, 1800, 3600, 3600, 3600, 3600, 3600, 3600, 3600};
    for (std::uint32_t attempt = 1; attempt <= kMaxAttempts; ++attempt) {
      CAPTURE(attempt);
      CHECK(retry_wait(attempt, 0.5) == Seconds{kWaits[attempt - 1]});
    }
  }

  TEST_CASE("the waits are spread from a half to one and a half of that") {
    CHECK(retry_wait(3, 0.0) == Seconds{60});
    CHECK(retry_wait(3, 0.25) == Seconds{90});
    CHECK(retry_wait(3, 1.0) == Seconds{180});
    CHECK(retry_wait(6, 1.0) == Seconds{5400});
  }

  TEST_CASE("a service that asked for three seconds is not asked again after two and a half") {
    const auto asked = [](Seconds retry_after) {
      return asked_wait({.tag = 1, .status = 429, .retry_after = retry_after, .detail = {}});
    };
    CHECK(asked(Seconds{3}) == Seconds{4});  // the clock has rounded its time down
    CHECK(asked(Seconds{3600}) == Seconds{3601});
    CHECK(asked(Seconds{0}) == Seconds{0});
  }

  TEST_CASE("before the first round it is as after it, and a spread beyond its range is cut") {
    CHECK(retry_wait(0, 0.5) == Seconds{5});
    CHECK(retry_wait(3, -1.0) == Seconds{60});
    CHECK(retry_wait(3, 9.0) == Seconds{180});
  }
}

}  // namespace
}  // namespace lamppost::core
