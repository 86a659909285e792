#include "lib/web/clicks.h"

#include "lib/core/order.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using core::CampaignState;
using testing::header_of;

const std::string kShop = "https://shop.example/b%C3%BCcher?x=1";

struct Desk : testing::VisitorDesk {
  explicit Desk(CampaignState state = CampaignState::Preparing) { campaign = begin(state); }

  // A message to our own page, with a button to the shop.
  CampaignId begin(CampaignState state) {
    const auto given = json::parse_object(
        R"({"title":"T","url":"/n#b","actions":[{"title":"A","url":"https://shop.example/bücher?x=1"}]})");
    auto ordered =
        core::order_campaign(*given, site, {.icon = "", .clicks = click_links}, "anna", {});
    REQUIRE(ordered);
    auto order = *std::move(ordered);
    order.state = state;
    message = order.message_id;
    return campaigns.create(order, clock.now()).id;
  }
  std::string path(std::string_view action) const {
    return click_links.make(site, message, action, site.origin).substr(site.origin.size());
  }
  Request click(std::string_view action) const {
    auto asked = testing::request(Method::Get, path(action));
    asked.headers = {{"user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}};
    return asked;
  }
  std::uint64_t counted() {
    const auto sums = clicks.sums(campaign, campaign);
    return sums.contains(campaign) ? sums.at(campaign) : 0;
  }

  core::MessageId message;
  CampaignId campaign;
};

TEST_SUITE("web.clicks") {
  TEST_CASE("a click goes to the stored target, is kept by nobody, and counts for its button") {
    Desk desk;

    const auto main = desk.api.answer(desk.click(""));
    const auto button = desk.api.answer(desk.click("0"));
    desk.api.answer(desk.click("0"));

    CHECK(main.status == 302);
    CHECK(header_of(main, "Location") == "https://site.example/n#b");
    CHECK(header_of(main, "Cache-Control") == "no-store");
    CHECK(header_of(button, "Location") == kShop);
    CHECK(desk.clicks.of(desk.campaign).actions ==
          std::map<std::string, std::uint64_t>{{"", 1}, {"0", 2}});
  }

  TEST_CASE("what the query says has no say") {
    Desk desk;
    auto asked = desk.click("");
    asked.query = "url=https://evil.example/&to=//evil.example";

    CHECK(header_of(desk.api.answer(asked), "Location") == "https://site.example/n#b");
  }

  TEST_CASE("a link that is not ours letter by letter leads nowhere") {
    Desk desk;
    const auto right = desk.path("0").substr(7);
    auto upper = right, other_button = right, other_message = right;
    for (auto& c : upper) c = static_cast<char>(std::toupper(c));
    other_button[22] = '-';
    other_message[3] = right[3] == 'A' ? 'B' : 'A';

    for (const auto& token :
         {std::string("https:"), std::string("evil.example"), right.substr(1),
          right.substr(0, right.size() - 1), right + 'A', upper, other_button, other_message,
          "%" + right, std::string(39, 'A'), std::string(5000, 'A')}) {
      CAPTURE(token);
      const auto response = desk.api.answer(testing::request(Method::Get, "/api/c/" + token));
      CHECK(response.status == 404);
      CHECK(header_of(response, "Location").empty());
      CHECK(response.type == "text/plain; charset=utf-8");
    }
    CHECK(desk.counted() == 0);
  }

  TEST_CASE("a button that the message does not have leads nowhere, though it is signed") {
    Desk desk;

    CHECK(desk.api.answer(desk.click("1")).status == 404);
    CHECK(desk.counted() == 0);
  }

  TEST_CASE("who is no reader is led on and not counted") {
    Desk desk;
    std::vector<Request> asked(10, desk.click(""));
    asked[0].is_head = true;
    asked[1].headers["sec-purpose"] = "prefetch;prerender";
    asked[2].headers["purpose"] = "Prefetch";
    asked[3].headers["x-moz"] = "prefetch";
    asked[4].headers["x-purpose"] = "preview";
    asked[5].headers["user-agent"] = "Mozilla/5.0 (compatible; Googlebot/2.1)";
    asked[6].headers["user-agent"] = "TelegramBot (like TwitterBot)";
    asked[7].headers["user-agent"] = "facebookexternalhit/1.1";
    asked[8].headers["user-agent"] = "curl/7.88.1";
    asked[9].headers["user-agent"] = "Baiduspider";

    for (const auto& one : asked) {
      CAPTURE(one.header("user-agent"));
      const auto response = desk.api.answer(one);
      CHECK(response.status == 302);
      CHECK(header_of(response, "Location") == "https://site.example/n#b");
    }
    CHECK(desk.counted() == 0);
  }

  TEST_CASE("a Cubot is a phone, and no user agent at all is a reader who hides it") {
    Desk desk;
    auto phone = desk.click(""), hidden = phone;
    phone.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 13; CUBOT P60) Chrome/130.0";
    hidden.headers.erase("user-agent");

    desk.api.answer(phone);
    desk.api.answer(hidden);

    CHECK(desk.counted() == 2);
  }

  TEST_CASE("a campaign that has not begun has no clicks, but its links lead on") {
    Desk desk{CampaignState::Draft};

    CHECK(desk.api.answer(desk.click("")).status == 302);
    CHECK(desk.counted() == 0);
  }

  TEST_CASE("where counting is off, older links still lead on") {
    Desk desk;
    auto ports = desk.ports(desk.vapid_keys, desk.identity);
    ports.click_counting = false;

    const auto response = make_public_api(ports).answer(desk.click("0"));

    CHECK(header_of(response, "Location") == kShop);
    CHECK(desk.counted() == 0);
  }

  TEST_CASE("with the database away a reader comes to the front page") {
    Desk desk;
    desk.clicks.away = true;

    const auto response = desk.api.answer(desk.click("0"));

    CHECK(response.status == 302);
    CHECK(header_of(response, "Location") == "https://site.example/");
    CHECK(header_of(response, "Cache-Control") == "no-store");
  }

  TEST_CASE("a click that cannot be counted leads to its target all the same") {
    Desk desk;
    desk.clicks.before = [](std::string_view call) {
      if (call == "count") throw StoreFailure("database: read-only");
    };

    CHECK(header_of(desk.api.answer(desk.click("0")), "Location") == kShop);
  }
}

}  // namespace
}  // namespace lamppost::web
