// What every TidyStore does.

#include <doctest/doctest.h>

#include <array>

#include "lib/mysql/campaigns.h"
#include "lib/mysql/census.h"
#include "lib/mysql/daily.h"
#include "lib/mysql/errands.h"
#include "lib/mysql/preferences.h"
#include "lib/mysql/recent.h"
#include "lib/mysql/shards.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/tidying.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/contract/shard_samples.h"
#include "tests/fakes/memory_tidy_store.h"

namespace lamppost::contract {
namespace {

using core::Fate;

struct MemoryTidy {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryShardStore shards;
  fakes::MemoryCensusStore census{subscriptions, campaigns};
  fakes::MemoryTidyStore store{subscriptions, campaigns, shards, census};

  void depart(Time left_at) { census.departures.push_back({left_at, at(0), "fcm"}); }
  std::size_t departures() { return census.departures.size(); }
};

struct RealTidy {
  RealTidy() {
    for (const auto* table :
         {"subscription", "preference", "subscription_topic", "errand_rest", "campaign", "shard",
          "shard_audience", "campaign_sums", "departure", "daily"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Subscriptions subscriptions{session};
  mysql::Campaigns campaigns{session};
  mysql::Shards shards{session};
  mysql::Tidying store{session};

  void depart(Time left_at) {
    static constexpr mysql::Statement kDepart{
        "INSERT INTO departure (left_at, joined_at, service) VALUES (?, 0, 'fcm')",
        mysql::Repeat::Safe};
    session.change(kDepart, {left_at});
  }
  std::size_t departures() { return number(session, "SELECT COUNT(*) FROM departure"); }
};

template <class Stores>
std::vector<SubscriptionId> subscribe(Stores& stores, std::size_t count, Time time) {
  std::vector<SubscriptionId> ids;
  for (std::size_t i = 0; i < count; ++i)
    ids.push_back(stores.subscriptions
                      .put(subscription(std::to_string(time.time_since_epoch().count()) + '-' +
                                        std::to_string(i)),
                           time)
                      .id);
  return ids;
}

// With two shards of three, all of them accepted but one.
template <class Stores>
CampaignId finish(Stores& stores, int number, Time time) {
  core::NewCampaign order{};
  order.message_id[0] = static_cast<std::uint8_t>(number);
  const auto id = stores.campaigns.create(order, time).id;
  for (std::uint32_t shard = 0; shard < 2; ++shard) {
    stores.shards.cut(id, shard, ids(3, 10 * shard + 1));
    auto held = std::get<core::Shard>(stores.shards.claim(id, kAnn, time, time + Seconds{60}));
    for (const auto& handed : held.hand_out(3))
      held.settle(handed.position, handed.position == 1 ? Fate::Failed : Fate::Accepted,
                  "fcm.googleapis.com", handed.position == 1 ? "403 no" : "");
    REQUIRE(stores.shards.advance(held, time, time, time));
  }
  REQUIRE(stores.campaigns.set_state(id, {core::CampaignState::Preparing},
                                     core::CampaignState::Finished, "", time));
  return id;
}

bool has_sums(const core::Progress& sum) {
  const auto service = sum.services.find("fcm.googleapis.com");
  return sum.counts[Fate::Accepted] == 4 && sum.counts[Fate::Failed] == 2 &&
         sum.counts.audience() == 6 && service != sum.services.end() &&
         service->second.counts[Fate::Accepted] == 4 && service->second.reasons.at("403 no") == 2;
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryTidy);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealTidy);

namespace lamppost::contract {

TEST_SUITE("contract.tidy_store") {
  TEST_CASE_TEMPLATE("what is gone or idle for long is erased, and nothing else", Stores,
                     MemoryTidy, RealTidy) {
    Stores stores;
    const auto old = subscribe(stores, 2, at(0));
    const auto fresh = subscribe(stores, 3, at(100));
    stores.subscriptions.mark_gone(std::vector{fresh[0]}, at(200));
    stores.subscriptions.mark_gone(std::vector{fresh[1]}, at(201));
    stores.subscriptions.mark_gone(std::vector{old[1]}, at(201));

    const auto walk = stores.store.erase({}, 10, at(201), at(100));

    CHECK(walk.gone == 1);
    CHECK(walk.idle == 1);
    CHECK(walk.over);
    CHECK(walk.last == fresh[2]);
    CHECK(stores.subscriptions.select({}, {}, 10, at(300)) == std::vector{fresh[2]});
    const auto again = stores.store.erase({}, 10, at(202), at(0));
    CHECK(again.gone == 2);
    CHECK(again.idle == 0);
  }

  TEST_CASE_TEMPLATE("all are looked at, some at a time", Stores, MemoryTidy, RealTidy) {
    Stores stores;
    subscribe(stores, 7, at(0));
    core::TidyStore::Walk walk{{}, 0, 0, false};
    std::vector<std::size_t> erased;
    while (!walk.over) {
      walk = stores.store.erase(walk.last, 3, at(0), at(1));
      erased.push_back(walk.idle);
    }

    CHECK(erased == std::vector<std::size_t>{3, 3, 1});
    CHECK(stores.subscriptions.select({}, {}, 10, at(9)).empty());
    CHECK(stores.store.erase({}, 3, at(9), at(9)).over);
  }

  TEST_CASE_TEMPLATE("sums are the same before, while and after shards are dropped", Stores,
                     MemoryTidy, RealTidy) {
    Stores stores;
    const auto id = finish(stores, 1, at(0));
    const auto sums = [&] {
      const std::array ids{id};
      return has_sums(stores.shards.sum(id)) && has_sums(stores.shards.sums(ids).front());
    };
    CHECK(sums());

    stores.store.keep_sums(id);
    CHECK(sums());
    CHECK(stores.store.drop_shards(id, 1));
    CHECK(sums());
    stores.store.keep_sums(id);
    while (stores.store.drop_shards(id, 1)) CHECK(sums());

    CHECK(sums());
    CHECK_FALSE(stores.shards.fates(id, 0));
    CHECK_FALSE(stores.shards.fates(id, 1));
    CHECK_FALSE(stores.store.drop_shards(id, 1));
  }

  TEST_CASE_TEMPLATE("a campaign has old fates until the last of them is dropped", Stores,
                     MemoryTidy, RealTidy) {
    Stores stores;
    const auto first = finish(stores, 1, at(0)), second = finish(stores, 2, at(1));
    const auto third = finish(stores, 3, at(10));
    const auto old = [&](std::size_t limit = 9) {
      return stores.store.with_old_fates(at(10), limit);
    };

    CHECK(old() == std::vector{first, second});
    CHECK(old(1) == std::vector{first});
    stores.store.keep_sums(first);
    stores.store.drop_shards(first, 1);
    CHECK(old(1) == std::vector{first});
    while (stores.store.drop_shards(first, 1)) {
    }
    CHECK(old() == std::vector{second});
    CHECK(stores.shards.fates(third, 0));
  }

  TEST_CASE_TEMPLATE("departures are forgotten when they are old, some at a time", Stores,
                     MemoryTidy, RealTidy) {
    Stores stores;
    for (const int second : {1, 5, 3, 2, 4}) stores.depart(at(second));

    CHECK(stores.store.forget_departures(at(5), 3) == 3);
    CHECK(stores.store.forget_departures(at(5), 3) == 1);
    CHECK(stores.store.forget_departures(at(5), 3) == 0);
    CHECK(stores.departures() == 1);
  }

  TEST_CASE("of one that is erased nothing stays") {
    RealTidy stores;
    const auto ids = subscribe(stores, 2, at(0));
    stores.session.execute("INSERT INTO subscription_topic SELECT id, 'news' FROM subscription");
    stores.session.execute("INSERT INTO errand_rest SELECT id, 1 FROM subscription");
    mysql::Preferences preferences{stores.session};
    core::PreferenceChange user;
    user.user = "anna";
    for (const auto id : ids) preferences.change(id, user);
    stores.subscriptions.mark_gone(std::vector{ids[0]}, at(0));

    stores.store.erase({}, 10, at(1), Time{});

    for (const auto* table : {"subscription", "preference", "subscription_topic", "errand_rest"}) {
      CAPTURE(table);
      CHECK(number(stores.session, std::string("SELECT COUNT(*) FROM ") + table) == 1);
    }
  }

  TEST_CASE("ten that tidy at once do what one does") {
    RealTidy stores;
    const auto day = Seconds{86'400};
    const auto now = at(0) + 40 * day;
    std::vector<SubscriptionId> gone = subscribe(stores, 300, at(0));
    subscribe(stores, 20, now - day);
    stores.subscriptions.mark_gone(gone, at(7));
    const auto old = finish(stores, 1, at(0)), fresh = finish(stores, 2, now - day);

    const auto members = crowd<std::size_t>(10, [&](unsigned, const auto& start) {
      mysql::Session session{login()};
      mysql::Census census{session};
      mysql::Daily daily{session};
      mysql::Shards shards{session};
      mysql::Tidying store{session};
      mysql::Errands errands{session};
      connection_of(session);
      start();
      const auto tidied = core::tidy({{census, daily, shards}, store, errands}, 365 * day, now,
                                     [] { return false; });
      return tidied.days;
    });

    CHECK(failures_of<std::size_t>(members) == std::vector<std::string>{});
    CHECK(number(stores.session, "SELECT COUNT(*) FROM subscription") == 20);
    CHECK(has_sums(stores.shards.sum(old)));
    CHECK(has_sums(stores.shards.sum(fresh)));
    CHECK_FALSE(stores.shards.fates(old, 0));
    CHECK(stores.shards.fates(fresh, 0));
    const auto of_day = [&](int ago, const std::string& measure) {
      const auto begin = core::day_of(now) - ago * day;
      return number(stores.session,
                    "SELECT COALESCE(SUM(times), 0) FROM daily WHERE measure = '" + measure +
                        "' AND day_at = " + std::to_string(begin.time_since_epoch().count()));
    };
    CHECK(of_day(40, "joined") == 300);
    CHECK(of_day(40, "active") == 0);  // gone on the same day
    CHECK(of_day(40, "accepted") == 4);
    CHECK(of_day(1, "joined") == 20);
    CHECK(of_day(1, "active") == 20);
    CHECK(of_day(1, "accepted") == 4);
    CHECK(of_day(1, "failed") == 2);
    CHECK(number(stores.session, "SELECT COUNT(*) FROM daily WHERE measure = 'rolled_up'") == 40);
  }
}

}  // namespace lamppost::contract
