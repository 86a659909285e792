#include "lib/base/json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace lamppost::json {
namespace {

using namespace std::string_view_literals;

std::string refusal(std::string_view text) {
  const auto value = parse(text);
  return value ? "(taken)" : value.error().message;
}

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST_SUITE("base.json.read") {
  TEST_CASE("every kind of value is read as what it is") {
    const auto object = parse_object(
        R"( {"null":null,"yes":true,"no":false,"int":-7,"real":2.5,"text":"a","list":[1,"b",[]],"object":{"in":{}}} )");

    REQUIRE(object);
    CHECK(object->find("null")->is_null());
    CHECK(*object->find("yes")->boolean());
    CHECK_FALSE(*object->find("no")->boolean());
    CHECK(*object->find("int")->integer() == -7);
    CHECK(*object->find("real")->number() == 2.5);
    CHECK(*object->find("text")->text() == "a");
    const auto& list = *object->find("list")->array();
    REQUIRE(list.size() == 3);
    CHECK(*list[0].integer() == 1);
    CHECK(*list[1].text() == "b");
    CHECK(list[2].array()->empty());
    CHECK(object->find("object")->object()->find("in")->object()->members().empty());
  }

  TEST_CASE("asking for another kind answers nullptr, and so does a missing member") {
    const auto object = parse_object(R"({"int":1,"text":"1"})");

    REQUIRE(object);
    CHECK(object->find("absent") == nullptr);
    CHECK(object->find("int")->text() == nullptr);
    CHECK(object->find("int")->number() == nullptr);
    CHECK(object->find("int")->boolean() == nullptr);
    CHECK(object->find("text")->integer() == nullptr);
    CHECK(object->find("text")->array() == nullptr);
    CHECK(object->find("text")->object() == nullptr);
    CHECK_FALSE(object->find("text")->is_null());
  }

  TEST_CASE("members keep their order") {
    const auto object = parse_object(R"({"z":1,"a":2,"m":3})");

    REQUIRE(object);
    CHECK(object->members()[0].first == "z");
    CHECK(object->members()[1].first == "a");
    CHECK(object->members()[2].first == "m");
  }

  TEST_CASE("escapes and surrogate pairs are read as the characters they stand for") {
    const auto value = parse(R"("\"\\\/\b\f\n\r\t\u00e9\ud83c\udfee")");

    REQUIRE(value);
    CHECK(*value->text() == "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x8f\xae");
  }

  TEST_CASE("a member that is named twice is refused, however the name is spelled") {
    CHECK(refusal(R"({"a":1,"b":2,"a":3})") == "has the member \"a\" twice");
    CHECK(refusal(R"({"a":1,"\u0061":2})") == "has the member \"a\" twice");
    CHECK(refusal(R"([{"x":{"k":null,"k":null}}])") == "has the member \"k\" twice");
    CHECK(refusal("{\"\\u001b[2J\":1,\"\\u001b[2J\":1}") == "has the member \"?[2J\" twice");
    CHECK(refusal(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})") == "(taken)");
  }

  TEST_CASE("32 levels are read and the 33rd is refused, for lists, objects and both") {
    CHECK(refusal(nested(32, "[", "]")) == "(taken)");
    CHECK(refusal(nested(33, "[", "]")) == "is nested more than 32 deep");
    CHECK(refusal(nested(32, R"({"a":)", "}")) == "(taken)");
    CHECK(refusal(nested(33, R"({"a":)", "}")) == "is nested more than 32 deep");
    CHECK(refusal(nested(16, R"([{"a":)", "}]")) == "(taken)");
    CHECK(refusal(nested(16, R"([{"a":)", "}]").insert(0, "[") + "]") ==
          "is nested more than 32 deep");
  }

  TEST_CASE("a million brackets are refused without a stack of a million frames") {
    CHECK(refusal(std::string(1'000'000, '[')) == "is nested more than 32 deep");
  }

  TEST_CASE("a NUL is refused raw and escaped, in texts and in names") {
    CHECK(refusal("{}\0garbage"sv) == "has a NUL character");
    CHECK(refusal("\"a\0b\""sv) == "has a NUL character");
    CHECK(refusal(R"("a\u0000b")") == "has a NUL character in a text");
    CHECK(refusal(R"({"a\u0000b":1})") == "has a NUL character in a text");
  }

  TEST_CASE("invalid UTF-8 is refused in texts and in names") {
    for (const auto bad : {"\xff"sv, "\xc0\xaf"sv, "\xe2\x82"sv, "\xed\xa0\x80"sv,
                           "\xf4\x90\x80\x80"sv, "\x80"sv, "\xf8\x88\x80\x80\x80"sv}) {
      CAPTURE(bad);
      CHECK(refusal("\"" + std::string(bad) + "\"") ==
            "is not JSON at byte 1: Invalid encoding in string");
      CHECK_FALSE(parse("{\"" + std::string(bad) + "\":1}"));
    }
  }

  TEST_CASE("half a surrogate pair is refused, be it the first or the second") {
    for (const std::string bad : {R"("\ud83c")", R"("\udfee")", R"("\ud83cx")", R"("\ud83c\ud83c")",
                                  R"("\udfee\ud83c")", R"({"\udfee":1})", R"("\ud83c\u0041")"}) {
      CAPTURE(bad);
      CHECK_FALSE(parse(bad));
    }
  }

  TEST_CASE("integers are exact as far as 64 bits go and become doubles beyond") {
    CHECK(*parse("9223372036854775807")->integer() == INT64_MAX);
    CHECK(*parse("-9223372036854775808")->integer() == INT64_MIN);
    CHECK(*parse("9223372036854775808")->number() == 9223372036854775808.0);
    CHECK(*parse("18446744073709551615")->number() == 18446744073709551615.0);
    CHECK(*parse("18446744073709551616")->number() == 18446744073709551616.0);
    CHECK(*parse("-9223372036854775809")->number() == -9223372036854775809.0);
    CHECK(*parse("4294967296")->integer() == 4294967296);
    CHECK(*parse("1e3")->number() == 1000.0);
    CHECK(*parse("1.0")->number() == 1.0);
    CHECK(*parse("1754000000000")->integer() == 1754000000000);  // expirationTime, milliseconds
  }

  TEST_CASE("numbers that JSON does not know, or no double holds, are refused") {
    for (const std::string bad : {"01", "+1", ".5", "1.", "0x10", "NaN", "Infinity", "-Infinity",
                                  "-", "1e", "1e999", "1_000"}) {
      CAPTURE(bad);
      CHECK_FALSE(parse(bad));
    }
  }

  TEST_CASE("anything after the value is refused, blanks are not") {
    CHECK(parse(" \t\r\n{} \t\r\n"));
    for (const std::string bad :
         {"{}{}", "{} x", "1 2", "[],", "{}}", "null\x0c", "{}//", "{}/**/"}) {
      CAPTURE(bad);
      CHECK_FALSE(parse(bad));
    }
  }

  TEST_CASE("what is nearly JSON is refused") {
    for (const std::string bad : {"", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "{a:1}", "\"a",
                                  "\"\t\"", "\"\\x\"", "\"\\u12\"", "tru", "True", "undefined",
                                  "[1 2]", "{\"a\" 1}", "\xef\xbb\xbf{}", "/**/1"}) {
      CAPTURE(bad);
      CHECK_FALSE(parse(bad));
    }
  }

  TEST_CASE("the refusal says where and why, and names no field") {
    const auto value = parse(R"({"a":tru})");

    REQUIRE_FALSE(value);
    CHECK(value.error().field == "");
    CHECK(value.error().message == "is not JSON at byte 8: Invalid value");
  }

  TEST_CASE("where an object is wanted, another value is refused") {
    CHECK(parse_object("{}"));
    for (const std::string bad : {"[]", "null", "1", "\"{}\""}) {
      CAPTURE(bad);
      const auto object = parse_object(bad);
      REQUIRE_FALSE(object);
      CHECK(object.error().message == "must be a JSON object");
    }
    CHECK(parse_object("{").error().message.starts_with("is not JSON"));
  }
}

TEST_SUITE("base.json.write") {
  TEST_CASE("a value is written on one line without spaces, members in their order") {
    const Object object{{"z", nullptr}, {"yes", true}, {"int", 8030},
                        {"real", 0.5},  {"text", "a"}, {"list", Array{1, "b", Array{}, Object{}}}};

    CHECK(write(object) ==
          R"({"z":null,"yes":true,"int":8030,"real":0.5,"text":"a","list":[1,"b",[],{}]})");
  }

  TEST_CASE("integers keep their sign and size, whatever type they come from") {
    CHECK(write(INT64_MIN) == "-9223372036854775808");
    CHECK(write(INT64_MAX) == "9223372036854775807");
    CHECK(write(std::uint32_t{4294967295}) == "4294967295");
    CHECK(write(std::uint64_t{9223372036854775807}) == "9223372036854775807");
    CHECK(write(std::numeric_limits<std::uint64_t>::max()).starts_with("1844674407370955"));
  }

  TEST_CASE("control characters, quotes and backslashes are escaped") {
    CHECK(write("\"\\\n\r\t\x01") == R"("\"\\\n\r\t\u0001")");
    CHECK(write("</script> Grüße 🏮") == "\"</script> Grüße 🏮\"");
    CHECK(write("a\0b"sv) == R"("a\u0000b")");
  }

  TEST_CASE("bytes that are not UTF-8 become U+FFFD, in texts and in names") {
    CHECK(write("a\xff") == "\"a\xef\xbf\xbd\"");
    CHECK(write(Object{{"n\xc3", 1}}) == "{\"n\xef\xbf\xbd\":1}");
  }

  TEST_CASE("a number that is not finite is written as null, not as nothing") {
    CHECK(write(Array{NAN, INFINITY, -INFINITY, 1}) == "[null,null,null,1]");
  }

  TEST_CASE("what is written reads back equal") {
    const std::string text =
        R"({"a":[1,-2,3.25,1e+100,"\u0001é🏮",null,true],"b":{"c":{"d":[]}},"e":""})";
    const auto once = parse(text);
    REQUIRE(once);

    const auto twice = parse(write(*once));

    REQUIRE(twice);
    CHECK(write(*twice) == write(*once));
    CHECK(*twice->object()->find("a")->array()->at(3).number() == 1e100);
  }

  TEST_CASE("set replaces a member in its place and adds a new one at the end") {
    Object object{{"a", 1}, {"b", 2}};

    object.set("a", "new");
    object.set("c", 3);

    CHECK(write(object) == R"({"a":"new","b":2,"c":3})");
  }

  TEST_CASE("a pointer is not taken for a truth") {
    CHECK_FALSE(std::is_constructible_v<Value, const Value*>);
    CHECK_FALSE(std::is_constructible_v<Value, std::string*>);
  }
}

}  // namespace
}  // namespace lamppost::json
