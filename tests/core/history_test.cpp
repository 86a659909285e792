// Hundreds of histories, each another: nobody is lost, nobody is sent to twice but who was unsure.

#include "tests/core/history.h"

#include <doctest/doctest.h>

namespace lamppost::testing {
namespace {

void check(HistoryPlan plan, std::size_t& sent, std::size_t& twins, std::size_t& killed,
           std::size_t& interrupted) {
  CAPTURE(plan.seed);
  History history(std::move(plan));

  history.run();

  for (const auto& wrong : history.wrong) FAIL_CHECK(wrong);
  sent += history.sent;
  twins += history.twins;
  killed += history.killed;
  interrupted += history.interrupted;
}

TEST_SUITE("core.history") {
  TEST_CASE("without accidents nobody is sent to twice, whatever the services answer") {
    std::size_t sent = 0, twins = 0, killed = 0, interrupted = 0;
    for (unsigned seed = 1; seed <= 100; ++seed) {
      HistoryPlan plan{.seed = seed, .workers = 1 + seed % 4, .shards = {13, 1, 20, 7}};
      check(plan, sent, twins, killed, interrupted);
    }
    CHECK(sent > 4000);
    CHECK(killed + interrupted == 0);
  }

  TEST_CASE("workers are killed, suspended and stopped at any point") {
    std::size_t sent = 0, twins = 0, killed = 0, interrupted = 0;
    for (unsigned seed = 1001; seed <= 1250; ++seed) {
      HistoryPlan plan{.seed = seed,
                       .workers = 1 + seed % 4,
                       .shards = {13, 1, 20, 7},
                       .chances = {.kill = 100, .suspend = 150, .stop = 300}};
      check(plan, sent, twins, killed, interrupted);
    }
    CHECK(killed > 400);
    CHECK(twins > 500);
  }

  TEST_CASE("the store fails now and then, and at times workers are killed too") {
    std::size_t sent = 0, twins = 0, killed = 0, interrupted = 0;
    for (unsigned seed = 2001; seed <= 2150; ++seed) {
      HistoryPlan plan{.seed = seed,
                       .workers = 1 + seed % 4,
                       .shards = {25, 10},
                       .chances = {.kill = seed % 2 == 0 ? 400u : 0u},
                       .store_fails = 5 + seed % 50};
      check(plan, sent, twins, killed, interrupted);
    }
    CHECK(sent > 4000);
  }

  TEST_CASE("shards that are longer than a window") {
    std::size_t sent = 0, twins = 0, killed = 0, interrupted = 0;
    for (unsigned seed = 3001; seed <= 3020; ++seed) {
      HistoryPlan plan{.seed = seed,
                       .workers = 1 + seed % 3,
                       .shards = {700, 120},
                       .chances = {.kill = 1000, .suspend = 1000},
                       .troubled = 20,
                       .streams = 60};
      check(plan, sent, twins, killed, interrupted);
    }
    CHECK(sent > 20 * 700);
  }
}

}  // namespace
}  // namespace lamppost::testing
