#include "lib/webpush/host_name.h"

#include <doctest/doctest.h>

#include <string>

namespace lamppost::webpush {
namespace {

TEST_SUITE("webpush.host_name") {
  TEST_CASE("names of one or many labels are host names") {
    for (const std::string name : {"a", "localhost", "fcm.googleapis.com", "wns2-par02p.notify.com",
                                   "1.2.3.example", "xn--80ak6aa92e.com", "a.b4"}) {
      CAPTURE(name);
      CHECK(is_host_name(name));
    }
  }

  TEST_CASE("empty labels, foreign characters, hyphens at an edge and addresses are not") {
    for (const std::string name :
         {"",         ".",         "a.",  ".a",   "a..b", "-a",   "a-",
          "a.-b.c",   "A",         "a_b", "a b",  "a/b",  "a:1",  "a%2e",
          "\xc3\xa4", "127.0.0.1", "1",   "0x7f", "a.1",  "a.4b", "[::1]"}) {
      CAPTURE(name);
      CHECK_FALSE(is_host_name(name));
    }
    CHECK_FALSE(is_host_name({"a\0b", 3}));
  }
}

}  // namespace
}  // namespace lamppost::webpush
