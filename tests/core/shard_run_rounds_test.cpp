// Tries after the first one: when, how often, for how long, and what a try without an answer means.

#include <doctest/doctest.h>

#include <array>

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

Answer no_answer(bool left) { return testing::TimedPushService::no_answer(left); }

// Answers in the order of the tries of one endpoint; the last one holds for all that follow.
struct Script {
  std::vector<Answer> answers;
  std::map<std::string, std::size_t> tries{};
  Answer operator()(const std::string& url) {
    return answers[std::min(tries[url]++, answers.size() - 1)];
  }
};

Time last(const std::map<std::string, Time>& times) {
  return std::ranges::max_element(times, {}, [](const auto& one) { return one.second; })->second;
}

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

  TEST_CASE("without an answer it is sent again, but not where a twin would be shown") {
    Engine engine;
    const auto elsewhere = engine.subscribe(endpoint_url("lost"));
    const auto apple = engine.subscribe("https://web.push.apple.com/lost");
    Script script{{no_answer(true), {}}};
    engine.push.answer = [&](const std::string& url) { return script(url); };

    const auto done = engine.create_and_run();

    CHECK(engine.fate(elsewhere) == Fate::Accepted);
    CHECK(engine.push.sent_to(endpoint_url("lost")) == 2);
    CHECK(engine.fate(apple) == Fate::UnsureKept);
    CHECK(engine.push.sent_to("https://web.push.apple.com/lost") == 1);
    CHECK(done.counts.unsure() == 1);
    CHECK(done.services.at("web.push.apple.com").counts[Fate::UnsureKept] == 1);
    CHECK(done.services.at("web.push.apple.com").reasons.at("timed out") == 1);
  }

  TEST_CASE("after a crash it is sent again, but not where a twin would be shown") {
    Engine engine;
    const auto elsewhere = engine.subscribe(endpoint_url("lost"));
    const auto apple = engine.subscribe("https://web.push.apple.com/lost");
    struct Killed {};
    engine.push.on_reply = [&] { throw Killed{}; };
    engine.create();
    CHECK_THROWS_AS(engine.run(), Killed);
    engine.push.on_reply = [] {};

    engine.run();

    CHECK(engine.fate(elsewhere) == Fate::Accepted);
    CHECK(engine.fate(apple) == Fate::UnsureKept);
    CHECK(engine.push.sent_to("https://web.push.apple.com/lost") == 1);
  }

  TEST_CASE("what never left us is sent at Apple too") {
    Engine engine;
    const auto apple = engine.subscribe("https://web.push.apple.com/x");
    engine.push.answer = Script{{no_answer(false), {.status = 429}, {.status = 503}, {}}};

    engine.create_and_run();

    CHECK(engine.fate(apple) == Fate::Accepted);
    CHECK(engine.push.requests.size() == 4);
  }

  TEST_CASE("who was unsure once is never told to have failed or expired for want of an answer") {
    for (const auto& second :
         std::vector<Answer>{{.status = 503}, {.status = 403}, no_answer(false), no_answer(true)}) {
      for (const Seconds ttl : {Seconds{60}, kWeek}) {
        CAPTURE(second.status.value_or(0));
        CAPTURE(ttl.count());
        Engine engine;
        const auto id = engine.subscribe(endpoint_url("it"));
        engine.push.answer = Script{{no_answer(true), second}};

        engine.create_and_run(ttl);

        CHECK(engine.fate(id) == Fate::UnsureKept);
        CHECK(engine.push.requests.size() <= kMaxAttempts);
      }
    }
  }

  TEST_CASE("the owner's word sends again what has failed and what was kept as unsure") {
    Engine engine;
    const auto away = engine.subscribe(endpoint_url("away"));
    const auto apple = engine.subscribe("https://web.push.apple.com/lost");
    bool mended = false;
    engine.push.answer = [&](const std::string& url) -> Answer {
      if (mended) return {};
      return url.ends_with("lost") ? no_answer(true) : Answer{.status = 500};
    };
    engine.create_and_run(kWeek);
    REQUIRE(engine.fate(away) == Fate::Failed);
    REQUIRE(engine.fate(apple) == Fate::UnsureKept);
    mended = true;
    const auto now = engine.clock.now();
    engine.campaigns.set_state(engine.campaign, {CampaignState::Finished}, CampaignState::Sending,
                               "", now);
    engine.shards.reopen(engine.campaign, Fate::Failed, Fate::Later, now);
    engine.shards.reopen(engine.campaign, Fate::UnsureKept, Fate::Later, now);
    engine.push.requests.clear();

    const auto done = engine.run();

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts[Fate::Accepted] == 2);
    CHECK(engine.push.requests.size() == 2);
    CHECK(done.services.at(testing::kService).counts.audience() == 1);
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
