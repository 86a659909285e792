#include "lib/core/click_link.h"

#include <doctest/doctest.h>

#include "lib/base/crypto.h"

namespace lamppost::core {
namespace {

const Site kSite{.origin = "https://site.example", .click_origins = {}};
constexpr MessageId kId{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255};
constexpr MessageId kOther{9};
const ClickLinks kLinks{"walrus walrus walrus"};
const std::string kBefore = "https://site.example/api/c/";

std::string token(std::string_view action, const MessageId& id = kId) {
  return kLinks.make(kSite, id, action, "https://site.example/").substr(kBefore.size());
}

TEST_SUITE("core.click_link") {
  TEST_CASE("a link is the message, the button and 96 bits of a signature") {
    // printf %s 'lamppost click AAECAwQFBgcICQoLDA0O_w-' | openssl dgst -sha256 -binary
    //   -hmac 'walrus walrus walrus' | head -c 12 | basenc --base64url
    CHECK(kLinks.make(kSite, kId, "", "https://site.example/n") ==
          kBefore + "AAECAwQFBgcICQoLDA0O_w-rmkkJ3ZmVPcYGXFM");
    CHECK(token("1") == "AAECAwQFBgcICQoLDA0O_w1eO0HmylzJenIu93X");
  }

  TEST_CASE("a link that leads to another site shows it to the service worker") {
    const auto ends = [](std::string_view target) {
      return kLinks.make(kSite, kId, "", target).ends_with('?');
    };

    CHECK(ends("https://shop.example/"));
    CHECK(ends("https://site.example.shop.example/"));
    CHECK_FALSE(ends("https://site.example/a"));
    CHECK_FALSE(ends("https://site.example"));
  }

  TEST_CASE("our own links name their message and button again") {
    for (const std::string action : {"", "0", "1"}) {
      CAPTURE(action);
      const auto named = kLinks.check(token(action));

      REQUIRE(named);
      CHECK(named->message == kId);
      CHECK(named->action == action);
    }
  }

  TEST_CASE("a token that differs in any one character is not ours") {
    const auto right = token("0");
    for (std::size_t i = 0; i < right.size(); ++i)
      for (const char c : {'A', 'b', '7', '-', '_', '0', '1', '2', '=', '%', '.', '/', '\0'}) {
        auto wrong = right;
        wrong[i] = c;
        CAPTURE(wrong);
        CHECK(kLinks.check(wrong).has_value() == (wrong == right));
      }
  }

  TEST_CASE("parts of two links make no third, and a part of one is none") {
    const auto ours = token("0"), others = token("0", kOther), main = token("");

    CHECK_FALSE(kLinks.check(others.substr(0, 23) + ours.substr(23)));
    CHECK_FALSE(kLinks.check(ours.substr(0, 22) + '-' + ours.substr(23)));
    CHECK_FALSE(kLinks.check(ours.substr(0, 23) + main.substr(23)));
    for (std::size_t length = 0; length < ours.size(); ++length)
      CHECK_FALSE(kLinks.check(ours.substr(0, length)));
    CHECK_FALSE(kLinks.check(ours + 'A'));
    CHECK_FALSE(kLinks.check(ours + ours));
  }

  TEST_CASE("another secret signs otherwise, and without one no link is ours") {
    CHECK_FALSE(ClickLinks{"walrus walrus walruS"}.check(token("")));
    CHECK_FALSE(ClickLinks{}.check(token("")));
    CHECK_FALSE(ClickLinks{}.are_made());
    CHECK(kLinks.are_made());
  }
}

}  // namespace
}  // namespace lamppost::core
