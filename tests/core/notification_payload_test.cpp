// The one JSON on the wire: a Declarative Web Push message and what our service worker reads.

#include <doctest/doctest.h>

#include "lib/core/notification.h"
#include "lib/webpush/encrypt.h"

namespace lamppost::core {
namespace {

const Site kSite{.origin = "https://site.example", .click_origins = {}};
constexpr MessageId kId{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255};
constexpr auto kIdText = "AAECAwQFBgcICQoLDA0O_w";  // base64url, 22 characters

Notification notification(std::string_view text) {
  const auto it = parse_notification(*json::parse_object(text), kSite, {});
  REQUIRE(it);
  return *it;
}

TEST_SUITE("core.notification_payload") {
  TEST_CASE("a title alone makes the smallest payload, which leads to the site's root") {
    CHECK(make_payload(notification(R"({"title":"T"})"), kId) ==
          std::string(R"({"web_push":8030,"notification":{"title":"T",)"
                      R"("navigate":"https://site.example/","data":{"id":")") +
              kIdText + R"("}}})");
  }

  TEST_CASE("a report is asked for where the site wants one, whatever the message says") {
    const auto wants = [](const char* text, bool report) {
      const auto it =
          parse_notification(*json::parse_object(text), kSite, {.icon = "", .report = report});
      REQUIRE(it);
      return make_payload(*it, kId).ends_with(R"("data":{"id":")" + std::string(kIdText) +
                                              R"(","report":true}}})");
    };

    CHECK(wants(R"({"title":"T"})", true));
    CHECK_FALSE(wants(R"({"title":"T","report":true})", false));
  }

  TEST_CASE("every member stands under its name of the standards, nothing beside") {
    const auto it = notification(R"({
      "title":"T", "body":"B", "url":"/n?a=1", "icon":"/i", "image":"/p", "badge":"/b", "tag":"t",
      "lang":"de", "dir":"ltr", "replace":"r", "renotify":true, "require_interaction":true,
      "silent":true, "ttl":60, "urgency":"high", "actions":[{"title":"A","url":"/a"},{"title":"B"}]})");

    CHECK(make_payload(it, kId) ==
          std::string(R"({"web_push":8030,"notification":{"title":"T",)"
                      R"("navigate":"https://site.example/n?a=1","body":"B","lang":"de",)"
                      R"("dir":"ltr","tag":"t","icon":"https://site.example/i",)"
                      R"("badge":"https://site.example/b","image":"https://site.example/p",)"
                      R"("silent":true,"renotify":true,"requireInteraction":true,"actions":[)"
                      R"({"action":"0","title":"A","navigate":"https://site.example/a"},)"
                      R"({"action":"1","title":"B","navigate":"https://site.example/"}],)"
                      R"("data":{"id":")") +
              kIdText + R"("}}})");
  }

  TEST_CASE("texts come out as they went in, whatever they hold") {
    const auto it =
        notification(R"({"title":"\"\\</script>\u2028","body":"a\n\ud83d\udd14\u0001"})");
    const auto payload = json::parse_object(make_payload(it, kId));

    REQUIRE(payload);
    const auto& inside = *payload->find("notification")->object();
    CHECK(*inside.find("title")->text() == "\"\\</script>\xe2\x80\xa8");
    CHECK(*inside.find("body")->text() == "a\n\xf0\x9f\x94\x94\x01");
  }

  TEST_CASE("a classic payload is the same without the mark of a declarative one") {
    const auto it =
        notification(R"({"title":"T","body":"B","actions":[{"title":"A","url":"/a"}]})");
    const auto payload = make_payload(it, kId);

    const auto classic = to_classic(payload);

    CHECK("{\"web_push\":8030," + classic.substr(1) == payload);
    CHECK(to_classic("").empty());
  }

  TEST_CASE("replace is the tag unless there is one, and always the topic") {
    const auto alone = notification(R"({"title":"T","replace":"score"})");
    const auto both = notification(R"({"title":"T","replace":"score","tag":"t"})");

    CHECK(make_payload(alone, kId).find(R"("tag":"score")") != std::string::npos);
    CHECK(make_payload(both, kId).find(R"("tag":"t")") != std::string::npos);
    CHECK(make_message(alone, kId)->topic == webpush::make_topic("score"));
    CHECK(make_message(both, kId)->topic == webpush::make_topic("score"));
    CHECK(make_message(notification(R"({"title":"T","tag":"t"})"), kId)->topic.empty());
  }

  TEST_CASE("the message carries payload, time to live and urgency") {
    const auto it = notification(R"({"title":"T","ttl":60,"urgency":"low"})");
    const auto message = make_message(it, kId);

    REQUIRE(message);
    CHECK(message->payload == make_payload(it, kId));
    CHECK(message->ttl == Seconds{60});
    CHECK(message->urgency == webpush::Urgency::Low);
    CHECK(message->padded_to == 0);
  }

  TEST_CASE("3993 bytes fit, and what does not fit says by how many bytes") {
    auto it = notification(R"({"title":"T","body":"B"})");
    const auto rest = make_payload(it, kId).size() - 1;
    it.body = std::string(webpush::kMaxPlaintext - rest, 'x');
    REQUIRE(make_payload(it, kId).size() == 3993);

    CHECK(make_message(it, kId));
    it.body += "yz";
    const auto refused = make_message(it, kId);

    REQUIRE_FALSE(refused);
    CHECK(refused.error().field == "message");
    CHECK(refused.error().message.starts_with("is 2 bytes too long"));
  }

  TEST_CASE("texts that escape to more than they are count as what they become") {
    auto it = notification(R"({"title":"T"})");
    it.body = std::string(3000, '\x01');  // six bytes each

    REQUIRE_FALSE(make_message(it, kId));
  }
}

}  // namespace
}  // namespace lamppost::core
