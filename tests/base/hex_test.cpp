#include "lib/base/hex.h"

#include <doctest/doctest.h>

namespace lamppost {

TEST_SUITE("base.hex") {
  TEST_CASE("bytes are pairs of small digits, and come back") {
    const Bytes bytes{0x00, 0x0f, 0xa0, 0xff};

    CHECK(to_hex(bytes) == "000fa0ff");
    CHECK(decode_hex("000fa0ff") == bytes);
    CHECK(decode_hex("") == Bytes{});
  }

  TEST_CASE("anything else has no bytes") {
    for (const auto* text : {"0", "0F", "0g", "0x", " 00", "00 ", "0-", "abc"}) {
      CAPTURE(text);
      CHECK_FALSE(decode_hex(text));
    }
  }
}

}  // namespace lamppost
