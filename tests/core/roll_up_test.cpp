#include "lib/core/roll_up.h"

#include <doctest/doctest.h>

#include "tests/core/subscribers.h"
#include "tests/fakes/memory_census_store.h"
#include "tests/fakes/memory_daily_store.h"
#include "tests/fakes/memory_shard_store.h"

namespace lamppost::core {
namespace {

constexpr std::chrono::days kDay{1};
constexpr Time kMidnight{Seconds{86'400 * 20'000}};

struct Site {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryShardStore shards;
  fakes::MemoryCensusStore census{subscriptions, campaigns};
  fakes::MemoryDailyStore daily;

  SubscriptionId subscribe(const std::string& name, Time at, std::string language = "de") {
    auto content = testing::subscription("https://fcm.googleapis.com/" + name);
    content.language = std::move(language);
    return subscriptions.put(content, at).id;
  }
  CampaignId begin(std::uint8_t number, Time at, std::size_t recipients) {
    NewCampaign order{};
    order.message_id[0] = number;
    const auto id = campaigns.create(order, at).id;
    std::vector<SubscriptionId> ids;
    for (std::size_t i = 1; i <= recipients; ++i) ids.push_back({i});
    shards.cut(id, 0, ids);
    return id;
  }
  void settle(CampaignId id, std::size_t count, Fate fate, Time at) {
    auto shard = std::get<Shard>(shards.claim(id, {1}, at, at + Seconds{60}));
    for (const auto& handed : shard.hand_out(count))
      shard.settle(handed.position, fate, "fcm.googleapis.com", "");
    shards.advance(shard, at, at, at);
  }
  std::size_t roll(
      Time now, const StopCheck& stop = [] { return false; }) {
    return roll_up({census, daily, shards}, now, stop);
  }
};

TEST_SUITE("core.roll_up") {
  TEST_CASE("finished days are rolled up once, today is not") {
    Site site;
    site.subscribe("a", kMidnight);
    site.subscribe("b", kMidnight + kDay - Seconds{1});
    site.subscribe("c", kMidnight + kDay);
    site.census.departures.push_back({kMidnight + kDay, kMidnight - kDay, "apple"});
    const auto now = kMidnight + 2 * kDay + Seconds{100};

    CHECK(site.roll(now) == 2);

    const auto& daily = site.daily;
    CHECK(daily.of(kMidnight, measure::kJoined) == 2);
    CHECK(daily.of(kMidnight, measure::kActive) == 3);
    CHECK(daily.of(kMidnight, measure::kLeft) == 0);
    CHECK(daily.of(kMidnight + kDay, measure::kJoined) == 1);
    CHECK(daily.of(kMidnight + kDay, measure::kActive) == 3);
    CHECK(daily.of(kMidnight + kDay, measure::kLeft) == 1);
    CHECK(daily.of(kMidnight + kDay, measure::kService, "fcm") == 3);
    CHECK(daily.of(kMidnight + kDay, measure::kLanguage, "de") == 3);
    CHECK(daily.of(kMidnight + kDay, measure::kRolledUp) ==
          static_cast<std::uint64_t>(now.time_since_epoch().count()));
    CHECK(site.daily.list(kMidnight + 2 * kDay, kMidnight + 9 * kDay).empty());
    CHECK(site.roll(now + Seconds{60}) == 0);
    CHECK(site.roll(now + kDay) == 1);
  }

  TEST_CASE("a site without anybody has its yesterdays all the same") {
    Site site;

    CHECK(site.roll(kMidnight) == 1);
    CHECK(site.daily.of(kMidnight - kDay, measure::kRolledUp) > 0);
    CHECK(site.daily.of(kMidnight - kDay, measure::kActive) == 0);
  }

  TEST_CASE("no more than a good year is caught up with") {
    Site site;
    site.subscribe("a", kMidnight - 1000 * kDay);

    CHECK(site.roll(kMidnight) == 400);
  }

  TEST_CASE("campaigns count on the day on which they began, also what came later") {
    Site site;
    const auto id = site.begin(1, kMidnight + Seconds{5}, 10);
    site.begin(2, kMidnight + Seconds{6}, 10);
    site.settle(id, 6, Fate::Accepted, kMidnight + Seconds{5});
    CHECK(site.roll(kMidnight + kDay) == 1);
    CHECK(site.daily.of(kMidnight, measure::kAccepted) == 6);

    site.settle(id, 3, Fate::Gone, kMidnight + kDay);
    site.settle(id, 1, Fate::Failed, kMidnight + kDay);
    CHECK(site.roll(kMidnight + 2 * kDay) == 1);

    CHECK(site.daily.of(kMidnight, measure::kAccepted) == 6);
    CHECK(site.daily.of(kMidnight, measure::kGone) == 3);
    CHECK(site.daily.of(kMidnight, measure::kFailed) == 1);
    CHECK(site.daily.of(kMidnight + kDay, measure::kAccepted) == 0);
  }

  TEST_CASE("after a crash at any moment the next one comes to the same") {
    for (int survived = 0;; ++survived) {
      Site site, whole;
      for (auto* it : {&site, &whole}) {
        it->subscribe("a", kMidnight);
        it->subscribe("b", kMidnight + kDay, "fr-CH");
        it->settle(it->begin(1, kMidnight, 3), 3, Fate::Accepted, kMidnight);
      }
      const auto now = kMidnight + 2 * kDay;
      whole.roll(now);
      int calls = 0;
      site.daily.before = [&](std::string_view) {
        if (calls++ == survived) throw Failure("killed");
      };
      bool crashed = false;
      try {
        site.roll(now);
      } catch (const Failure&) {
        crashed = true;
      }
      site.daily.before = [](std::string_view) {};

      site.roll(now);

      CAPTURE(survived);
      CHECK(site.daily.list(Time{}, now) == whole.daily.list(Time{}, now));
      if (!crashed) break;
    }
  }

  TEST_CASE("asked to stop it stops between two days, and goes on later") {
    Site site;
    site.subscribe("a", kMidnight - 5 * kDay);
    const auto stop = [&] { return site.daily.of(kMidnight - 4 * kDay, measure::kRolledUp) > 0; };

    CHECK(site.roll(kMidnight, stop) == 2);
    CHECK(site.roll(kMidnight) == 3);
  }

  TEST_CASE("languages are told without region and case, the small ones together") {
    std::vector<CensusGroup> groups{
        {"fcm", "de-AT", 3}, {"fcm", "DE", 2}, {"apple", "", 4}, {"apple", "fr", 9}};
    const auto texts = [&] {
      std::string text;
      for (const auto& [name, count] : by_language(groups))
        text += name + ' ' + std::to_string(count) + ", ";
      return text;
    };

    CHECK(texts() == "fr 9, de 5,  4, ");
    for (int i = 0; i < 40; ++i)
      groups.push_back({"fcm", std::string{'x', static_cast<char>('A' + i)}, 1});
    const auto languages = by_language(groups);
    REQUIRE(languages.size() == kMaxLanguages);
    CHECK(languages.back().name == "other");
    std::uint64_t sum = 0;
    for (const auto& language : languages) sum += language.count;
    CHECK(sum == 58);
    CHECK(by_service(groups)[0].name == "fcm");
    CHECK(by_service(groups)[0].count == 45);
  }
}

}  // namespace
}  // namespace lamppost::core
