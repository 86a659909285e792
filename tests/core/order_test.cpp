#include "lib/core/order.h"

#include <doctest/doctest.h>

#include "lib/webpush/encrypt.h"

namespace lamppost::core {
namespace {

const Site kSite{.origin = "https://site.example", .click_origins = {"https://shop.example"}};
const NotificationDefaults kCounted{.icon = "", .clicks = ClickLinks{"walrus walrus walrus"}};

Result<NewCampaign> order(const std::string& message, const NotificationDefaults& defaults) {
  return order_campaign(*json::parse_object(message), kSite, defaults, "anna", {});
}

// The links in what is pushed: the notification's, then the buttons'.
std::vector<std::string> links_in(const NewCampaign& campaign) {
  const auto payload = json::parse_object(campaign.message.payload);
  REQUIRE(payload);
  const auto& notification = *payload->find("notification")->object();
  std::vector<std::string> links{*notification.find("navigate")->text()};
  if (const auto* actions = notification.find("actions"))
    for (const auto& action : *actions->array())
      links.push_back(*action.object()->find("navigate")->text());
  return links;
}

TEST_SUITE("core.order") {
  TEST_CASE("where clicks are counted, each link pushed is one of ours, and its target is kept") {
    const auto campaign = order(R"({"title":"T","url":"/n?a=1#b","actions":[
        {"title":"Buy","url":"https://shop.example/x"},{"title":"Home"}]})",
                                kCounted);

    REQUIRE(campaign);
    const auto id = campaign->message_id;
    const auto& clicks = kCounted.clicks;
    CHECK(links_in(*campaign) ==
          std::vector<std::string>{clicks.make(kSite, id, "", "https://site.example/n"),
                                   clicks.make(kSite, id, "0", "https://shop.example/x"),
                                   clicks.make(kSite, id, "1", "https://site.example/")});
    CHECK(campaign->click_targets == std::vector<ClickTarget>{{"", "https://site.example/n?a=1#b"},
                                                              {"0", "https://shop.example/x"},
                                                              {"1", "https://site.example/"}});
  }

  TEST_CASE("where they are not, the links pushed are the message's own") {
    const auto campaign = order(R"({"title":"T","url":"/n"})", {});

    REQUIRE(campaign);
    CHECK(links_in(*campaign) == std::vector<std::string>{"https://site.example/n"});
    CHECK(campaign->click_targets.empty());
  }

  TEST_CASE("the same message is known again, though its links are others each time") {
    const auto one = order(R"({"title":"T"})", kCounted), two = order(R"({"title":"T"})", kCounted);

    CHECK(one->body_sha == two->body_sha);
    CHECK(one->given == two->given);
    CHECK(links_in(*one) != links_in(*two));
  }

  TEST_CASE("the limit is that of the bytes with the counted links in them") {
    const auto with_body = [](std::size_t bytes, const NotificationDefaults& defaults) {
      return order(R"({"title":"T","url":"/","body":")" + std::string(bytes, 'b') +
                       R"(","tag":"t","image":"/)" + std::string(1000, 'i') + "\"}",
                   defaults);
    };
    std::size_t most = 0;
    for (std::size_t bytes = 2700; with_body(bytes, {}); ++bytes) most = bytes;
    REQUIRE(most > 2700);
    constexpr std::size_t kLonger = 7 + 39 - 1;  // "/api/c/" and a token, for "/"

    CHECK(with_body(most, {})->message.payload.size() == webpush::kMaxPlaintext);
    CHECK(with_body(most - kLonger, kCounted)->message.payload.size() == webpush::kMaxPlaintext);
    const auto refused = with_body(most - kLonger + 1, kCounted);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().field == "message");
    CHECK(refused.error().message.starts_with("is 1 bytes too long"));
  }
}

}  // namespace
}  // namespace lamppost::core
