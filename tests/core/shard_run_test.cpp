// The window over a shard: marked before sent, never too many, no gap, and left cleanly.

#include "lib/core/shard_run.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using testing::Engine;
using Answer = testing::TimedPushService::Answer;

constexpr LeaseOwner kSomebodyElse{1, 2, 3};

std::set<std::string> urls_sent(const Engine& engine) {
  std::set<std::string> urls;
  for (const auto& request : engine.push.requests) urls.insert(request.url);
  return urls;
}

TEST_SUITE("core.shard_run") {
  TEST_CASE("everybody is sent to once, after being marked in the store") {
    Engine engine;
    engine.subscribe_many(1250);

    const auto done = engine.create_and_run();

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts[Fate::Accepted] == 1250);
    CHECK(done.counts.audience() == 1250);
    CHECK(engine.push.requests.size() == 1250);
    CHECK(urls_sent(engine).size() == 1250);
  }

  TEST_CASE("at most 500 are marked and not settled, however much the client would take") {
    Engine engine;
    engine.subscribe_many(1700);
    engine.push.streams = 5000;
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{3}}; };

    engine.create_and_run();

    CHECK(engine.shards.most_handed_out == ShardRun::kWindow);
    CHECK(engine.push.most_in_flight == ShardRun::kWindow);
    CHECK(engine.push.requests.size() == 1700);
  }

  TEST_CASE("what 100 replies said is recorded at once") {
    Engine engine;
    engine.subscribe_many(1200);
    std::vector<std::uint64_t> accepted;
    engine.shards.on_advance = [&](const Shard& shard) {
      accepted.push_back(shard.count(Fate::Accepted));
    };

    engine.create_and_run();

    for (std::size_t i = 1; i < accepted.size(); ++i) {
      CAPTURE(i);
      CHECK(accepted[i] - accepted[i - 1] <= ShardRun::kStep);
    }
    CHECK(accepted.size() <= 1200 / ShardRun::kStep + 3);  // and no oftener than that
  }

  TEST_CASE("what less than 100 replies said is recorded within a second") {
    Engine engine;
    engine.subscribe_many(30);
    engine.push.streams = 5;
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{4}}; };
    std::map<std::uint64_t, Time> recorded_at;
    engine.shards.on_advance = [&](const Shard& shard) {
      recorded_at.try_emplace(shard.count(Fate::Accepted), engine.clock.now());
    };
    const auto start = engine.clock.now();

    engine.create_and_run();

    for (const std::uint64_t count : {5, 10, 15, 20, 25}) {
      CAPTURE(count);
      REQUIRE(recorded_at.contains(count));
      const auto answered_at = start + Seconds{4} * (count / 5);
      CHECK(recorded_at[count] - answered_at <= Seconds{1});
    }
  }

  TEST_CASE("a push service that answers late leaves no gap") {
    Engine engine;
    engine.subscribe_many(4000);
    engine.push.streams = 400;
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{2}}; };
    std::map<Time, std::size_t> sent;
    const auto check_marked = engine.push.on_request;
    engine.push.on_request = [&](const auto& request) {
      check_marked(request);
      ++sent[request.at];
    };
    const auto start = engine.clock.now();

    engine.create_and_run();

    CHECK(engine.push.most_in_flight == 400);
    // 4000 at 400 in 2 s each is 20 s. Pages sent one after the other would take twice that.
    CHECK(engine.push.requests.back().at - start <= Seconds{20});
  }

  TEST_CASE("the shard stays ours while nothing comes back") {
    Engine engine;
    engine.subscribe_many(3);
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{200}}; };
    int looks = 0;
    engine.stop = [&] {
      const auto now = engine.clock.now();
      if (!engine.push.requests.empty() && engine.sum().counts[Fate::HandedOut] == 3) {
        ++looks;
        const auto claim =
            engine.shards.rows.claim(engine.campaign, kSomebodyElse, now, now + Seconds{60});
        CHECK(std::holds_alternative<RestUntil>(claim));
      }
      return false;
    };

    const auto done = engine.create_and_run();

    CHECK(looks > 150);
    CHECK(done.counts[Fate::Accepted] == 3);
  }

  TEST_CASE("a clean stop leaves nothing unsure, and the next run finishes") {
    for (const int after : {0, 1, 2, 5, 9}) {
      CAPTURE(after);
      Engine engine;
      engine.subscribe_many(900);
      engine.push.streams = 60;
      engine.push.answer = [](const auto&) { return Answer{.after = Seconds{1}}; };
      const auto end = engine.clock.now() + Seconds{after};
      engine.stop = [&] { return engine.clock.now() >= end; };
      engine.create();

      const auto stopped = engine.run();

      CHECK(engine.clock.now() - end <= Seconds{2});  // what is in flight, and a tick
      CHECK(stopped.state != CampaignState::Finished);
      CHECK(stopped.counts.unsure() == 0);
      CHECK(stopped.counts[Fate::HandedOut] == 0);

      engine.stop = [] { return false; };
      const auto done = engine.run();

      CHECK(done.state == CampaignState::Finished);
      CHECK(done.counts[Fate::Accepted] == 900);
      CHECK(engine.push.requests.size() == 900);
    }
  }

  TEST_CASE("who stops in a round of unsure ones does not try them twice in it") {
    Engine engine;
    for (int i = 0; i < 300; ++i)  // a service each, so that none of them rests
      engine.subscribe("https://h" + std::to_string(i) + ".push.example.org/x");
    std::map<std::string, std::vector<Time>> tries;
    engine.push.streams = 10;
    engine.push.answer = [&](const std::string& url) {
      tries[url].push_back(engine.clock.now());
      if (tries[url].size() > 2) return Answer{};
      auto answer = testing::TimedPushService::no_answer(true);
      answer.after = Seconds{1};
      return answer;
    };
    engine.create();
    engine.stop = [&] { return engine.push.requests.size() > 350; };
    const auto stopped = engine.run();
    REQUIRE(stopped.counts[Fate::Unsure] == 300);
    engine.stop = [] { return false; };

    const auto done = engine.run();

    CHECK(done.counts[Fate::Accepted] == 300);
    CHECK(engine.push.requests.size() <= 300 * 3);
    for (const auto& [url, times] : tries) {
      CAPTURE(url);
      REQUIRE(times.size() >= 2);
      CHECK(times[1] - times[0] >= Seconds{2});
      if (times.size() > 2) CHECK(times[2] - times[1] >= Seconds{15});
    }
  }

  TEST_CASE("a campaign that is paused or cancelled is sent to nobody more") {
    for (const auto state : {CampaignState::Paused, CampaignState::Cancelled}) {
      CAPTURE(to_text(state));
      Engine engine;
      engine.subscribe_many(900);
      engine.push.streams = 50;
      engine.push.answer = [](const auto&) { return Answer{.after = Seconds{1}}; };
      std::size_t sent_before = 0;
      engine.push.on_reply = [&] {
        if (engine.push.requests.size() < 200 || sent_before > 0) return;
        sent_before = engine.push.requests.size();
        engine.campaigns.set_state(engine.campaign, {CampaignState::Sending}, state, "",
                                   engine.clock.now());
      };

      const auto halted = engine.create_and_run();

      CHECK(halted.state == state);
      // It is looked at with every advance: at most a window goes out until then.
      CHECK(engine.push.requests.size() - sent_before <= ShardRun::kStep);
      CHECK(halted.counts[Fate::HandedOut] == 0);
      CHECK(halted.counts.unsure() == 0);
      CHECK(halted.counts[Fate::Accepted] == engine.push.requests.size());
      if (state == CampaignState::Cancelled) continue;

      engine.campaigns.set_state(engine.campaign, {state}, CampaignState::Sending, "",
                                 engine.clock.now());
      CHECK(engine.run().counts[Fate::Accepted] == 900);
      CHECK(engine.push.requests.size() == 900);
    }
  }

  TEST_CASE("who was suspended beyond its lease sends nothing more and records nothing") {
    Engine engine;
    engine.subscribe_many(900);
    engine.push.streams = 50;
    std::size_t sent_before = 0;
    std::vector<Fate> fates;
    engine.push.on_reply = [&] {
      if (engine.push.requests.size() < 250 || sent_before > 0) return;
      sent_before = engine.push.requests.size();
      engine.clock.advance(Seconds{61});
      const auto now = engine.clock.now();
      const auto claim =
          engine.shards.rows.claim(engine.campaign, kSomebodyElse, now, now + Seconds{60});
      REQUIRE(std::holds_alternative<Shard>(claim));
      fates = std::get<Shard>(claim).fates;
    };
    engine.create();

    const auto left = engine.run(Seconds{0});

    CHECK(left.state == CampaignState::Sending);
    CHECK(engine.push.requests.size() == sent_before);
    CHECK(*engine.shards.fates(engine.campaign, 0) == fates);
    CHECK(engine.shards.freed.empty());
  }

  TEST_CASE("who was suspended but is not taken over goes on") {
    Engine engine;
    engine.subscribe_many(400);
    engine.push.streams = 50;
    bool suspended = false;
    engine.push.on_reply = [&] {
      if (engine.push.requests.size() > 120 && !std::exchange(suspended, true))
        engine.clock.advance(Seconds{100});
    };

    const auto done = engine.create_and_run();

    CHECK(suspended);
    CHECK(done.counts[Fate::Accepted] == 400);
    CHECK(engine.push.requests.size() == 400);
  }

  TEST_CASE("what a dead holder had handed out is unsure and sent again, the rest once") {
    Engine engine;
    engine.subscribe_many(1700);
    engine.push.streams = 20;
    struct Killed {};
    engine.push.on_reply = [&] {
      if (engine.push.requests.size() >= 333) throw Killed{};
    };
    engine.create();
    CHECK_THROWS_AS(engine.run(), Killed);
    const auto at_death = engine.push.requests.size();
    const auto settled = engine.sum().counts[Fate::Accepted];
    const auto marked = engine.sum().counts[Fate::HandedOut];
    REQUIRE(marked == ShardRun::kWindow);
    engine.push.on_reply = [] {};
    std::uint64_t most_unsure = 0;
    engine.shards.on_advance = [&](const Shard& shard) {
      most_unsure = std::max(most_unsure, shard.count(Fate::Unsure));
    };

    const auto done = engine.run();

    CHECK(most_unsure == marked);
    CHECK(done.counts[Fate::Accepted] == 1700);
    CHECK(urls_sent(engine).size() == 1700);
    CHECK(engine.push.requests.size() == 1700 + at_death - settled);
  }

  TEST_CASE("those that are put off make room at once, while another service is slow") {
    Engine engine;
    for (int i = 0; i < 10; ++i) engine.subscribe("https://other.example.net/" + std::to_string(i));
    engine.subscribe_many(1000);
    engine.subscribe("https://other.example.net/last");
    engine.services.note({.service = testing::kService,
                          .rest_until = engine.clock.now() + Seconds{500},
                          .denied_since = std::nullopt,
                          .reason = "503"});
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{8}}; };
    const auto start = engine.clock.now();

    const auto done = engine.create_and_run();

    CHECK(done.counts[Fate::Accepted] == 1011);
    CHECK(engine.push.requests[10].url == "https://other.example.net/last");
    CHECK(engine.push.requests[10].at == start);
    CHECK(engine.push.requests[11].at - start >= Seconds{500});
  }
}

}  // namespace
}  // namespace lamppost::core
