#include "lib/curl/retry_after.h"

#include <doctest/doctest.h>

#include <string>

using namespace lamppost;
using namespace std::chrono_literals;

namespace {

// Tue, 24 Nov 2026 12:00:00 GMT
constexpr Time kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h;

struct Row {
  std::string value;
  Seconds wanted;
};

TEST_SUITE("curl.retry_after") {
  TEST_CASE("seconds and dates are clamped to a second and an hour, garbage is none") {
    const Row rows[] = {
        {"120", 120s},
        {" 120\t", 120s},
        {"1", 1s},
        {"0", 1s},
        {"3600", 3600s},
        {"3601", 3600s},
        {"1000000000", 3600s},
        {std::string(40, '9'), 3600s},
        {std::string(10'000, '9'), 3600s},
        {"000000000000000000000000000007", 7s},
        {"", 0s},
        {"   ", 0s},
        {"-5", 0s},
        {"+5", 0s},
        {"1e9", 0s},
        {"1.5", 0s},
        {"abc", 0s},
        {"120 s", 0s},
        {"3, 5", 0s},
        {std::string(10'000, 'x'), 0s},
        {std::string("12\0", 3), 0s},
        // The three forms of a date (RFC 9110, 5.6.7)
        {"Tue, 24 Nov 2026 12:02:00 GMT", 120s},
        {"Tuesday, 24-Nov-26 12:02:00 GMT", 120s},
        {"Tue Nov 24 12:02:00 2026", 120s},
        {"Wed Nov  1 00:00:00 2028", 3600s},
        {"Tue, 24 Nov 2026 12:59:60 GMT", 3600s},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 1s},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 1s},
        {"Fri, 31 Dec 9999 23:59:59 GMT", 3600s},
        {"Tue, 24 Nov 2026 12:00:00 GMT", 1s},
        {"Tue, 24 Nov 2026 12:02:00", 0s},
        {"Tue, 24 Nov 2026 12:02:00 CET", 0s},
        {"tue, 24 nov 2026 12:02:00 GMT", 0s},
        {"Tue, 31 Feb 2026 12:02:00 GMT", 0s},
        {"Tue, 00 Nov 2026 12:02:00 GMT", 0s},
        {"Tue, 24 Nov 2026 24:00:00 GMT", 0s},
        {"Tue, 24 Nov 2026 12:02:00 GMT; x", 0s},
        {"Tue, 24 Nov 20261 12:02:00 GMT", 0s},
    };

    for (const auto& row : rows) {
      CAPTURE(row.value);
      CHECK(curl::parse_retry_after(row.value, kNow) == row.wanted);
    }
  }
}

}  // namespace
