#include "lib/core/errand_message.h"

#include <doctest/doctest.h>

#include "lib/base/failure.h"
#include "lib/base/json.h"

namespace lamppost::core {
namespace {

constexpr Time kNow{Seconds{1'800'000'000}};
const Site kSite{"https://site.example", {}};

webpush::Message message(ErrandKind kind, const std::string& language,
                         const ErrandWords& words = {.site_name = "The Lamp"}, Seconds age = {}) {
  return make_errand_message({{7}, {{1}, kind, language}, kNow - age}, words, kSite, kNow);
}

json::Object notification(const webpush::Message& message) {
  const auto payload = json::parse_object(message.payload);
  REQUIRE(payload);
  CHECK(*payload->find("web_push")->integer() == 8030);
  return *payload->find("notification")->object();
}

std::string text(const json::Object& object, const char* name) {
  const auto* value = object.find(name);
  return value && value->text() ? *value->text() : "";
}

TEST_SUITE("core.errand_message") {
  TEST_CASE("a welcome names the site, opens it, and leads to the settings") {
    const auto shown = notification(message(ErrandKind::Welcome, "de-AT"));

    CHECK(text(shown, "title") == "The Lamp");
    CHECK(text(shown, "body").starts_with("Benachrichtigungen sind an."));
    CHECK(text(shown, "lang") == "de");
    CHECK(text(shown, "navigate") == "https://site.example/");
    const auto& action = *shown.find("actions")->array()->at(0).object();
    CHECK(text(action, "title") == "Einstellungen");
    CHECK(text(action, "navigate") == "https://site.example/push/preferences");
    CHECK(text(*shown.find("data")->object(), "id").size() == 22);
  }

  TEST_CASE("a test leads to the settings, and is seen again although the last one still stands") {
    const auto shown = notification(message(ErrandKind::Test, ""));

    CHECK(text(shown, "body").starts_with("This is a test"));
    CHECK(text(shown, "navigate") == "https://site.example/push/preferences");
    CHECK(text(shown, "tag") == "lamppost-test");
    CHECK(*shown.find("renotify")->boolean());
    CHECK_FALSE(shown.find("actions"));
  }

  TEST_CASE("six languages, right to left too, and English for all others") {
    for (const auto* language : {"de", "es", "fr", "pt-BR", "AR-eg"}) {
      CAPTURE(language);
      const auto shown = notification(message(ErrandKind::Test, language));
      CHECK_FALSE(text(shown, "body").starts_with("This is"));
      CHECK(text(shown, "dir") == (std::string(language) == "AR-eg" ? "rtl" : ""));
    }
    for (const auto* language : {"", "en-GB", "ja", "deu"})
      CHECK(text(notification(message(ErrandKind::Test, language)), "body").starts_with("This is"));
  }

  TEST_CASE("the owner's words stand in a welcome and not in a test") {
    const ErrandWords words{.site_name = "The Lamp",
                            .icon = "https://site.example/i.png",
                            .welcome_title = "Servus",
                            .welcome_body = "Da bist du ja"};

    const auto welcome = notification(message(ErrandKind::Welcome, "fr", words));
    const auto test = notification(message(ErrandKind::Test, "fr", words));

    CHECK(text(welcome, "title") == "Servus");
    CHECK(text(welcome, "body") == "Da bist du ja");
    CHECK(text(welcome, "lang").empty());
    CHECK(text(welcome, "icon") == "https://site.example/i.png");
    CHECK(text(test, "title") == "The Lamp");
    CHECK(text(test, "lang") == "fr");
  }

  TEST_CASE("it is urgent, and kept for as long as somebody may wait for it") {
    const auto words = ErrandWords{.site_name = "x"};

    CHECK(message(ErrandKind::Test, "").urgency == webpush::Urgency::High);
    CHECK(message(ErrandKind::Test, "", words).ttl == Seconds{600});
    CHECK(message(ErrandKind::Test, "", words, Seconds{100}).ttl == Seconds{500});
    CHECK(message(ErrandKind::Test, "", words, Seconds{599}).ttl == Seconds{60});
  }

  TEST_CASE("words that no push message holds are a failure that names them") {
    const ErrandWords words{.site_name = "x", .welcome_body = std::string(4000, 'x')};

    CHECK_THROWS_WITH_AS(message(ErrandKind::Welcome, "", words), doctest::Contains("welcome_body"),
                         Failure);
  }
}

}  // namespace
}  // namespace lamppost::core
