// What every VapidKeyStore does.

#include <doctest/doctest.h>

#include "lib/mysql/vapid_keys.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_vapid_key_store.h"

namespace lamppost::contract {
namespace {

struct MemoryKeys {
  fakes::MemoryVapidKeyStore store;
};

struct RealKeys {
  RealKeys() { session.execute("DELETE FROM vapid_key"); }
  mysql::Session session{login()};
  mysql::VapidKeys store{session};
};

core::VapidPublicKey key(std::uint32_t id, std::uint8_t filling) {
  core::VapidPublicKey key{.id = id, .point = {}};
  key.point.fill(filling);
  return key;
}

constexpr Time kNow{Seconds{1'800'000'000}};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryKeys);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealKeys);

namespace lamppost::contract {

TEST_SUITE("contract.vapid_key_store") {
  TEST_CASE_TEMPLATE("without a key there is no current one", Stores, MemoryKeys, RealKeys) {
    Stores at;

    CHECK_FALSE(at.store.current());
    CHECK_FALSE(at.store.find(key(1, 1).point));
  }

  TEST_CASE_TEMPLATE("the one that was added last is current, whatever its number", Stores,
                     MemoryKeys, RealKeys) {
    Stores at;
    at.store.add(key(4'000'000'000, 0), kNow);
    at.store.add(key(7, 0xff), kNow + Seconds{1});

    REQUIRE(at.store.current());
    CHECK(at.store.current()->id == 7);
    CHECK(at.store.current()->point == key(7, 0xff).point);
    REQUIRE(at.store.find(key(0, 0).point));
    CHECK(at.store.find(key(0, 0).point)->id == 4'000'000'000);
  }

  TEST_CASE_TEMPLATE("a known one keeps its number and its time", Stores, MemoryKeys, RealKeys) {
    Stores at;
    at.store.add(key(1, 1), kNow);
    at.store.add(key(2, 2), kNow + Seconds{1});

    at.store.add(key(1, 1), kNow + Seconds{2});

    CHECK(at.store.current()->id == 2);
    CHECK(at.store.find(key(1, 1).point)->id == 1);
  }

  TEST_CASE_TEMPLATE("a number never stands for two keys", Stores, MemoryKeys, RealKeys) {
    Stores at;
    at.store.add(key(1, 1), kNow);

    CHECK_THROWS_AS(at.store.add(key(1, 2), kNow), StoreFailure);

    CHECK_FALSE(at.store.find(key(1, 2).point));
    CHECK(at.store.current()->point == key(1, 1).point);
  }
}

}  // namespace lamppost::contract
