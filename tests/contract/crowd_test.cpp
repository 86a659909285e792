// Many at once (RELIABILITY F05, F31).

#include <doctest/doctest.h>

#include <set>

#include "lib/mysql/subscriptions.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"

namespace lamppost::contract {
namespace {

using mysql::Session;
using Put = core::SubscriptionStore::Put;

class Room {  // for many connections, in an empty table
 public:
  explicit Room(unsigned connections) {
    session_.execute("DELETE FROM subscription");
    before_ = text(session_, "SELECT @@max_connections");
    session_.execute("SET GLOBAL max_connections = " + std::to_string(connections + 50));
  }
  ~Room() { session_.execute("SET GLOBAL max_connections = " + before_); }
  std::uint64_t rows() { return number(session_, "SELECT COUNT(*) FROM subscription"); }

 private:
  Session session_{login()};
  std::string before_;
};

}  // namespace

TEST_SUITE("contract.crowd") {
  TEST_CASE("two hundred who post one new endpoint at once make one row") {
    Room room{200};

    const auto members = crowd<Put>(200, [](unsigned i, const auto& start) {
      Session session{login()};
      connection_of(session);
      start();
      return mysql::Subscriptions{session}.put(subscription("one", i), Time{Seconds{i}});
    });

    CHECK(failures_of<Put>(members) == std::vector<std::string>{});
    std::set<std::uint64_t> ids;
    for (const auto& member : members) ids.insert(member.answer.id.value);
    CHECK(ids.size() == 1);
    CHECK(std::ranges::count_if(members, [](const auto& it) { return it.answer.created; }) == 1);
    CHECK(room.rows() == 1);
  }

  TEST_CASE("eight who refresh and mark the same endpoints in any order all succeed") {
    constexpr unsigned kEndpoints = 20;
    Room room{8};

    const auto members = crowd<unsigned>(8, [](unsigned i, const auto& start) {
      Session session{login()};
      mysql::Subscriptions store{session};
      connection_of(session);
      start();
      std::mt19937 order{i};
      unsigned created = 0;
      for (int round = 0; round < 200; ++round) {
        const auto name = std::to_string(order() % kEndpoints);
        created += store.put(subscription(name, i), Time{Seconds{round}}).created;
        if (round % 10 == 0) store.mark_gone(store.select({}, {0}, kEndpoints, Time{}), Time{});
      }
      return created;
    });

    CHECK(failures_of<unsigned>(members) == std::vector<std::string>{});
    unsigned created = 0;
    for (const auto& member : members) created += member.answer;
    CHECK(created == kEndpoints);
    CHECK(room.rows() == kEndpoints);
  }
}

}  // namespace lamppost::contract
