#include "lib/core/members.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

json::Object object(std::string_view text) { return *json::parse_object(text); }

std::string said(const Members& members) {
  return members.error() ? members.error()->field + ": " + members.error()->message : "";
}

TEST_SUITE("core.members") {
  TEST_CASE("what is not there, or null, is what stands for nothing") {
    const auto given = object(R"({"null":null})");
    for (const std::string name : {"absent", "null"}) {
      CAPTURE(name);
      Members members(given, "");

      CHECK(members.text(name, 5).empty());
      CHECK_FALSE(members.boolean(name));
      CHECK(members.integer(name, 7, 1, 9) == 7);
      CHECK(members.array(name, 5) == nullptr);
      CHECK(members.object(name) == nullptr);
      CHECK(said(members).empty());
    }
  }

  TEST_CASE("a text is counted in bytes") {
    const auto given = object(R"({"t":"\u00e4bc"})");
    Members members(given, "");

    CHECK(members.text("t", 4) ==
          "\xc3\xa4"
          "bc");
    CHECK(said(members).empty());
    CHECK(members.text("t", 3).empty());
    CHECK(said(members) == "t: must be at most 3 bytes");
  }

  TEST_CASE("every wrong type is refused by every reader") {
    for (const std::string text : {"1", "1.5", "true", "[]", "{}", R"("x")"}) {
      CAPTURE(text);
      const auto given = object(R"({"m":)" + text + '}');
      const auto refused = [&](const auto& read) {
        Members members(given, "");
        read(members);
        return said(members);
      };

      CHECK(refused([](Members& m) { m.text("m", 9); }) ==
            (text == R"("x")" ? "" : "m: must be a text"));
      CHECK(refused([](Members& m) { m.required_text("m", 9); }) ==
            (text == R"("x")" ? "" : "m: must be a text"));
      CHECK(refused([](Members& m) { m.boolean("m"); }) ==
            (text == "true" ? "" : "m: must be true or false"));
      CHECK(refused([](Members& m) { m.integer("m", 0, -1, 9); }) ==
            (text == "1" ? "" : "m: must be a whole number between -1 and 9"));
      CHECK(refused([](Members& m) { m.array("m", 3); }) ==
            (text == "[]" ? "" : "m: must be a list of at most 3"));
      CHECK(refused([](Members& m) { m.object("m"); }) ==
            (text == "{}" ? "" : "m: must be an object"));
    }
  }

  TEST_CASE("a required text is there and not white") {
    const auto given = object(R"({"null":null,"empty":"","white":" \t\r\n ","some":" x "})");
    const auto refused = [&](const std::string& name) {
      Members members(given, "");
      members.required_text(name, 9);
      return said(members);
    };

    CHECK(refused("absent") == "absent: is missing");
    CHECK(refused("null") == "null: is missing");
    CHECK(refused("empty") == "empty: must not be empty");
    CHECK(refused("white") == "white: must not be empty");
    CHECK(refused("some").empty());
  }

  TEST_CASE("a number is within its range, ends included") {
    const auto given = object(R"({"a":-1,"b":0,"c":9,"d":10,"e":1e2,"f":99999999999999999999})");
    const auto read = [&](const std::string& name) {
      Members members(given, "");
      const auto number = members.integer(name, 5, 0, 9);
      return std::pair(number, said(members).empty());
    };

    CHECK(read("a") == std::pair<std::int64_t, bool>(5, false));
    CHECK(read("b") == std::pair<std::int64_t, bool>(0, true));
    CHECK(read("c") == std::pair<std::int64_t, bool>(9, true));
    CHECK(read("d") == std::pair<std::int64_t, bool>(5, false));
    CHECK(read("e") == std::pair<std::int64_t, bool>(5, false));
    CHECK(read("f") == std::pair<std::int64_t, bool>(5, false));
  }

  TEST_CASE("a list has a limit") {
    const auto given = object(R"({"two":[1,2],"three":[1,2,3]})");
    Members members(given, "");

    REQUIRE(members.array("two", 2) != nullptr);
    CHECK(said(members).empty());
    CHECK(members.array("three", 2) == nullptr);
    CHECK(said(members) == "three: must be a list of at most 2");
  }

  TEST_CASE("the first error is kept, under its prefix") {
    const auto given = object(R"({"a":1,"b":2})");
    Members members(given, "outer.");

    members.text("a", 9);
    members.text("b", 9);
    members.refuse("c", "is odd");
    members.refuse(Error{"d", "is odd"});

    CHECK(said(members) == "outer.a: must be a text");
  }
}

}  // namespace
}  // namespace lamppost::core
