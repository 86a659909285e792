// What every ClickStore does, with the targets that CampaignStore::create has stored.

#include <doctest/doctest.h>

#include "lib/mysql/campaigns.h"
#include "lib/mysql/clicks.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_click_store.h"

namespace lamppost::contract {
namespace {

using enum core::CampaignState;

constexpr Time kNow{Seconds{1'800'000'000}};  // a full hour
constexpr Seconds kHour{3600};
constexpr core::MessageId kMessage{1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ' '};
constexpr core::MessageId kOther{9};
const std::vector<core::ClickTarget> kTargets{{"", "https://site.example/b\xc3\xbc?a=1#c"},
                                              {"0", "https://shop.example/"},
                                              {"1", "https://site.example/"}};

core::NewCampaign order(const core::MessageId& message, core::CampaignState state = Preparing) {
  core::NewCampaign order{};
  order.message_id = message;
  order.state = state;
  order.click_targets = kTargets;
  return order;
}

struct MemoryClicks {
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryClickStore store{campaigns};
};

struct RealClicks {
  RealClicks() {
    for (const auto* table : {"campaign", "click_target", "click"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Campaigns campaigns{session};
  mysql::Clicks store{session};
};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryClicks);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealClicks);

namespace lamppost::contract {

TEST_SUITE("contract.click_store") {
  TEST_CASE_TEMPLATE("a link leads to where its campaign was given", Stores, MemoryClicks,
                     RealClicks) {
    Stores at;
    const auto id = at.campaigns.create(order(kMessage), kNow).id;

    for (const auto& [action, url] : kTargets) {
      CAPTURE(action);
      const auto destination = at.store.find(kMessage, action);
      REQUIRE(destination);
      CHECK(destination->url == url);
      CHECK(destination->campaign == id);
    }
    CHECK_FALSE(at.store.find(kOther, ""));
    CHECK_FALSE(at.store.find(kMessage, "2"));
  }

  TEST_CASE_TEMPLATE("one of a campaign that has not begun has no campaign yet", Stores,
                     MemoryClicks, RealClicks) {
    Stores at;
    at.campaigns.create(order(kMessage, Draft), kNow);

    const auto destination = at.store.find(kMessage, "0");

    REQUIRE(destination);
    CHECK(destination->url == "https://shop.example/");
    CHECK_FALSE(destination->campaign);
  }

  TEST_CASE_TEMPLATE("to create a campaign once more changes nothing of its links", Stores,
                     MemoryClicks, RealClicks) {
    Stores at;
    const auto id = at.campaigns.create(order(kMessage), kNow).id;

    CHECK(at.campaigns.create(order(kMessage), kNow).id == id);

    CHECK(at.store.of(id).targets == kTargets);
  }

  TEST_CASE_TEMPLATE("a campaign that was known by its key leaves no links of the second order",
                     Stores, MemoryClicks, RealClicks) {
    Stores at;
    auto first = order(kMessage), second = order(kOther);
    first.request_key = second.request_key = "the key";
    const auto id = at.campaigns.create(first, kNow).id;

    CHECK_FALSE(at.campaigns.create(second, kNow).fresh);

    CHECK_FALSE(at.store.find(kOther, ""));
    CHECK(at.store.of(id).targets == kTargets);
  }

  TEST_CASE_TEMPLATE("clicks are counted by campaign, button and hour", Stores, MemoryClicks,
                     RealClicks) {
    Stores at;
    const auto one = at.campaigns.create(order(kMessage), kNow).id;
    const auto two = at.campaigns.create(order(kOther), kNow).id;

    at.store.count(one, "", kNow);
    at.store.count(one, "", kNow + kHour - Seconds{1});
    at.store.count(one, "1", kNow + kHour);
    at.store.count(two, "0", kNow);

    const auto clicks = at.store.of(one);
    CHECK(clicks.actions == std::map<std::string, std::uint64_t>{{"", 2}, {"1", 1}});
    CHECK(clicks.hours == std::map<Time, std::uint64_t>{{kNow, 2}, {kNow + kHour, 1}});
    CHECK(at.store.sums(one, two) == std::map<CampaignId, std::uint64_t>{{one, 3}, {two, 1}});
    CHECK(at.store.sums(two, two) == std::map<CampaignId, std::uint64_t>{{two, 1}});
    CHECK(at.store.sums({two.value + 1}, {two.value + 9}).empty());
  }

  TEST_CASE("a thousand clicks of ten workers at once are a thousand") {
    RealClicks at;
    const auto id = at.campaigns.create(order(kMessage), kNow).id;

    const auto members = crowd<bool>(10, [&](unsigned, const auto& start) {
      mysql::Session session{login()};
      mysql::Clicks store{session};
      store.sums(id, id);
      start();
      for (int i = 0; i < 100; ++i) store.count(id, "", kNow);
      return true;
    });

    CHECK(failures_of<bool>(members).empty());
    CHECK(at.store.of(id).actions.at("") == 1000);
  }
}

}  // namespace lamppost::contract
