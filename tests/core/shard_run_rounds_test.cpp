// Tries after the first one: when, how often, for how long.

#include <doctest/doctest.h>

#include <array>

#include "lib/core/retry.h"
#include "lib/core/shard_run.h"
#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using testing::Engine;
using testing::Script;
using Answer = testing::TimedPushService::Answer;

constexpr Seconds kWeek{7 * 86'400};
constexpr Seconds kLooks{2};  // a run that rests looks again every so often

Answer no_answer(bool left) { return testing::TimedPushService::no_answer(left); }

TEST_SUITE("core.shard_run_rounds") {
  TEST_CASE("what fails is tried again by the schedule, twelve times in all, and then has failed") {
    Engine engine;
    const auto id = engine.subscribe(endpoint_url("away"));
    engine.push.answer = [](const auto&) { return Answer{.status = 503, .detail = "busy"}; };

    const auto done = engine.create_and_run(kWeek);

    CHECK(done.state == CampaignState::Finished);
    CHECK(engine.fate(id) == Fate::Failed);
    CHECK(done.services.at(testing::kService).counts[Fate::Failed] == 1);
    CHECK(done.services.at(testing::kService).reasons.at("503 busy") == 12);
    const auto& requests = engine.push.requests;
    REQUIRE(requests.size() == kMaxAttempts);
    constexpr std::array kWaits{5, 30, 120, 600, 1800, 3600, 3600, 3600, 3600, 3600, 3600};
    for (std::size_t i = 0; i < kWaits.size(); ++i) {
      CAPTURE(i);
      const auto waited = requests[i + 1].at - requests[i].at;
      CHECK(waited >= Seconds{kWaits[i] / 2});
      CHECK(waited <= Seconds{kWaits[i] * 3 / 2} + kLooks);
    }
  }

  TEST_CASE("what is taken at the last try is accepted") {
    Engine engine;
    const auto id = engine.subscribe(endpoint_url("late"));
    std::vector<Answer> answers(kMaxAttempts - 1, Answer{.status = 500});
    answers.push_back({.status = 201});
    engine.push.answer = Script{std::move(answers)};

    engine.create_and_run(kWeek);

    CHECK(engine.fate(id) == Fate::Accepted);
    CHECK(engine.push.requests.size() == kMaxAttempts);
  }

  TEST_CASE("Retry-After counts when it is later than the schedule") {
    Engine engine;
    engine.subscribe(endpoint_url("it"));
    engine.push.answer = Script{{{.status = 429, .retry_after = Seconds{1000}}, {}}};

    engine.create_and_run();

    REQUIRE(engine.push.requests.size() == 2);
    const auto waited = engine.push.requests[1].at - engine.push.requests[0].at;
    CHECK(waited >= Seconds{1000});
    CHECK(waited <= Seconds{1000} + kLooks);
  }

  TEST_CASE("the TTL shrinks with every try, and nothing is sent past the campaign's time") {
    Engine engine;
    const auto id = engine.subscribe(endpoint_url("away"));
    engine.push.answer = [](const auto&) { return Answer{.status = 500}; };
    const auto start = engine.clock.now();
    constexpr Seconds kTtl{100};

    const auto done = engine.create_and_run(kTtl);

    CHECK(done.state == CampaignState::Finished);
    CHECK(engine.fate(id) == Fate::Expired);
    CHECK(engine.push.requests.size() >= 3);
    for (const auto& request : engine.push.requests) {
      CHECK(request.at < start + kTtl);
      CHECK(request.ttl == std::to_string((start + kTtl - request.at).count()));
    }
    CHECK(engine.clock.now() <= start + kTtl + kLooks);
  }

  TEST_CASE("what is still queued when the time is over has expired, and no TTL is 0 or less") {
    for (const int ttl : {1, 2, 7}) {
      CAPTURE(ttl);
      Engine engine;
      engine.subscribe_many(600);
      engine.push.streams = 5;
      engine.push.answer = [](const auto&) { return Answer{.after = Seconds{1}}; };

      const auto done = engine.create_and_run(Seconds{ttl});

      const auto sent = static_cast<std::uint64_t>(5 * ttl);
      CHECK(engine.push.requests.size() == sent);
      CHECK(done.counts[Fate::Accepted] == sent);
      CHECK(done.counts[Fate::Expired] == 600 - sent);
      for (const auto& request : engine.push.requests) CHECK(std::stoi(request.ttl) >= 1);
    }
  }

  TEST_CASE("what is in flight when the time is over and fails has expired too") {
    Engine engine;
    const auto id = engine.subscribe(endpoint_url("slow"));
    const auto unsure = engine.subscribe(endpoint_url("lost"));
    engine.push.answer = [](const std::string& url) {
      auto answer = url.ends_with("lost") ? no_answer(true) : Answer{.status = 503};
      answer.after = Seconds{8};
      return answer;
    };

    engine.create_and_run(Seconds{4});

    CHECK(engine.fate(id) == Fate::Expired);
    CHECK(engine.fate(unsure) == Fate::UnsureKept);
    CHECK(engine.push.requests.size() == 2);
  }

  TEST_CASE("with a ttl of 0 everybody is tried exactly once") {
    Engine engine;
    const auto fine = engine.subscribe(endpoint_url("fine"));
    const auto away = engine.subscribe(endpoint_url("away"));
    const auto lost = engine.subscribe(endpoint_url("lost"));
    const auto denied = engine.subscribe(endpoint_url("denied"));
    const auto resting = engine.subscribe("https://other.example.net/x");
    engine.services.note({.service = "other.example.net",
                          .rest_until = engine.clock.now() + Seconds{100},
                          .denied_since = std::nullopt,
                          .reason = "429"});
    engine.push.answer = [](const std::string& url) -> Answer {
      if (url.ends_with("away")) return {.status = 503};
      if (url.ends_with("denied")) return {.status = 403};
      return url.ends_with("lost") ? no_answer(true) : Answer{};
    };

    const auto done = engine.create_and_run(Seconds{0});

    CHECK(done.state == CampaignState::Finished);
    CHECK(engine.fate(fine) == Fate::Accepted);
    CHECK(engine.fate(away) == Fate::Failed);
    CHECK(engine.fate(denied) == Fate::Failed);
    CHECK(engine.fate(lost) == Fate::UnsureKept);
    CHECK(engine.fate(resting) == Fate::Accepted);
    CHECK(engine.push.requests.size() == 5);
    for (const auto& request : engine.push.requests) CHECK(request.ttl == "0");
  }

  TEST_CASE("with a ttl of 0 nor is it sent again after a crash") {
    Engine engine;
    engine.subscribe_many(20);
    engine.push.streams = 5;
    struct Killed {};
    engine.push.on_reply = [&] { throw Killed{}; };
    engine.create(Seconds{0});
    CHECK_THROWS_AS(engine.run(), Killed);
    engine.push.on_reply = [] {};

    const auto done = engine.run();

    CHECK(done.counts[Fate::UnsureKept] == 20);  // they were marked, as far as anybody can know
    CHECK(engine.push.requests.size() == 5);
  }
}

}  // namespace
}  // namespace lamppost::core
