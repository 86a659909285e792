#include "lib/base/base64url.h"

#include <doctest/doctest.h>

#include <array>
#include <utility>

namespace lamppost {
namespace {

std::string decoded(std::string_view text) {
  const auto bytes = decode_base64url(text);
  return bytes ? std::string(as_text(*bytes)) : "(refused)";
}

TEST_SUITE("base.base64url") {
  TEST_CASE(
      "the test vectors of RFC 4648, 10 are written without padding and read with and without") {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> vectors{
        {{"", ""},
         {"f", "Zg=="},
         {"fo", "Zm8="},
         {"foo", "Zm9v"},
         {"foob", "Zm9vYg=="},
         {"fooba", "Zm9vYmE="},
         {"foobar", "Zm9vYmFy"}}};
    for (const auto& [plain, padded] : vectors) {
      CAPTURE(plain);
      const auto bare = padded.substr(0, padded.find('='));

      CHECK(encode_base64url(as_bytes(plain)) == bare);
      CHECK(decoded(padded) == plain);
      CHECK(decoded(bare) == plain);
    }
  }

  TEST_CASE("the last two digits are written as - and _ and also read as + and /") {
    const Bytes bytes{0xfb, 0xff, 0xfe};

    CHECK(encode_base64url(bytes) == "-__-");
    CHECK(decode_base64url("-__-") == bytes);
    CHECK(decode_base64url("+//+") == bytes);
  }

  TEST_CASE("every byte survives, at each of the three positions") {
    for (unsigned value = 0; value < 256; ++value) {
      CAPTURE(value);
      const auto byte = static_cast<std::uint8_t>(value);
      const Bytes bytes{byte, 0, byte, byte, 0xff};

      CHECK(decode_base64url(encode_base64url(bytes)) == bytes);
    }
  }

  TEST_CASE("mixed alphabets are refused") {
    for (const std::string text : {"-__+", "+/-_", "-/AA", "A+A_"}) {
      CAPTURE(text);
      CHECK_FALSE(decode_base64url(text));
    }
  }

  TEST_CASE("padding that is short, long, inside or alone is refused") {
    for (const std::string text : {"Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v====", "=",
                                   "==", "====", "Zg==Zg==", "Z=g=", "=Zg=",
                                   "Zm9vYg=="
                                   "="}) {
      CAPTURE(text);
      CHECK_FALSE(decode_base64url(text));
    }
  }

  TEST_CASE("a single digit at the end, which holds no whole byte, is refused") {
    CHECK_FALSE(decode_base64url("A"));
    CHECK_FALSE(decode_base64url("AAAAA"));
    CHECK_FALSE(decode_base64url("Zm9vY"));
    CHECK_FALSE(decode_base64url("Zm9vY==="));
  }

  TEST_CASE("unused bits that are set are refused, so that a value has one spelling") {
    CHECK(decoded("Zg") == "f");
    for (const std::string text : {"Zh", "Zo", "Zm9=", "Zm-", "Zm8AZh=="}) {
      CAPTURE(text);
      CHECK_FALSE(decode_base64url(text));
    }
  }

  TEST_CASE("a byte outside the alphabets is refused, wherever it stands") {
    for (unsigned value = 0; value < 256; ++value) {
      const char c = static_cast<char>(value);
      const bool digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '+' || c == '/';
      CAPTURE(value);

      CHECK(decode_base64url(std::string{c, 'A', 'A', 'A'}).has_value() == digit);
      CHECK(decode_base64url(std::string{'A', 'A', c, 'A'}).has_value() == digit);
    }
  }
}

}  // namespace
}  // namespace lamppost
