#include "lib/base/text.h"

#include <doctest/doctest.h>

namespace lamppost {
namespace {

using namespace std::string_view_literals;

TEST_SUITE("base.text") {
  TEST_CASE("UTF-8 of one to four bytes is taken, up to its limits") {
    for (const auto text : {""sv, "plain"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv,
                            "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv, "\xee\x80\x80"sv, "\xef\xbf\xbf"sv,
                            "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "Grüße 🏮"sv}) {
      CAPTURE(text);
      CHECK(is_utf8(text));
      CHECK(valid_utf8(text) == text);
    }
  }

  TEST_CASE("overlong, surrogate, too large, cut and stray bytes are not UTF-8 (RFC 3629, 3)") {
    for (const auto text :
         {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2\x41"sv, "\xe0\x9f\xbf"sv,
          "\xe2\x82"sv, "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x8f\xbf\xbf"sv, "\xf0\x9f\x8f"sv,
          "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "\xfe"sv, "good\xc2"sv}) {
      CAPTURE(text);
      CHECK_FALSE(is_utf8(text));
      CHECK(is_utf8(valid_utf8(text)));
    }
  }

  TEST_CASE("each bad byte becomes one replacement character and the rest stays") {
    CHECK(valid_utf8("a\xff\xc3\xa9\xe2\x82z") == "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbdz");
  }

  TEST_CASE("printable shows visible ASCII and hides what acts on a terminal or a log") {
    CHECK(printable("Hello, ~ world", 60) == "Hello, ~ world");
    CHECK(printable("a\x1b[31m\r\n\t\x7f\xc3\xa9\0z"sv, 60) ==
          "a?[31m??????"
          "?z");
    CHECK(printable("0123456789", 4) == "0123");
    CHECK(printable("", 4) == "");
  }

  TEST_CASE("ASCII is what has no byte above 7f") {
    CHECK(is_ascii(""));
    CHECK(is_ascii(std::string_view("\0 ~\x7f", 4)));
    CHECK_FALSE(is_ascii("a\xc3\xa4"));
    CHECK_FALSE(is_ascii("\x80"));
  }

  TEST_CASE("trimmed takes spaces and tabs from both ends only") {
    CHECK(trimmed(" \t a b\t ") == "a b");
    CHECK(trimmed(" \t ") == "");
    CHECK(trimmed("") == "");
    CHECK(trimmed("\n a") == "\n a");
  }

  TEST_CASE("a list is split at commas and an empty text is an empty list") {
    CHECK(split_list("") == std::vector<std::string>{});
    CHECK(split_list("  ") == std::vector<std::string>{});
    CHECK(split_list("one") == std::vector<std::string>{"one"});
    CHECK(split_list(" one ,two,\tthree ") == std::vector<std::string>{"one", "two", "three"});
  }

  TEST_CASE("an empty part of a list is kept, so that its reader can refuse it") {
    CHECK(split_list("a,,b") == std::vector<std::string>{"a", "", "b"});
    CHECK(split_list("a,") == std::vector<std::string>{"a", ""});
    CHECK(split_list(",") == std::vector<std::string>{"", ""});
  }

  TEST_CASE("lower case is a matter of ASCII") {
    CHECK(lower_case("AbZ09-_@[`{") == "abz09-_@[`{");
    CHECK(lower_case("\xc3\x84") == "\xc3\x84");
  }
}

}  // namespace
}  // namespace lamppost
