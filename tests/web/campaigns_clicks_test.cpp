// How often a campaign's links were followed, in its JSON.

#include "lib/core/order.h"
#include "lib/web/campaigns.h"
#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::body_of;

struct Desk : testing::AdminDesk {
  // One with a button, whose links are counted.
  CampaignId ordered() {
    const auto order = core::order_campaign(
        *json::parse_object(
            R"({"title":"T","url":"/n","actions":[{"title":"Buy","url":"/b"},{"title":"x"}]})"),
        site, {.icon = "", .clicks = core::ClickLinks{"walrus walrus walrus"}}, "anna", {});
    REQUIRE(order);
    return campaigns.create(*order, clock.now()).id;
  }
};

TEST_SUITE("web.campaigns_clicks") {
  TEST_CASE("a list tells each campaign's clicks, by one question to the store") {
    Desk desk;
    const auto one = desk.ordered(), two = desk.ordered();
    desk.ordered();
    for (int i = 0; i < 3; ++i) desk.clicks.count(one, "", desk.clock.now());
    desk.clicks.count(two, "0", desk.clock.now());
    int asked = 0;
    desk.clicks.before = [&](std::string_view) { ++asked; };

    const auto body = body_of(desk.ask(Method::Get, "/api/admin/campaigns"));

    std::vector<std::int64_t> clicks;
    for (const auto& campaign : *body.find("campaigns")->array())
      clicks.push_back(*campaign.object()->find("clicks")->integer());
    CHECK(clicks == std::vector<std::int64_t>{0, 1, 3});
    CHECK(asked == 1);
  }

  TEST_CASE("one campaign tells them by button and by hour") {
    Desk desk;
    const auto id = desk.ordered();
    const Time hour{Seconds{1'800'000'000}};
    desk.clicks.count(id, "", hour + Seconds{7});
    desk.clicks.count(id, "0", hour + Seconds{8});
    desk.clicks.count(id, "0", hour + Seconds{3600});

    const auto body = body_of(desk.ask(Method::Get, "/api/admin/campaigns/1"));

    CHECK(*body.find("clicks")->integer() == 3);
    CHECK(json::write(*body.find("click_actions")) ==
          R"([{"action":"","label":"","target":"https://site.example/n","clicks":1},)"
          R"({"action":"0","label":"Buy","target":"https://site.example/b","clicks":2},)"
          R"({"action":"1","label":"x","target":"https://site.example/","clicks":0}])");
    CHECK(json::write(*body.find("click_hours")) ==
          R"([{"at":1800000000,"clicks":2},{"at":1800003600,"clicks":1}])");
  }

  TEST_CASE("one whose links are not counted has neither") {
    Desk desk;
    desk.create(R"({"title":"T"})");

    const auto body = body_of(desk.ask(Method::Get, "/api/admin/campaigns/1"));

    CHECK(*body.find("clicks")->integer() == 0);
    CHECK(body.find("click_actions")->array()->empty());
    CHECK(body.find("click_hours")->array()->empty());
  }
}

}  // namespace
}  // namespace lamppost::web
