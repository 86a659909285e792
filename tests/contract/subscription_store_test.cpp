// What every SubscriptionStore does, and a page of what the table's real one meets.

#include <doctest/doctest.h>

#include "lib/mysql/subscriptions.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/fakes/memory_subscription_store.h"

namespace lamppost::contract {
namespace {

using std::chrono::minutes;
constexpr core::QuietHours kQuiet{minutes{1320}, minutes{420}};

struct Memory {
  fakes::MemorySubscriptionStore store;
  void rest(SubscriptionId id, Time paused_until) {
    store.rows().at(id).paused_until = paused_until;
    store.rows().at(id).quiet_hours = kQuiet;
  }
};

struct Real {
  Real() {
    session.execute("DELETE FROM subscription");
    session.execute("DELETE FROM preference");
  }
  void rest(SubscriptionId id, Time paused_until) {
    session.execute(
        "INSERT INTO preference (subscription_id, paused_until, quiet_from, quiet_to)"
        " VALUES (" +
        std::to_string(id.value) + ", " + std::to_string(paused_until.time_since_epoch().count()) +
        ", 1320, 420)");
  }
  mysql::Session session{login()};
  mysql::Subscriptions store{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr Time kLater{Seconds{1'800'000'060}};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::Memory);
TYPE_TO_STRING_AS("mysql", lamppost::contract::Real);

namespace lamppost::contract {

using Ids = std::vector<SubscriptionId>;

TEST_SUITE("contract.subscription_store") {
  TEST_CASE_TEMPLATE("an endpoint is created once and keeps its id", Stores, Memory, Real) {
    Stores at;

    const auto first = at.store.put(subscription("a"), kNow);
    const auto same = at.store.put(subscription("a"), kNow);
    const auto later = at.store.put(subscription("a", 1), kLater);

    CHECK(first.created);
    CHECK_FALSE(same.created);
    CHECK_FALSE(later.created);
    CHECK(same.id == first.id);
    CHECK(later.id == first.id);
    CHECK(at.store.select({}, {0}, 10, kNow) == Ids{first.id});
  }

  TEST_CASE_TEMPLATE("a refresh replaces the keys", Stores, Memory, Real) {
    Stores at;
    const auto id = at.store.put(subscription("a", 1), kNow).id;

    at.store.put(subscription("a", 2), kLater);

    const auto found = at.store.read(Ids{id});
    REQUIRE(found.size() == 1);
    CHECK(same_content(found[0], subscription("a", 2)));
  }

  TEST_CASE_TEMPLATE("every byte of a key and every length of an endpoint comes back", Stores,
                     Memory, Real) {
    Stores at;

    for (unsigned seed = 0; seed < 300; ++seed) {
      CAPTURE(seed);
      // Short after long and long after short, through the same prepared statement.
      const auto size = seed % 3 == 0 ? 2048 : 60 + seed;
      const auto given = subscription(std::string(size - endpoint_url("").size(), 'e'), seed);
      const auto id = at.store.put(given, kNow).id;
      const auto found = at.store.read(Ids{id});
      REQUIRE(found.size() == 1);
      CHECK(found[0].id == id);
      CHECK(same_content(found[0], given));
    }
  }

  TEST_CASE_TEMPLATE("endpoints that differ in case or at the end are two", Stores, Memory, Real) {
    Stores at;

    const auto lower = at.store.put(subscription("abc"), kNow).id;
    const auto upper = at.store.put(subscription("ABC"), kNow).id;
    const auto longer = at.store.put(subscription("abc."), kNow).id;

    CHECK(at.store.select({}, {0}, 10, kNow) == Ids{lower, upper, longer});
  }

  TEST_CASE_TEMPLATE("remove erases that endpoint and no other", Stores, Memory, Real) {
    Stores at;
    const auto kept = at.store.put(subscription("A"), kNow).id;
    at.store.put(subscription("a"), kNow);

    CHECK(at.store.remove(endpoint_url("a")));
    CHECK_FALSE(at.store.remove(endpoint_url("a")));
    CHECK_FALSE(at.store.remove(""));
    CHECK_FALSE(at.store.remove("\xff\xfe"));
    CHECK_FALSE(at.store.remove(endpoint_url("\xc3\xa9")));
    CHECK_FALSE(at.store.remove(std::string_view("a\0b", 3)));
    CHECK_FALSE(at.store.remove(std::string(70'000, 'x')));

    CHECK(at.store.select({}, {0}, 10, kNow) == Ids{kept});
    CHECK(at.store.put(subscription("a"), kLater).created);
  }

  TEST_CASE_TEMPLATE("a page is read in the order of the ids, missing ones left out", Stores,
                     Memory, Real) {
    Stores at;
    Ids ids;
    for (const auto* name : {"a", "b", "c"})
      ids.push_back(at.store.put(subscription(name), kNow).id);
    at.store.remove(endpoint_url("b"));

    auto wanted = ids;
    wanted.push_back({UINT64_MAX});
    const auto found = at.store.read(wanted);

    REQUIRE(found.size() == 2);
    CHECK(found[0].id == ids[0]);
    CHECK(found[1].id == ids[2]);
    CHECK(found[1].recipient.endpoint.url() == endpoint_url("c"));
    CHECK(at.store.read({}).empty());
  }

  TEST_CASE_TEMPLATE("a scattered page is read whole, and only what was asked for", Stores, Memory,
                     Real) {
    Stores at;
    Ids scattered;
    for (int i = 0; i < 1000; ++i) {
      const auto id = at.store.put(subscription("s" + std::to_string(i)), kNow).id;
      if (i % 3 == 0) scattered.push_back(id);
    }
    at.store.remove(endpoint_url("s600"));
    at.store.mark_gone(Ids{scattered[250]}, kNow);

    Ids found;
    for (const auto& subscription : at.store.read(scattered)) found.push_back(subscription.id);

    scattered.erase(scattered.begin() + 250);
    scattered.erase(scattered.begin() + 200);
    CHECK(found == scattered);
  }

  TEST_CASE_TEMPLATE("gone ones are neither selected nor read until they come back", Stores, Memory,
                     Real) {
    Stores at;
    const auto a = at.store.put(subscription("a"), kNow).id;
    const auto b = at.store.put(subscription("b"), kNow).id;

    at.store.mark_gone(Ids{a, {UINT64_MAX}}, kNow);
    at.store.mark_gone(Ids{a}, kLater);
    at.store.mark_gone({}, kNow);

    CHECK(at.store.select({}, {0}, 10, kNow) == Ids{b});
    CHECK(at.store.read(Ids{a, b}).size() == 1);
    const auto back = at.store.put(subscription("a"), kLater);
    CHECK(back.id == a);
    CHECK_FALSE(back.created);
    CHECK(at.store.select({}, {0}, 10, kNow) == Ids{a, b});
    CHECK(at.store.read(Ids{a, b}).size() == 2);
  }

  TEST_CASE_TEMPLATE("paused ones are not selected until the pause is over, and read with it",
                     Stores, Memory, Real) {
    Stores at;
    const auto paused = at.store.put(subscription("a"), kNow).id;
    const auto other = at.store.put(subscription("b"), kNow).id;
    at.rest(paused, kLater);

    CHECK(at.store.select({}, {0}, 10, kNow) == Ids{other});
    CHECK(at.store.select({}, {0}, 10, kLater - Seconds{1}) == Ids{other});
    CHECK(at.store.select({}, {0}, 10, kLater) == Ids{paused, other});
    const auto found = at.store.read(Ids{paused, other});
    REQUIRE(found.size() == 2);
    CHECK(found[0].paused_until == kLater);
    CHECK(found[0].quiet_hours == kQuiet);
    CHECK(found[0].timezone == "Europe/Vienna");
    CHECK_FALSE(found[1].paused_until);
    CHECK_FALSE(found[1].quiet_hours);
  }

  TEST_CASE_TEMPLATE("a refresh keeps the pause", Stores, Memory, Real) {
    Stores at;
    const auto id = at.store.put(subscription("a"), kNow).id;
    at.rest(id, kLater);

    at.store.put(subscription("a", 2), kNow);

    CHECK(at.store.select({}, {0}, 10, kNow).empty());
    CHECK(at.store.read(Ids{id}).at(0).quiet_hours == kQuiet);
  }

  TEST_CASE_TEMPLATE("the audience is walked by key, whatever the gaps", Stores, Memory, Real) {
    Stores at;
    Ids all;
    for (int i = 0; i < 25; ++i) {
      all.push_back(at.store.put(subscription("n" + std::to_string(i)), kNow).id);
      at.store.put(subscription("n0"), kNow);  // burns an id
    }

    Ids walked;
    for (;;) {
      const auto page =
          at.store.select({}, walked.empty() ? SubscriptionId{0} : walked.back(), 10, kNow);
      CHECK(page.size() <= 10);
      if (page.empty()) break;
      walked.insert(walked.end(), page.begin(), page.end());
    }

    CHECK(walked == all);
    CHECK(all.back().value - all.front().value > 24);
    CHECK(at.store.select({}, all.back(), 10, kNow).empty());
    CHECK(at.store.select({}, {0}, 0, kNow).empty());
  }

  TEST_CASE_TEMPLATE("a page of a thousand is read and marked whole", Stores, Memory, Real) {
    Stores at;
    for (int i = 0; i < 1000; ++i) at.store.put(subscription("p" + std::to_string(i)), kNow);

    const auto ids = at.store.select({}, {0}, 1000, kNow);
    REQUIRE(ids.size() == 1000);
    CHECK(at.store.read(ids).size() == 1000);
    at.store.mark_gone(ids, kLater);

    CHECK(at.store.read(ids).empty());
    CHECK(at.store.select({}, {0}, 1000, kNow).empty());
  }

  TEST_CASE("what goes leaves nothing beside it, what stays keeps it") {
    Real at;
    at.session.execute("DELETE FROM subscription_topic");
    for (const auto* name : {"a", "b"}) {
      const auto id = at.store.put(subscription(name), kNow).id;
      at.rest(id, kLater);
      for (const std::string topic : {"news", "sport"})
        at.session.execute("INSERT INTO subscription_topic VALUES (" + std::to_string(id.value) +
                           ", '" + topic + "')");
    }

    CHECK(at.store.remove(endpoint_url("a")));

    CHECK(number(at.session, "SELECT COUNT(*) FROM subscription") == 1);
    CHECK(number(at.session, "SELECT COUNT(*) FROM preference") == 1);
    CHECK(number(at.session, "SELECT COUNT(*) FROM subscription_topic") == 2);
    CHECK(number(at.session,
                 "SELECT COUNT(*) FROM subscription JOIN subscription_topic c ON"
                 " c.subscription_id = id JOIN preference p ON p.subscription_id = id") == 2);
  }

  TEST_CASE("marking keeps the first time and a refresh keeps the birth") {
    Real at;
    const auto id = at.store.put(subscription("a"), kNow).id;

    at.store.mark_gone(Ids{id}, kNow);
    at.store.mark_gone(Ids{id}, kLater);

    CHECK(number(at.session, "SELECT gone_at FROM subscription") == 1'800'000'000);
    at.store.put(subscription("a"), kLater);
    CHECK(number(at.session, "SELECT created_at FROM subscription") == 1'800'000'000);
    CHECK(number(at.session, "SELECT seen_at FROM subscription") == 1'800'000'060);
    CHECK(number(at.session, "SELECT gone_at IS NULL FROM subscription") == 1);
  }

  TEST_CASE("what is too long is refused whole, and the reason keeps the values to itself") {
    Real at;
    auto given = subscription("a-secret-endpoint");
    given.language = std::string(36, 'q');

    const auto reason = failure_of([&] { at.store.put(given, kNow); });

    CHECK(reason.find("language") != std::string::npos);
    CHECK(reason.find("(1406)") != std::string::npos);
    CHECK(reason.find("qqqq") == std::string::npos);
    CHECK(reason.find("secret") == std::string::npos);
    CHECK(at.store.select({}, {0}, 10, kNow).empty());
  }

  TEST_CASE("rows that others have spoilt are read without a failure") {
    Real at;
    at.session.execute(
        "INSERT INTO subscription (endpoint, endpoint_sha, p256dh, auth, key_id, language, "
        "timezone,"
        " created_at, seen_at) VALUES ('', REPEAT('0', 32), '', '', 0, '', '', -1, 0),"
        " ('no url', REPEAT('1', 32), REPEAT('x', 65), 'y', 4294967295, '?', '?', 0, 0)");

    const auto found = at.store.read(at.store.select({}, {0}, 10, kNow));

    REQUIRE(found.size() == 2);
    CHECK(found[0].recipient.endpoint.url().empty());
    CHECK(found[1].recipient.endpoint.url() == "no url");
    CHECK(found[1].key_id == 4294967295);
  }

  TEST_CASE("the fake says that it is away when it is told to") {
    Memory at;
    at.store.away = true;

    CHECK_THROWS_AS(at.store.select({}, {0}, 1, kNow), StoreFailure);
  }
}

}  // namespace lamppost::contract
