// What every DailyStore does.

#include <doctest/doctest.h>

#include "lib/mysql/daily.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_daily_store.h"

namespace lamppost::contract {
namespace {

struct MemoryDays {
  fakes::MemoryDailyStore store;
};

struct RealDays {
  RealDays() { session.execute("DELETE FROM daily"); }
  mysql::Session session{login()};
  mysql::Daily store{session};
};

Time day(int number) { return Time{Seconds{86'400 * (20'000 + number)}}; }

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryDays);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealDays);

namespace lamppost::contract {

TEST_SUITE("contract.daily_store") {
  TEST_CASE_TEMPLATE("numbers are listed by day, measure and part, and no days but those", Stores,
                     MemoryDays, RealDays) {
    Stores at;
    at.store.put({day(2), "active", "", UINT64_MAX});
    at.store.put({day(1), "service", "fcm", 0});
    at.store.put({day(1), "service", "apple", 3});
    at.store.put({day(1), "active", "", 3});
    at.store.put({day(0), "active", "", 9});

    CHECK(at.store.list(day(1), day(2)) ==
          std::vector<core::DailyNumber>{{day(1), "active", "", 3},
                                         {day(1), "service", "apple", 3},
                                         {day(1), "service", "fcm", 0}});
    CHECK(at.store.list(day(0), day(3)).size() == 5);
    CHECK(at.store.list(day(2), day(3))[0].times == UINT64_MAX);
    CHECK(at.store.list(day(3), day(9)).empty());
  }

  TEST_CASE_TEMPLATE("to raise keeps the larger one, to put the last one", Stores, MemoryDays,
                     RealDays) {
    Stores at;
    const auto times = [&] { return at.store.list(day(0), day(1)).at(0).times; };

    at.store.raise({day(0), "joined", "", 5});
    at.store.raise({day(0), "joined", "", 3});
    CHECK(times() == 5);
    at.store.raise({day(0), "joined", "", 6});
    CHECK(times() == 6);
    at.store.put({day(0), "joined", "", 2});
    at.store.put({day(0), "joined", "", 2});
    CHECK(times() == 2);
  }
}

}  // namespace lamppost::contract
