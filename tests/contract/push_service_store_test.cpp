// What every PushServiceStore does.

#include <doctest/doctest.h>

#include <map>

#include "lib/mysql/push_services.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_push_service_store.h"

namespace lamppost::contract {
namespace {

struct MemoryServices {
  fakes::MemoryPushServiceStore store;
};

struct RealServices {
  RealServices() { session.execute("DELETE FROM push_service"); }
  mysql::Session session{login()};
  mysql::PushServices store{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr Seconds kMinute{60};

core::PushServiceState resting(Seconds rest, std::string reason = "429") {
  return {.service = "push.example.net:9443",
          .rest_until = kNow + rest,
          .denied_since = std::nullopt,
          .reason = std::move(reason),
          .rests = 1};
}

std::map<std::string, core::PushServiceState> by_name(core::PushServiceStore& store) {
  std::map<std::string, core::PushServiceState> states;
  for (const auto& state : store.states()) states.emplace(state.service, state);
  return states;
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryServices);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealServices);

namespace lamppost::contract {

TEST_SUITE("contract.push_service_store") {
  TEST_CASE_TEMPLATE("a rest is told as it was noted, each service's own", Stores, MemoryServices,
                     RealServices) {
    Stores at;
    CHECK(at.store.states().empty());
    const core::PushServiceState denied{.service = std::string(246, 'h') + ":65535",
                                        .rest_until = kNow + kMinute,
                                        .denied_since = kNow - kMinute,
                                        .reason = std::string(200, '?'),
                                        .rests = 4'000'000'000};

    at.store.note(resting(kMinute));
    at.store.note(denied);

    auto states = by_name(at.store);
    REQUIRE(states.size() == 2);
    const auto& one = states.at("push.example.net:9443");
    CHECK(one.rest_until == kNow + kMinute);
    CHECK_FALSE(one.denied_since);
    CHECK(one.reason == "429");
    CHECK(one.rests == 1);
    const auto& other = states.at(denied.service);
    CHECK(other.denied_since == denied.denied_since);
    CHECK(other.reason == denied.reason);
    CHECK(other.rests == denied.rests);
  }

  TEST_CASE_TEMPLATE("what is noted later counts", Stores, MemoryServices, RealServices) {
    Stores at;
    auto denied = resting(kMinute, "403 BadJwtToken");
    denied.denied_since = kNow;
    at.store.note(denied);
    at.store.note(denied);

    auto longer = resting(5 * kMinute, "503");
    longer.rests = 2;
    at.store.note(longer);

    const auto states = at.store.states();
    REQUIRE(states.size() == 1);
    CHECK(states[0].rest_until == kNow + 5 * kMinute);
    CHECK_FALSE(states[0].denied_since);
    CHECK(states[0].reason == "503");
    CHECK(states[0].rests == 2);
  }

  TEST_CASE_TEMPLATE("who knows of a shorter rest does not shorten another's, an end is an end",
                     Stores, MemoryServices, RealServices) {
    Stores at;
    at.store.note(resting(60 * kMinute));

    at.store.note(resting(kMinute));
    CHECK(at.store.states().at(0).rest_until == kNow + 60 * kMinute);
    at.store.note({.service = "push.example.net:9443", .denied_since = std::nullopt, .reason = {}});
    CHECK(at.store.states().at(0).rest_until == Time{});
    CHECK(at.store.states().at(0).reason.empty());

    at.store.note(resting(kMinute));
    CHECK(at.store.states().at(0).rest_until == kNow + kMinute);
  }

  TEST_CASE("with more services than anybody reads, those that rest longest are told") {
    RealServices at;
    at.session.execute(
        "INSERT INTO push_service (service, rest_until, denied_since, reason, rests)"
        " SELECT CONCAT('a', seq, '.example'), 0, NULL, '', 0 FROM seq_1_to_1500");

    at.store.note(resting(kMinute));

    const auto states = by_name(at.store);
    CHECK(states.size() == 1000);
    CHECK(states.contains("push.example.net:9443"));
  }
}

}  // namespace lamppost::contract
