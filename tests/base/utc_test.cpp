#include "lib/base/utc.h"

#include <doctest/doctest.h>

#include <vector>

namespace lamppost {

TEST_SUITE("base.utc") {
  TEST_CASE("a time of UTC is read with and without seconds") {
    CHECK(parse_utc("1970-01-01T00:00Z") == Time{});
    CHECK(parse_utc("2027-01-15T08:00:01Z") == Time{Seconds{1'800'000'001}});
    CHECK(parse_utc("2028-02-29T23:59:59Z") == Time{Seconds{1'835'481'599}});
  }

  TEST_CASE("another form, or what is in no calendar, is none") {
    for (const auto* text : {"", "2027", "2027-01-15", "2027-01-15 08:00Z", "2027-01-15T08:00",
                             "2027-01-15T08:00+01:00", "2027-1-15T08:00Z", "2027-02-29T08:00Z",
                             "2027-13-01T08:00Z", "2027-00-01T08:00Z", "2027-01-00T08:00Z",
                             "2027-01-15T24:00Z", "2027-01-15T08:60Z", "2027-01-15T08:00:60Z",
                             "2027-01-15T08:00:00.5Z", "2027-01-15T08:00Zx", "-027-01-15T08:00Z"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_utc(text));
    }
  }
}

}  // namespace lamppost
