#include "lib/core/notification.h"

#include <doctest/doctest.h>

#include <set>

namespace lamppost::core {
namespace {

const Site kSite{.origin = "https://site.example", .click_origins = {"https://shop.example"}};
const NotificationDefaults kDefaults{.ttl = Seconds{3600}, .icon = "https://site.example/i.png"};

Result<Notification> parse(std::string_view text) {
  return parse_notification(*json::parse_object(text), kSite, kDefaults);
}

// {"title":"T", <member>}
Result<Notification> parse_with(const std::string& member) {
  return parse(R"({"title":"T",)" + member + '}');
}

std::string refusal(const std::string& member) {
  const auto parsed = parse_with(member);
  return parsed ? "" : parsed.error().field + ": " + parsed.error().message;
}

std::string text_of(std::size_t size) { return '"' + std::string(size, 'x') + '"'; }

TEST_SUITE("core.notification") {
  TEST_CASE("a title alone is a notification, the rest has defaults") {
    const auto it = parse(R"({"title":"T"})");

    REQUIRE(it);
    CHECK(it->title == "T");
    CHECK(it->url == "https://site.example/");
    CHECK(it->icon == "https://site.example/i.png");
    CHECK(it->ttl == Seconds{3600});
    CHECK(it->urgency == webpush::Urgency::Normal);
    CHECK(it->body.empty());
    CHECK(it->actions.empty());
    CHECK_FALSE((it->renotify || it->silent || it->require_interaction));
  }

  TEST_CASE("every member is read") {
    const auto it = parse(R"({
      "title":"T", "body":"B\nC", "url":"/n", "icon":"/i", "image":"https://cdn.example/p",
      "badge":"/b", "tag":"t", "lang":"de-AT", "dir":"rtl", "replace":"r", "renotify":true,
      "require_interaction":true, "silent":true, "ttl":0, "urgency":"very-low",
      "actions":[{"title":"A","url":"https://shop.example/a"},{"title":"B"}], "unknown":[1]})");

    REQUIRE(it);
    CHECK(it->body == "B\nC");
    CHECK(it->url == "https://site.example/n");
    CHECK(it->icon == "https://site.example/i");
    CHECK(it->image == "https://cdn.example/p");
    CHECK(it->badge == "https://site.example/b");
    CHECK(it->tag == "t");
    CHECK(it->lang == "de-AT");
    CHECK(it->dir == "rtl");
    CHECK(it->replace == "r");
    CHECK(it->renotify);
    CHECK(it->require_interaction);
    CHECK(it->silent);
    CHECK(it->ttl == Seconds{0});
    CHECK(it->urgency == webpush::Urgency::VeryLow);
    REQUIRE(it->actions.size() == 2);
    CHECK(it->actions[0].title == "A");
    CHECK(it->actions[0].url == "https://shop.example/a");
    CHECK(it->actions[1].url == "https://site.example/");
  }

  TEST_CASE("the title must be there and say something") {
    const auto refused = [](std::string_view text) {
      const auto parsed = parse(text);
      return parsed ? "" : parsed.error().field + ": " + parsed.error().message;
    };

    CHECK(refused("{}") == "title: is missing");
    CHECK(refused(R"({"title":null})") == "title: is missing");
    CHECK(refused(R"({"title":""})") == "title: must not be empty");
    CHECK(refused(R"({"title":" \t\n"})") == "title: must not be empty");
    CHECK(refused(R"({"title":7})") == "title: must be a text");
    CHECK(refused(R"({"title":)" + text_of(500) + '}').empty());
    CHECK(refused(R"({"title":)" + text_of(501) + '}') == "title: must be at most 500 bytes");
  }

  TEST_CASE("every text refuses what is no text and what is too long") {
    const std::vector<std::pair<std::string, std::size_t>> limits{
        {"body", 3000}, {"url", 2000}, {"icon", 2000}, {"image", 2000}, {"badge", 2000},
        {"tag", 64},    {"lang", 64},  {"dir", 64},    {"urgency", 64}, {"replace", 64}};
    for (const auto& [name, limit] : limits) {
      CAPTURE(name);
      for (const std::string wrong : {"1", "true", "[]", "{}", R"(["x"])"}) {
        CAPTURE(wrong);
        CHECK(refusal('"' + name + "\":" + wrong) == name + ": must be a text");
      }
      CHECK(refusal('"' + name + "\":" + text_of(limit + 1)) ==
            name + ": must be at most " + std::to_string(limit) + " bytes");
      CHECK(refusal('"' + name + "\":null").empty());
      CHECK(refusal('"' + name + "\":\"\"").empty());
    }
    for (const auto& [name, limit] : {limits[0], limits[5], limits[9]}) {
      CAPTURE(name);
      CHECK(refusal('"' + name + "\":" + text_of(limit)).empty());
    }
  }

  TEST_CASE("switches are true or false and nothing like it") {
    for (const std::string name : {"renotify", "require_interaction", "silent"})
      for (const std::string wrong : {"1", "0", R"("true")", "[]", "{}"}) {
        CAPTURE(name);
        CAPTURE(wrong);
        CHECK(refusal('"' + name + "\":" + wrong) == name + ": must be true or false");
      }
  }

  TEST_CASE("the time to live is a whole number of seconds up to four weeks") {
    const auto wrong = "ttl: must be a whole number between 0 and 2419200";

    CHECK(parse_with(R"("ttl":2419200)")->ttl == Seconds{2'419'200});
    for (const std::string text : {"-1", "2419201", "1.5", "1e3", R"("60")", "true", "[60]",
                                   "9223372036854775807", "99999999999999999999"}) {
      CAPTURE(text);
      CHECK(refusal("\"ttl\":" + text) == wrong);
    }
  }

  TEST_CASE("urgency, direction and language are words of their standards") {
    using webpush::Urgency;
    CHECK(parse_with(R"("urgency":"low")")->urgency == Urgency::Low);
    CHECK(parse_with(R"("urgency":"high")")->urgency == Urgency::High);
    for (const std::string text : {"High", "urgent", "very-high", "very_low"}) {
      CAPTURE(text);
      CHECK(refusal(R"("urgency":")" + text + '"') ==
            "urgency: must be very-low, low, normal or high");
    }
    for (const std::string text : {"auto", "ltr", "rtl"})
      CHECK(parse_with(R"("dir":")" + text + '"'));
    for (const std::string text : {"up", "LTR", "sideways"}) {
      CAPTURE(text);
      CHECK(refusal(R"("dir":")" + text + '"') == "dir: must be auto, ltr or rtl");
    }
    for (const std::string text : {"de_AT", "de AT", "d\\u00e9", "<b>"}) {
      CAPTURE(text);
      CHECK(refusal(R"("lang":")" + text + '"') == "lang: must be a language tag such as de-AT");
    }
  }

  TEST_CASE("renotify needs a name to notify again by") {
    CHECK(refusal(R"("renotify":true)").starts_with("renotify: needs a tag or replace"));
    CHECK(refusal(R"("renotify":true,"tag":"")").starts_with("renotify: needs a tag or replace"));
    CHECK(refusal(R"("renotify":true,"tag":"t")").empty());
    CHECK(refusal(R"("renotify":true,"replace":"r")").empty());
    CHECK(refusal(R"("renotify":false)").empty());
  }

  TEST_CASE("what would send to others, or at another time, is not ignored") {
    for (const std::string name : {"variants"})
      for (const std::string value : {"{}", "1", R"("all")", "[]", "false"}) {
        CAPTURE(name);
        CAPTURE(value);
        CHECK(refusal('"' + name + "\":" + value) == name + ": is not supported by this version");
      }
  }

  TEST_CASE("links are looked at: where a click goes, and where pictures come from") {
    for (const std::string bad : {"javascript:alert(1)", "//evil.com", "https://evil.com/",
                                  "https://site.example@evil.com/", "/a b", "/a\\\\b"}) {
      CAPTURE(bad);
      CHECK(refusal(R"("url":")" + bad + '"').starts_with("url: must"));
      CHECK(refusal(R"("actions":[{"title":"A","url":")" + bad + R"("}])")
                .starts_with("actions[0].url: must"));
    }
    for (const std::string name : {"icon", "image", "badge"})
      for (const std::string bad :
           {"javascript:1", "data:image/png;base64,AA", "//evil.com/a", "http://cdn.example/a"}) {
        CAPTURE(name);
        CAPTURE(bad);
        CHECK(refusal('"' + name + "\":\"" + bad + '"') ==
              name + ": must be a path on this site or an https URL");
      }
  }

  TEST_CASE("actions are at most two, each with a title") {
    const auto two = R"({"title":"A"},{"title":"B"})";

    CHECK(refusal(std::string(R"("actions":[)") + two + ']').empty());
    CHECK(refusal(R"("actions":[])").empty());
    CHECK(refusal(std::string(R"("actions":[)") + two + R"(,{"title":"C"}])") ==
          "actions: must be a list of at most 2");
    CHECK(refusal(R"("actions":{})") == "actions: must be a list of at most 2");
    CHECK(refusal(R"("actions":["A"])") == "actions[0]: must be an object with title and url");
    CHECK(refusal(R"("actions":[null])") == "actions[0]: must be an object with title and url");
    CHECK(refusal(R"("actions":[{"title":"A"},{}])") == "actions[1].title: is missing");
    CHECK(refusal(R"("actions":[{"title":1}])") == "actions[0].title: must be a text");
    CHECK(refusal(R"("actions":[{"title":)" + text_of(65) + "}]") ==
          "actions[0].title: must be at most 64 bytes");
    CHECK(refusal(R"("actions":[{"title":"A","url":7}])") == "actions[0].url: must be a text");
  }

  TEST_CASE("message ids differ") {
    std::set<MessageId> ids;
    for (int i = 0; i < 100; ++i) ids.insert(make_message_id());

    CHECK(ids.size() == 100);
  }
}

}  // namespace
}  // namespace lamppost::core
