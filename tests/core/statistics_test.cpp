#include "lib/core/statistics.h"

#include <doctest/doctest.h>

#include "tests/core/subscribers.h"
#include "tests/fakes/memory_census_store.h"
#include "tests/fakes/memory_daily_store.h"
#include "tests/fakes/memory_shard_store.h"

namespace lamppost::core {
namespace {

using std::chrono::days;
using std::chrono::hours;

// A Wednesday, 25 November 2026.
constexpr Time kMidnight{Seconds{1'795'564'800}};
constexpr Time kNow = kMidnight + hours{10};

struct Site {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryShardStore shards;
  fakes::MemoryCensusStore census{subscriptions, campaigns};
  fakes::MemoryDailyStore daily;

  void subscribe(const std::string& name, Time at) {
    subscriptions.put(testing::subscription("https://fcm.googleapis.com/" + name), at);
  }
  void put(int ago, std::string_view name, std::uint64_t times, std::string part = "") {
    daily.put({kMidnight - days{ago}, std::string(name), std::move(part), times});
  }
  Statistics tell(int count = 30) { return statistics({census, daily, shards}, kNow, days{count}); }
};

TEST_SUITE("core.statistics") {
  TEST_CASE("a new site has today and nothing else") {
    Site site;

    const auto told = site.tell();

    CHECK_FALSE(told.updated_at);
    CHECK(told.active == 0);
    REQUIRE(told.days.size() == 1);
    CHECK(told.days[0].day == kMidnight);
    CHECK(told.services.empty());
    CHECK(told.ages.size() == 6);
    CHECK(told.weekly_pushes == 0);
  }

  TEST_CASE("days are told as they were rolled up, those that are asked for, and today as it is") {
    Site site;
    site.subscribe("a", kNow - days{3});
    site.subscribe("b", kNow);
    site.census.departures.push_back({kMidnight, kMidnight - days{9}, "fcm"});
    site.put(1, measure::kActive, 7);
    site.put(1, measure::kJoined, 6);
    site.put(1, measure::kLeft, 5);
    site.put(1, measure::kAccepted, 4);
    site.put(1, measure::kFailed, 3);
    site.put(1, measure::kGone, 2);
    site.put(1, measure::kClicks, 1, "05");
    site.put(1, measure::kService, 99, "fcm");
    site.put(1, measure::kRolledUp, 1'795'566'000);
    site.put(2, measure::kActive, 8);
    site.put(3, measure::kActive, 9);
    site.census.hours[kMidnight + hours{9}] = 4;

    const auto told = site.tell(3);

    CHECK(told.updated_at == Time{Seconds{1'795'566'000}});
    CHECK(told.active == 2);
    CHECK(told.today.joined == 1);
    CHECK(told.today.left == 1);
    REQUIRE(told.days.size() == 3);
    CHECK(told.days[0].active == 8);
    const auto& [day, active, joined, left, accepted, failed, gone, clicks] = told.days[1];
    CHECK(day == kMidnight - days{1});
    CHECK(active == 7);
    CHECK(joined == 6);
    CHECK(left == 5);
    CHECK(accepted == 4);
    CHECK(failed == 3);
    CHECK(gone == 2);
    CHECK(clicks == 1);
    CHECK(told.days[2].active == 2);
    CHECK(told.days[2].joined == 1);
    CHECK(told.days[2].clicks == 4);
    CHECK(told.hours[1][5] == 1);  // Tuesday
    CHECK(told.hours[2][9] == 4);  // Wednesday
  }

  TEST_CASE("everybody is of one age") {
    Site site;
    for (const int ago : {0, 6, 7, 29, 30, 364, 365, 4000})
      site.subscribe(std::to_string(ago), kNow - days{ago});
    site.census.departures.push_back({kNow, kNow - days{31}, "fcm"});

    std::vector<std::uint64_t> active, gone;
    for (const auto& age : site.tell().ages) {
      active.push_back(age.generation.active);
      gone.push_back(age.generation.gone);
    }

    CHECK(active == std::vector<std::uint64_t>{2, 2, 1, 0, 1, 2});
    CHECK(gone == std::vector<std::uint64_t>{0, 0, 1, 0, 0, 0});
  }

  TEST_CASE("pushes a week are those of four weeks, for each who is there") {
    Site site;
    site.subscribe("a", kNow);
    site.subscribe("b", kNow);
    site.put(27, measure::kAccepted, 40);
    site.put(28, measure::kAccepted, 1000);

    CHECK(site.tell(1).weekly_pushes == 5);
  }

  TEST_CASE("a young site is not told as if it had been there for four weeks") {
    Site site;
    site.subscribe("a", kNow);
    site.put(13, measure::kAccepted, 6);

    CHECK(site.tell().weekly_pushes == 3);
    Site newer;
    newer.subscribe("a", kNow);
    newer.put(1, measure::kAccepted, 6);
    CHECK(newer.tell().weekly_pushes == 6);
  }
}

}  // namespace
}  // namespace lamppost::core
