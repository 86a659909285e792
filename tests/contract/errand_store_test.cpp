// What every ErrandStore does.

#include <doctest/doctest.h>

#include "lib/mysql/errands.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_errand_store.h"

namespace lamppost::contract {
namespace {

using core::ErrandKind;
using core::ErrandStore;

struct MemoryErrands {
  fakes::MemoryErrandStore store;
  std::size_t rests() { return store.rests(); }
};

struct RealErrands {
  RealErrands() {
    session.execute("DELETE FROM errand");
    session.execute("DELETE FROM errand_rest");
  }
  std::size_t rests() { return number(session, "SELECT COUNT(*) FROM errand_rest"); }
  mysql::Session session{login()};
  mysql::Errands store{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr Seconds kMinute{60};

core::NewErrand welcome(std::uint64_t id) { return {{id}, ErrandKind::Welcome, "de-AT"}; }

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryErrands);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealErrands);

namespace lamppost::contract {

TEST_SUITE("contract.errand_store") {
  TEST_CASE_TEMPLATE("what is asked for waits as it was asked for, in that order", Stores,
                     MemoryErrands, RealErrands) {
    Stores at;
    CHECK(at.store.waiting({0}, 10).empty());

    at.store.add(welcome(UINT64_MAX), kNow);
    at.store.add({{2}, ErrandKind::Test, ""}, kNow + kMinute);
    at.store.add(welcome(UINT64_MAX), kNow);

    const auto all = at.store.waiting({0}, 10);
    REQUIRE(all.size() == 3);
    CHECK(all[0].content.subscription.value == UINT64_MAX);
    CHECK(all[0].content.kind == ErrandKind::Welcome);
    CHECK(all[0].content.language == "de-AT");
    CHECK(all[0].asked_at == kNow);
    CHECK(all[1].content.kind == ErrandKind::Test);
    CHECK(all[1].content.language.empty());
    CHECK(all[1].asked_at == kNow + kMinute);
    CHECK(all[0].id < all[1].id);
    CHECK(at.store.waiting({0}, 2).size() == 2);
    CHECK(at.store.waiting(all[0].id, 10).at(0).id == all[1].id);
    CHECK(at.store.waiting(all[2].id, 10).empty());
  }

  TEST_CASE_TEMPLATE("an errand is taken once", Stores, MemoryErrands, RealErrands) {
    Stores at;
    at.store.add(welcome(1), kNow);
    at.store.add(welcome(2), kNow);
    const auto all = at.store.waiting({0}, 10);

    CHECK(at.store.take(all[0].id));
    CHECK_FALSE(at.store.take(all[0].id));
    CHECK(at.store.waiting({0}, 10).size() == 1);
    CHECK(at.store.take(all[1].id));
    CHECK_FALSE(at.store.take({all[1].id.value + 1}));
  }

  TEST_CASE_TEMPLATE("a test is granted once a minute, to each its own", Stores, MemoryErrands,
                     RealErrands) {
    Stores at;

    CHECK(at.store.grant_test({1}, kNow));
    CHECK(at.store.grant_test({2}, kNow));
    CHECK_FALSE(at.store.grant_test({1}, kNow));
    CHECK_FALSE(at.store.grant_test({1}, kNow + kMinute - Seconds{1}));
    CHECK(at.store.grant_test({1}, kNow + kMinute));
    CHECK_FALSE(at.store.grant_test({1}, kNow + kMinute));
  }

  TEST_CASE_TEMPLATE("what is too old goes, and no more than that", Stores, MemoryErrands,
                     RealErrands) {
    Stores at;
    at.store.add(welcome(1), kNow);
    at.store.add(welcome(2), kNow + Seconds{1});
    at.store.grant_test({1}, kNow + ErrandStore::kLife - kMinute);
    at.store.grant_test({2}, kNow + ErrandStore::kLife);

    at.store.tidy(kNow + ErrandStore::kLife);

    const auto left = at.store.waiting({0}, 10);
    REQUIRE(left.size() == 1);
    CHECK(left[0].content.subscription.value == 2);
    CHECK(at.rests() == 1);
  }

  TEST_CASE("of many takers at once one gets each errand") {
    RealErrands at;
    for (std::uint64_t i = 1; i <= 50; ++i) at.store.add(welcome(i), kNow);
    const auto all = at.store.waiting({0}, 100);

    const auto takers = crowd<int>(4, [&](unsigned, const auto& start) {
      mysql::Session session{login()};
      mysql::Errands store{session};
      connection_of(session);
      start();
      int taken = 0;
      for (const auto& errand : all) taken += store.take(errand.id);
      return taken;
    });

    CHECK(failures_of<int>(takers) == std::vector<std::string>{});
    int taken = 0;
    for (const auto& taker : takers) taken += taker.answer;
    CHECK(taken == 50);
    CHECK(at.store.waiting({0}, 100).empty());
  }

  TEST_CASE("a kind that a later version asks for is left to that") {
    RealErrands at;
    at.session.execute("INSERT INTO errand VALUES (1, 1, 'digest', '', 1800000000)");
    at.store.add(welcome(2), kNow);

    CHECK(at.store.waiting({0}, 10).size() == 1);
    CHECK(number(at.session, "SELECT COUNT(*) FROM errand") == 2);
  }
}

}  // namespace lamppost::contract
