#include "lib/core/preference.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

using std::chrono::minutes;

constexpr Time kNow{Seconds{1'800'000'000}};

Result<PreferenceChange> parse(const std::string& text) {
  return parse_preferences(*json::parse_object(text), kNow);
}

std::string refusal(const std::string& text) {
  const auto parsed = parse(text);
  return parsed ? "" : parsed.error().field + ": " + parsed.error().message;
}

std::string quiet(const std::string& from, const std::string& to) {
  return R"({"quiet_hours":{"from":")" + from + R"(","to":")" + to + R"("}})";
}

TEST_SUITE("core.preference") {
  TEST_CASE("what is not said stays") {
    const auto change = parse(R"({"language":null,"timezone":null,"x":1})");

    REQUIRE(change);
    CHECK_FALSE(change->topics);
    CHECK_FALSE(change->language);
    CHECK_FALSE(change->timezone);
    CHECK_FALSE(change->user);
    CHECK_FALSE(change->paused_until);
    CHECK_FALSE(change->quiet_hours);
  }

  TEST_CASE("everything at once is read") {
    const auto change = parse(R"({"language":"de-AT","timezone":"Europe/Vienna",)"
                              R"("pause_until":1800000060,)"
                              R"("quiet_hours":{"from":"22:00","to":"07:05"}})");

    REQUIRE(change);
    CHECK(change->language == "de-AT");
    CHECK(change->timezone == "Europe/Vienna");
    CHECK(change->paused_until == std::optional(std::optional(Time{Seconds{1'800'000'060}})));
    REQUIRE(change->quiet_hours);
    CHECK(*change->quiet_hours == QuietHours{minutes{22 * 60}, minutes{7 * 60 + 5}});
    CHECK(json::write(to_json(**change->quiet_hours)) == R"({"from":"22:00","to":"07:05"})");
  }

  TEST_CASE("null ends a pause and quiet hours, an empty text what was told") {
    const auto change =
        parse(R"({"pause_until":null,"quiet_hours":null,"language":"","timezone":""})");

    REQUIRE(change);
    REQUIRE(change->paused_until);
    CHECK_FALSE(*change->paused_until);
    REQUIRE(change->quiet_hours);
    CHECK_FALSE(*change->quiet_hours);
    CHECK(change->language == "");
    CHECK(change->timezone == "");
  }

  TEST_CASE("a pause lasts a year and a day at most") {
    const auto most = 1'800'000'000 + 366 * 86'400;
    const auto until = [](const std::string& value) { return R"({"pause_until":)" + value + '}'; };

    CHECK(parse(until(std::to_string(most))));
    CHECK(parse(until("0")));
    for (const auto& wrong :
         {std::to_string(most + 1), std::string("-1"), std::string("1.5"), std::string("1e99"),
          std::string(R"("1800000060")"), std::string("true"), std::string("[]"), std::string("{}"),
          std::string("99999999999999999999")}) {
      CAPTURE(wrong);
      CHECK(refusal(until(wrong)) ==
            "pause_until: must be a whole number between 0 and " + std::to_string(most));
    }
  }

  TEST_CASE("quiet hours are two different times of day") {
    CHECK(parse(quiet("00:00", "23:59")));
    CHECK(parse(quiet("23:59", "00:00")));
    for (const std::string wrong : {"24:00", "22:60", "2:00", "22-00", "aa:00", "-1:00", "22:0",
                                    "+9:00", "22:0a", "\xc3\xa4:00", "22 00"}) {
      CAPTURE(wrong);
      CHECK(refusal(quiet(wrong, "07:00")) ==
            "quiet_hours.from: must be a time of day such as 22:00");
      CHECK(refusal(quiet("07:00", wrong)) ==
            "quiet_hours.to: must be a time of day such as 22:00");
    }
    CHECK(refusal(quiet("07:00", "07:00")) == "quiet_hours.to: must be another time than from");
    CHECK(refusal(quiet("22:00:00", "07:00")) == "quiet_hours.from: must be at most 5 bytes");
    CHECK(refusal(R"({"quiet_hours":{"from":"22:00"}})") == "quiet_hours.to: is missing");
    CHECK(refusal(R"({"quiet_hours":{"to":"22:00"}})") == "quiet_hours.from: is missing");
    CHECK(refusal(R"({"quiet_hours":{"from":22,"to":7}})") == "quiet_hours.from: must be a text");
    for (const std::string wrong : {"7", "true", "[]", R"("22:00-07:00")"}) {
      CAPTURE(wrong);
      CHECK(refusal(R"({"quiet_hours":)" + wrong + '}') == "quiet_hours: must be an object");
    }
  }

  TEST_CASE("language and time zone are looked at as when subscribing") {
    for (const std::string name : {"language", "timezone"}) {
      for (const std::string wrong : {"7", "true", "[]", "{}"}) {
        CAPTURE(wrong);
        CHECK(refusal("{\"" + name + "\":" + wrong + '}') == name + ": must be a text");
      }
      CHECK(refusal("{\"" + name + "\":\"a b\"}").starts_with(name + ": must be a"));
      CHECK(refusal("{\"" + name + "\":\"" + std::string(65, 'a') + "\"}")
                .starts_with(name + ": must be at most"));
    }
  }
}

}  // namespace
}  // namespace lamppost::core
