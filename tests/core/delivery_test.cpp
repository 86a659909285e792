#include "lib/core/delivery.h"

#include <doctest/doctest.h>

#include "tests/fakes/memory_segment_store.h"
#include "tests/fakes/memory_topic_store.h"

namespace lamppost::core {
namespace {

constexpr Time kNow{Seconds{1'800'000'000}};

struct Names {
  Names() {
    const Topic news[] = {{"news", "News", true}};
    topics.replace(news);
    const Segment locals[] = {{"locals", "Locals", "news && lang:de || seen:7d"},
                              {"odd", "Odd", "weather"}};
    segments.replace(locals);
  }
  Result<Delivery> parse(const std::string& text) {
    return parse_delivery(*json::parse_object(text), segments, topics, kNow);
  }
  std::string refusal(const std::string& text) {
    const auto delivery = parse(text);
    INFO(text);
    REQUIRE_FALSE(delivery);
    return delivery.error().field + ": " + delivery.error().message;
  }

  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryTopicStore topics{subscriptions};
  fakes::MemorySegmentStore segments;
};

}  // namespace

TEST_SUITE("core.delivery") {
  TEST_CASE("without both it is everybody, now, and no store is asked") {
    Names names;
    names.topics.away = names.segments.away = true;
    for (const auto* text : {"{}", R"({"audience":"","send_at":null})", R"({"audience":null})",
                             R"({"audience":"lang:de"})"}) {
      const auto delivery = names.parse(text);
      REQUIRE(delivery);
      CHECK_FALSE(delivery->send_at);
    }
    CHECK(names.parse("{}")->audience.is_everybody());
  }

  TEST_CASE("segments are what they are at the moment") {
    Names names;

    const auto delivery = names.parse(R"({"audience":"!segment:locals"})");

    CHECK(delivery->audience.text() == "!(news && lang:de || seen:7d)");
  }

  TEST_CASE("a name that is not there is refused, in a segment too") {
    Names names;

    CHECK(names.refusal(R"({"audience":"nwes"})") ==
          "audience: there is no topic nwes: see /api/admin/topics");
    CHECK(names.refusal(R"({"audience":"segment:odd"})") ==
          "audience: there is no topic weather: see /api/admin/topics");
    CHECK(names.refusal(R"({"audience":"segment:none"})") ==
          "audience: there is no segment none: see /api/admin/segments");
    CHECK(names.refusal(R"({"audience":7})") == "audience: must be a text");
    CHECK(names.refusal(R"({"audience":"news &&"})").starts_with("audience: at position 8: "));
  }

  TEST_CASE("a time is from just now to within a year") {
    Names names;
    const auto at = [](std::int64_t seconds) {
      return "{\"send_at\":" + std::to_string(kNow.time_since_epoch().count() + seconds) + '}';
    };
    constexpr std::int64_t kYear = 366 * 86'400;

    CHECK(names.parse(at(10))->send_at == kNow + Seconds{10});
    CHECK(names.parse(at(-60))->send_at == kNow - Seconds{60});
    CHECK(names.parse(at(kYear))->send_at == kNow + Seconds{kYear});
    for (const auto& text :
         {at(-61), at(kYear + 1), std::string(R"({"send_at":"1800000000"})"),
          std::string(R"({"send_at":1800000000.5})"), std::string(R"({"send_at":0})"),
          std::string(R"({"send_at":9223372036854775807})"), std::string(R"({"send_at":[]})")})
      CHECK(names.refusal(text).starts_with("send_at: must be a time to come, within a year"));
  }
}

}  // namespace lamppost::core
