#include "lib/web/query.h"

#include <doctest/doctest.h>

namespace lamppost::web {
namespace {

Request asked(std::string query) {
  Request request;
  request.query = std::move(query);
  return request;
}

TEST_SUITE("web.query") {
  TEST_CASE("a text is decoded as a form writes it") {
    CHECK(*query_text(asked("q=J%C3%B6rg+%26%20%3d%25"), "q", 20) == "Jörg & =%");
    CHECK(query_text(asked("other=1"), "q", 20)->empty());
    CHECK(query_text(asked("q="), "q", 20)->empty());
  }

  TEST_CASE("a text that is cut off, too long, no UTF-8 or has a NUL is refused") {
    for (const auto* bad : {"q=%", "q=%4", "q=%zz", "q=%+4", "q=%-1", "q=%ff", "q=a%00b"}) {
      CAPTURE(bad);
      const auto text = query_text(asked(bad), "q", 20);
      REQUIRE_FALSE(text);
      CHECK(text.error().field == "q");
    }
    CHECK(query_text(asked("q=12345"), "q", 5));
    CHECK(query_text(asked("q=123456"), "q", 5).error().message == "must be at most 5 bytes");
  }

  TEST_CASE("a number is whole and within its bounds") {
    CHECK(*query_number(asked(""), "n", 7, 1, 9) == 7);
    CHECK(*query_number(asked("n=1"), "n", 7, 1, 9) == 1);
    CHECK(*query_number(asked("n=9"), "n", 7, 1, 9) == 9);
    for (const auto* bad : {"n=0", "n=10", "n=-1", "n=1.5", "n=1e0", "n=+1", "n=%31", "n=x",
                            "n=99999999999999999999999"}) {
      CAPTURE(bad);
      const auto number = query_number(asked(bad), "n", 7, 1, 9);
      REQUIRE_FALSE(number);
      CHECK(number.error().message == "must be a whole number between 1 and 9");
    }
  }
}

}  // namespace
}  // namespace lamppost::web
