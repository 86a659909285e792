// A push service that rests: whom it makes wait, for how long, and whom not.

#include <doctest/doctest.h>

#include "lib/core/retry.h"
#include "lib/core/shard_run.h"
#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using testing::Engine;
using Answer = testing::TimedPushService::Answer;

constexpr Seconds kWeek{7 * 86'400};
constexpr Seconds kLooks{2};  // a run that rests looks again every so often

Time last(const std::map<std::string, Time>& times) {
  return std::ranges::max_element(times, {}, [](const auto& one) { return one.second; })->second;
}

TEST_SUITE("core.shard_run_rests") {
  TEST_CASE("nobody of a service is sent to before its Retry-After is over, all others at once") {
    Engine engine;
    for (int i = 0; i < 700; ++i) {
      engine.subscribe(endpoint_url(std::to_string(i)));
      engine.subscribe("https://other.example.net/" + std::to_string(i));
    }
    std::map<std::string, int> tries;
    std::map<std::string, Time> first_tried_at;
    Time rest_until{};
    engine.push.answer = [&](const std::string& url) -> Answer {
      if (!url.starts_with("https://push.example.net")) return {};
      CHECK(engine.clock.now() >= rest_until);
      first_tried_at.try_emplace(url, engine.clock.now());
      if (++tries[url] > 1 || !url.ends_with("33")) return {};
      rest_until = engine.clock.now() + Seconds{30};
      return {.status = 429, .retry_after = Seconds{30}};
    };
    engine.push.streams = 1;
    const auto start = engine.clock.now();

    const auto done = engine.create_and_run();

    CHECK(done.counts[Fate::Accepted] == 1400);
    for (const auto& request : engine.push.requests)
      if (request.url.starts_with("https://other")) CHECK(request.at == start);
    // Seven times it asked for a pause: nobody waited for longer than these for its first try.
    CHECK(engine.push.sent_to(endpoint_url("633")) == 2);
    CHECK(first_tried_at.at(endpoint_url("699")) - start >= Seconds{7 * 30});
    CHECK(last(first_tried_at) - start <= Seconds{7 * (30 + 2)});
  }

  TEST_CASE("a round in which nothing was tried does not count") {
    Engine engine;
    const auto id = engine.subscribe(endpoint_url("it"));
    int rests = 0;
    engine.services.before = [&](std::string_view call) {
      if (call != "states" || ++rests > 20) return;
      engine.services.note({.service = testing::kService,
                            .rest_until = engine.clock.now() + Seconds{3000},
                            .denied_since = std::nullopt,
                            .reason = "406"});
    };
    engine.shards.on_claim = [&](const Shard& shard) { CHECK(shard.attempt == 0); };

    engine.create_and_run(kWeek);

    CHECK(rests >= 20);
    CHECK(engine.fate(id) == Fate::Accepted);
    CHECK(engine.push.requests.size() == 1);
  }

  TEST_CASE("who was put off all day has all its tries left, and others have not waited for it") {
    Engine engine;
    engine.subscribe_many(30);
    const auto other = engine.subscribe("https://other.example.net/x");
    constexpr Seconds kDay{86'400};
    engine.services.note({.service = testing::kService,
                          .rest_until = engine.clock.now() + kDay,
                          .denied_since = std::nullopt,
                          .reason = "406"});
    std::map<std::string, std::vector<Time>> tries;
    engine.push.answer = [&](const std::string& url) -> Answer {
      auto& times = tries[url];
      times.push_back(engine.clock.now());
      if (url.starts_with("https://other")) return {.status = times.size() < 5 ? 503 : 201};
      return {.status = times.size() < 2 ? 425 : 201};
    };
    const auto start = engine.clock.now();

    const auto done = engine.create_and_run(kWeek);

    CHECK(engine.fate(other) == Fate::Accepted);
    CHECK(tries["https://other.example.net/x"].back() - start <= Seconds{2 * (5 + 30 + 120 + 600)});
    CHECK(done.counts[Fate::Accepted] == 31);
    CHECK(tries[endpoint_url("0")].front() - start <= kDay + kLooks);
  }

  TEST_CASE("a service that takes a few and then asks for a pause has everybody tried in time") {
    Engine engine;
    engine.subscribe_many(1000);
    engine.push.streams = 1;
    int since_pause = 0;
    std::map<std::string, Time> first_tried_at;
    engine.push.answer = [&](const std::string& url) -> Answer {
      first_tried_at.try_emplace(url, engine.clock.now());
      if (++since_pause <= 40) return {};
      since_pause = 0;
      return {.status = 429, .retry_after = Seconds{60}};
    };
    const auto start = engine.clock.now();

    const auto done = engine.create_and_run();

    CHECK(done.counts[Fate::Accepted] == 1000);
    CHECK(first_tried_at.size() == 1000);
    CHECK(last(first_tried_at) - start <= Seconds{25 * (60 + 2)});
  }

  TEST_CASE("a service that denies us rests with its own words, and nobody is lost by it") {
    Engine engine;
    engine.subscribe_many(800);
    engine.subscribe("https://other.example.net/x");
    bool mended = false;
    engine.push.streams = 20;
    engine.push.answer = [&](const std::string& url) -> Answer {
      if (mended || url.starts_with("https://other")) return {};
      return {.status = 400, .detail = R"({"reason":"VapidPkHashMismatch"})"};
    };
    engine.create();

    engine.run(Seconds{0});

    CHECK(engine.push.requests.size() <= 5 + 20 + 1);
    CHECK(engine.sum().counts.waiting() == 800);
    CHECK(engine.fate("https://other.example.net/x") == Fate::Accepted);
    const auto states = engine.services.states();
    REQUIRE(states.size() == 1);
    CHECK(states[0].service == testing::kService);
    CHECK(states[0].denied_since);
    CHECK(states[0].reason == "400 VapidPkHashMismatch");
    CHECK(states[0].rest_until == engine.clock.now() + Breaker::kFirstRest);
    CHECK(engine.gone().empty());

    mended = true;
    const auto done = engine.run();

    CHECK(done.counts[Fate::Accepted] == 801);
    CHECK_FALSE(engine.services.states()[0].denied_since);
    CHECK(engine.services.states()[0].reason.empty());
  }

  TEST_CASE("a service that fails rests for longer and longer, and takes all when it is back") {
    Engine engine;
    engine.subscribe_many(600);
    engine.push.streams = 10;
    const auto back_at = engine.clock.now() + Seconds{1500};
    engine.push.answer = [&](const auto&) {
      return engine.clock.now() < back_at ? Answer{.status = 502} : Answer{};
    };

    const auto done = engine.create_and_run();

    CHECK(done.counts[Fate::Accepted] == 600);
    CHECK(engine.push.requests.size() - 600 <= 8 * 15);  // the tries of eight rounds
  }
}

}  // namespace
}  // namespace lamppost::core
