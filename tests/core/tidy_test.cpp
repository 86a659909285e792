#include "lib/core/tidy.h"

#include <doctest/doctest.h>

#include "tests/core/subscribers.h"
#include "tests/fakes/memory_daily_store.h"
#include "tests/fakes/memory_errand_store.h"
#include "tests/fakes/memory_tidy_store.h"

namespace lamppost::core {
namespace {

constexpr std::chrono::days kDay{1};
constexpr Time kNow{Seconds{86'400 * 20'000 + 3600}};

struct House {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryShardStore shards;
  fakes::MemoryCensusStore census{subscriptions, campaigns};
  fakes::MemoryDailyStore daily;
  fakes::MemoryErrandStore errands;
  fakes::MemoryTidyStore store{subscriptions, campaigns, shards, census};

  SubscriptionId subscribe(const std::string& name, Time at) {
    return subscriptions.put(testing::subscription("https://fcm.googleapis.com/" + name), at).id;
  }
  CampaignId finish(std::uint8_t number, Time at) {
    NewCampaign order{};
    order.message_id[0] = number;
    const auto id = campaigns.create(order, at).id;
    shards.cut(id, 0, std::vector<SubscriptionId>{{1}});
    campaigns.set_state(id, {CampaignState::Preparing}, CampaignState::Finished, "", at);
    return id;
  }
  Tidied tidy(const StopCheck& stop = [] { return false; }) {
    return core::tidy({{census, daily, shards}, store, errands}, 365 * kDay, kNow, stop);
  }
};

TEST_SUITE("core.tidy") {
  TEST_CASE("each goes when its time is over and not before") {
    House house;
    house.subscribe("stays", kNow - 365 * kDay);
    house.subscribe("idle", kNow - 365 * kDay - Seconds{1});
    const auto undo = house.subscribe("undo", kNow - kDay);
    const auto gone = house.subscribe("gone", kNow - kDay);
    house.subscriptions.mark_gone(std::vector{undo}, kNow - 14 * kDay);
    house.subscriptions.mark_gone(std::vector{gone}, kNow - 14 * kDay - Seconds{1});
    const auto old = house.finish(1, kNow - 30 * kDay - Seconds{1});
    const auto fresh = house.finish(2, kNow - 30 * kDay);
    house.census.departures.push_back({kNow - 401 * kDay, Time{}, "fcm"});
    house.census.departures.push_back({kNow - 399 * kDay, Time{}, "fcm"});
    house.errands.grant_test({1}, kNow - kDay);

    const auto tidied = house.tidy();

    CHECK(tidied.days > 0);
    CHECK(tidied.gone == 1);
    CHECK(tidied.idle == 1);
    CHECK(tidied.campaigns == 1);
    CHECK(tidied.whole);
    CHECK(house.subscriptions.rows().size() == 2);
    CHECK(house.subscriptions.rows().contains(undo));
    CHECK_FALSE(house.shards.fates(old, 0));
    CHECK(house.shards.sum(old).counts.audience() == 1);
    CHECK(house.shards.fates(fresh, 0));
    CHECK(house.census.departures.size() == 1);
    CHECK(house.errands.rests() == 0);
    const auto again = house.tidy();
    CHECK(again.days + again.gone + again.idle + again.campaigns == 0);
  }

  TEST_CASE("days are rolled up before what they count is erased") {
    House house;
    const auto id = house.subscribe("gone", kNow - 400 * kDay);
    house.subscriptions.mark_gone(std::vector{id}, kNow - 20 * kDay);

    CHECK(house.tidy().gone == 1);

    CHECK(house.daily.of(day_of(kNow - 21 * kDay), measure::kActive) == 1);
    CHECK(house.daily.of(day_of(kNow - 20 * kDay), measure::kActive) == 0);
    CHECK(house.daily.of(day_of(kNow - 400 * kDay), measure::kJoined) == 1);
  }

  TEST_CASE("many are erased, page by page") {
    House house;
    for (int i = 0; i < 12'000; ++i) house.subscribe(std::to_string(i), Time{});
    int pages = 0;
    house.store.before = [&](std::string_view call) { pages += call == "erase"; };

    CHECK(house.tidy().idle == 12'000);
    CHECK(pages == 3);
  }

  TEST_CASE("whatever call it is killed at, the next one leaves the same") {
    for (int survived = 0;; ++survived) {
      House house;
      const auto gone = house.subscribe("gone", kNow - 40 * kDay);
      house.subscriptions.mark_gone(std::vector{gone}, kNow - 20 * kDay);
      house.subscribe("stays", kNow - 3 * kDay);
      const auto old = house.finish(1, kNow - 35 * kDay);
      int calls = 0;
      const auto kill = [&](std::string_view) {
        if (calls++ == survived) throw Failure("killed");
      };
      house.store.after = kill;
      bool crashed = false;
      try {
        house.tidy();
      } catch (const Failure&) {
        crashed = true;
      }
      house.store.after = [](std::string_view) {};

      house.tidy();

      CAPTURE(survived);
      CHECK(house.subscriptions.rows().size() == 1);
      CHECK_FALSE(house.shards.fates(old, 0));
      CHECK(house.shards.sum(old).counts.audience() == 1);
      CHECK(house.daily.of(day_of(kNow - 21 * kDay), measure::kActive) == 1);
      if (!crashed) break;
    }
  }

  TEST_CASE("asked to stop it says that it is not whole") {
    House house;
    house.subscribe("idle", Time{});
    bool stopped = false;
    house.store.before = [&](std::string_view) { stopped = true; };

    const auto tidied = house.tidy([&] { return stopped; });

    CHECK_FALSE(tidied.whole);
    CHECK(tidied.idle == 1);
    CHECK(house.tidy([] { return true; }).days == 0);
  }
}

}  // namespace
}  // namespace lamppost::core
