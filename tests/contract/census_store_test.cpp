// What every CensusStore does.

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "lib/mysql/campaigns.h"
#include "lib/mysql/census.h"
#include "lib/mysql/preferences.h"
#include "lib/mysql/subscriptions.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/fakes/memory_census_store.h"

namespace lamppost::contract {
namespace {

struct MemoryCensus {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryCensusStore store{subscriptions, campaigns};

  void depart(Time left_at, Time joined_at) {
    store.departures.push_back({left_at, joined_at, "apple"});
  }
  void click(std::uint32_t, Time hour, std::uint64_t clicks) { store.hours[hour] += clicks; }
};

struct RealCensus {
  RealCensus() {
    for (const auto* table : {"subscription", "preference", "departure", "campaign", "click"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Subscriptions subscriptions{session};
  mysql::Campaigns campaigns{session};
  mysql::Census store{session};

  void depart(Time left_at, Time joined_at) {
    static constexpr mysql::Statement kDepart{
        "INSERT INTO departure (left_at, joined_at, service) VALUES (?, ?, 'apple')",
        mysql::Repeat::Safe};
    session.change(kDepart, {left_at, joined_at});
  }
  void click(std::uint32_t campaign, Time hour, std::uint64_t clicks) {
    static constexpr mysql::Statement kClick{
        "INSERT INTO click (campaign_id, action, hour_at, clicks) VALUES (?, '', ?, ?)",
        mysql::Repeat::Safe};
    session.change(kClick, {campaign, hour, clicks});
  }
};

Time at(int second) { return Time{Seconds{1'800'000'000 + second}}; }

template <class Stores>
SubscriptionId subscribe(Stores& stores, const std::string& url, Time time,
                         std::string language = "de") {
  auto content = subscription("x");
  content.recipient.endpoint = webpush::Endpoint::trusted("https://" + url);
  content.language = std::move(language);
  return stores.subscriptions.put(content, time).id;
}

// "fcm de 2" of each group, sorted.
std::vector<std::string> texts(const std::vector<core::CensusGroup>& groups) {
  std::vector<std::string> texts;
  for (const auto& [service, language, count] : groups)
    texts.push_back(service + ' ' + language + ' ' + std::to_string(count));
  std::ranges::sort(texts);
  return texts;
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryCensus);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealCensus);

namespace lamppost::contract {

TEST_SUITE("contract.census_store") {
  using Texts = std::vector<std::string>;

  TEST_CASE_TEMPLATE("who is there is counted by service and language", Stores, MemoryCensus,
                     RealCensus) {
    Stores stores;
    CHECK(stores.store.active().empty());
    CHECK_FALSE(stores.store.first_joined());
    subscribe(stores, "fcm.googleapis.com/a", at(5));
    subscribe(stores, "fcm.googleapis.com/b", at(2));
    subscribe(stores, "fcm.googleapis.com/c", at(3), "de-AT");
    subscribe(stores, "web.push.apple.com/d", at(4), "");
    const auto gone = subscribe(stores, "web.push.apple.com/e", at(4));
    stores.subscriptions.mark_gone(std::vector{gone}, at(9));

    CHECK(texts(stores.store.active()) == Texts{"apple  1", "fcm de 2", "fcm de-AT 1"});
    CHECK(stores.store.first_joined() == at(2));
  }

  TEST_CASE_TEMPLATE("who was there at a moment is told as far as anybody knows", Stores,
                     MemoryCensus, RealCensus) {
    Stores stores;
    subscribe(stores, "fcm.googleapis.com/a", at(10));
    const auto gone = subscribe(stores, "fcm.googleapis.com/b", at(10));
    stores.subscriptions.mark_gone(std::vector{gone}, at(20));
    stores.depart(at(20), at(10));

    CHECK(stores.store.active_at(at(10)).empty());
    CHECK(texts(stores.store.active_at(at(11))) == Texts{"apple  1", "fcm de 2"});
    CHECK(texts(stores.store.active_at(at(20))) == Texts{"apple  1", "fcm de 2"});
    CHECK(texts(stores.store.active_at(at(21))) == Texts{"fcm de 1"});
  }

  TEST_CASE_TEMPLATE("who came and who left is told of a time, its end not in it", Stores,
                     MemoryCensus, RealCensus) {
    Stores stores;
    for (const int second : {9, 10, 19, 20})
      subscribe(stores, "fcm.googleapis.com/" + std::to_string(second), at(second));
    stores.depart(at(10), at(9));
    stores.depart(at(19), at(12));
    stores.depart(at(20), at(19));
    stores.depart(at(9), at(8));

    const auto turnover = stores.store.turnover(at(10), at(20));

    CHECK(turnover.joined == 4);
    CHECK(turnover.left == 2);
  }

  TEST_CASE_TEMPLATE("of those who joined at a time it is told who is left", Stores, MemoryCensus,
                     RealCensus) {
    Stores stores;
    subscribe(stores, "fcm.googleapis.com/a", at(10));
    const auto gone = subscribe(stores, "fcm.googleapis.com/b", at(19));
    subscribe(stores, "fcm.googleapis.com/c", at(20));
    stores.subscriptions.mark_gone(std::vector{gone}, at(500));
    stores.depart(at(700), at(15));
    stores.depart(at(15), at(9));

    const auto generation = stores.store.generation(at(10), at(20));

    CHECK(generation.active == 1);
    CHECK(generation.gone == 2);
  }

  TEST_CASE_TEMPLATE("campaigns count from when they began", Stores, MemoryCensus, RealCensus) {
    Stores stores;
    std::vector<CampaignId> made;
    for (const int second : {9, 10, 19, 20}) {
      core::NewCampaign campaign{};
      campaign.message_id[0] = static_cast<std::uint8_t>(second);
      made.push_back(stores.campaigns.create(campaign, at(second)).id);
    }
    core::NewCampaign draft{};
    draft.state = core::CampaignState::Draft;
    stores.campaigns.create(draft, at(15));

    CHECK(stores.store.begun(at(10), at(20)) == std::vector{made[1], made[2]});
  }

  TEST_CASE_TEMPLATE("clicks are told by the hour, of all campaigns together", Stores, MemoryCensus,
                     RealCensus) {
    Stores stores;
    stores.click(1, at(0), 2);
    stores.click(2, at(0), 3);
    stores.click(1, at(3600), 4);
    stores.click(1, at(7200), 5);
    stores.click(1, at(-3600), 6);

    const auto hours = stores.store.clicks(at(0), at(7200));

    REQUIRE(hours.size() == 2);
    CHECK(hours[0].hour == at(0));
    CHECK(hours[0].clicks == 5);
    CHECK(hours[1].hour == at(3600));
    CHECK(hours[1].clicks == 4);
  }

  TEST_CASE("a count reads an index and no row, however often it is asked for") {
    RealCensus stores;
    stores.session.execute(
        "INSERT INTO subscription (endpoint, endpoint_sha, p256dh, auth, key_id, language, "
        "timezone,"
        " created_at, seen_at) SELECT CONCAT('https://fcm.googleapis.com/', seq),"
        " UNHEX(LPAD(HEX(seq), 64, '0')), '', '', 1, 'de', '', 1800000000, 0 FROM seq_1_to_5000");
    const auto pages = [&] {
      return number(stores.session,
                    "SELECT variable_value FROM information_schema.global_status"
                    " WHERE variable_name = 'INNODB_BUFFER_POOL_READ_REQUESTS'");
    };
    // While any transaction runs, InnoDB asks the row whether its entry is to be seen: those that
    // an earlier test has left end first.
    const auto running = [&] {
      return number(stores.session, "SELECT COUNT(*) FROM information_schema.innodb_trx");
    };
    for (int tries = 0; tries < 300 && running() != 0; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    REQUIRE(running() == 0);
    const auto before = pages();

    for (int i = 0; i < 6; ++i) {
      CHECK(stores.store.active().at(0).count == 5000);
      CHECK(stores.store.active_at(at(1)).at(0).count == 5000);
      CHECK(stores.store.generation(at(0), at(1)).active == 5000);
    }

    CHECK(pages() - before < 10'000);  // each row once more would be 90 000 and more
  }

  TEST_CASE("who leaves by itself leaves a trace that does not tell who it was") {
    RealCensus stores;
    mysql::Preferences preferences{stores.session};
    subscribe(stores, "fcm.googleapis.com/a", at(7));
    core::PreferenceChange user;
    user.user = "anna";
    for (const auto* url : {"web.push.apple.com/b", "web.push.apple.com/c"})
      preferences.change(subscribe(stores, url, at(8)), user);

    stores.subscriptions.remove("https://fcm.googleapis.com/a");
    stores.subscriptions.remove("https://fcm.googleapis.com/a");
    stores.subscriptions.remove("https://fcm.googleapis.com/never");
    preferences.erase_devices("anna");
    preferences.erase_devices("anna");

    const auto rows = [&](const std::string& where) {
      return number(stores.session, "SELECT COUNT(*) FROM departure WHERE " + where);
    };
    CHECK(rows("1 = 1") == 3);
    CHECK(rows("service = 'fcm' AND joined_at = 1800000007") == 1);
    CHECK(rows("service = 'apple' AND joined_at = 1800000008") == 2);
    CHECK(rows("left_at BETWEEN UNIX_TIMESTAMP() - 60 AND UNIX_TIMESTAMP()") == 3);
  }
}

}  // namespace lamppost::contract
