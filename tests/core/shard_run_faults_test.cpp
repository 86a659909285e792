// The store is away: at any call, for any time. Without a record nothing is sent, and nobody is
// lost.

#include <doctest/doctest.h>

#include <random>

#include "lib/core/shard_run.h"
#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using testing::Engine;
using Answer = testing::TimedPushService::Answer;

constexpr std::size_t kAudience = 620;

// Every kind of answer, of which each endpoint gets one first and is then accepted, if it is not
// final.
struct Scene {
  Engine engine;
  std::map<std::string, std::size_t> accepted;
  std::size_t calls = 0;

  Scene() {
    engine.subscribe_many(kAudience);
    engine.push.streams = 40;
    std::map<std::string, std::size_t> tries;
    engine.push.answer = [this, tries](const std::string& url) mutable -> Answer {
      const bool first = tries[url]++ == 0;
      if (url.ends_with("99")) return {.status = 410};
      if (first && url.ends_with("55")) return {.status = 503};
      ++accepted[url];
      return {};
    };
    engine.create();
  }

  // Throws at the calls that `fails` picks by their number, from 1.
  void fail(bool before, const std::function<bool(std::size_t)>& fails) {
    const auto then = [this, fails](const std::string& call) {
      if (fails(++calls)) throw StoreFailure("away at " + call);
    };
    before ? engine.before_each_call(then) : engine.after_each_call(then);
  }

  void check_all_done() {
    engine.before_each_call([](const auto&) {});
    engine.after_each_call([](const auto&) {});
    const auto sum = engine.sum();
    CHECK(engine.state() == CampaignState::Finished);
    CHECK(sum.counts[Fate::Accepted] == kAudience - 6);
    CHECK(sum.counts[Fate::Gone] == 6);
    CHECK(sum.counts.audience() == kAudience);
    CHECK(accepted.size() == kAudience - 6);
  }
  void check_nobody_twice() {
    CHECK(engine.gone().size() == 6);
    for (const auto& [url, times] : accepted)
      if (times != 1) FAIL_CHECK(url << " was sent to " << times << " times");
  }
};

TEST_SUITE("core.shard_run_faults") {
  TEST_CASE("any one call may fail, before it has its effect or after") {
    for (const bool before : {true, false}) {
      for (std::size_t at = 1;; ++at) {
        CAPTURE(before);
        CAPTURE(at);
        Scene scene;
        scene.fail(before, [at](std::size_t call) { return call == at; });

        scene.engine.run();

        scene.check_all_done();
        scene.check_nobody_twice();
        if (scene.calls < at) {
          CHECK(at > 40);
          break;
        }
      }
    }
  }

  TEST_CASE("one call in so many may fail, again and again") {
    for (const bool before : {true, false}) {
      for (unsigned n = 5; n < 35; ++n) {
        CAPTURE(before);
        CAPTURE(n);
        Scene scene;
        std::mt19937 random{n};  // every n-th of all would hit the same call of every turn for ever
        scene.fail(before, [&](std::size_t) { return random() % n == 0; });

        scene.engine.run();

        scene.check_all_done();
        scene.check_nobody_twice();
      }
    }
  }

  TEST_CASE("a store that is back within the lease is waited for, and nobody is unsure") {
    for (std::size_t at = 1;; ++at) {
      CAPTURE(at);
      Scene scene;
      auto& clock = scene.engine.clock;
      std::optional<Time> back_at;
      scene.fail(true, [&](std::size_t call) {
        if (call == at) back_at = clock.now() + Seconds{40};
        return back_at && clock.now() < *back_at;
      });

      scene.engine.run();

      scene.check_all_done();
      scene.check_nobody_twice();
      if (scene.calls < at) {
        CHECK(at > 30);
        break;
      }
    }
  }

  TEST_CASE("a store that stays away interrupts the run, and the next one finishes") {
    for (std::size_t at = 1;; ++at) {
      CAPTURE(at);
      Scene scene;
      auto& engine = scene.engine;
      std::optional<Time> away_at;
      std::size_t sent_before = 0;
      scene.fail(true, [&](std::size_t call) {
        if (call == at) {
          away_at = engine.clock.now();
          sent_before = engine.push.requests.size();
        }
        return away_at.has_value();
      });

      const bool failed = [&] {
        try {
          engine.run();
          return false;
        } catch (const StoreFailure&) {
          return true;
        }
      }();
      if (!away_at) {  // there were no more calls
        CHECK(at > 30);
        break;
      }

      CHECK(failed);
      CHECK(engine.clock.now() - *away_at <= ShardRun::kLease);
      CHECK(engine.push.requests.size() - sent_before <= ShardRun::kWindow);
      const auto marked = engine.sum().counts[Fate::HandedOut];
      CHECK(marked <= ShardRun::kWindow);
      engine.before_each_call([](const auto&) {});

      engine.run();

      scene.check_all_done();
      std::size_t twice = 0;
      for (const auto& [url, times] : scene.accepted) twice += times - 1;
      CHECK(twice <= marked);
    }
  }

  TEST_CASE("a store of which one table alone stays away interrupts the run too") {
    for (const std::string table : {"subscriptions.read", "campaigns.state", "shards.advance"}) {
      CAPTURE(table);
      Scene scene;
      bool away = true;
      scene.engine.before_each_call([&](const std::string& call) {
        if (away && call == table) throw StoreFailure("away at " + call);
      });
      const auto start = scene.engine.clock.now();

      CHECK_THROWS_AS(scene.engine.run(), StoreFailure);
      CHECK(scene.engine.clock.now() - start <= Seconds{200});
      CHECK(scene.engine.push.requests.empty());

      away = false;
      scene.engine.clock.advance(ShardRun::kLease);
      scene.engine.run();
      scene.check_all_done();
      scene.check_nobody_twice();
    }
  }

  TEST_CASE("while the store is away it is asked once a second, not with every reply") {
    Engine engine;
    engine.subscribe_many(500);
    engine.push.streams = 500;
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{5}}; };
    engine.create();
    std::map<Time, int> asked;
    engine.before_each_call([&](const std::string&) {
      if (engine.push.requests.size() < 500) return;
      ++asked[engine.clock.now()];
      throw StoreFailure("away");
    });

    CHECK_THROWS_AS(engine.run(), StoreFailure);

    for (const auto& [at, times] : asked)
      CHECK(times <= 3);  // of the run, of a tick, of a last word
  }

  TEST_CASE("who is stopped while the store is away gives up after some seconds") {
    Engine engine;
    engine.subscribe_many(300);
    engine.push.streams = 30;
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{1}}; };
    engine.create();
    std::optional<Time> away_at;
    engine.push.on_reply = [&] {
      if (engine.push.requests.size() > 100 && !away_at) {
        away_at = engine.clock.now();
        engine.set_away(true);
      }
    };
    engine.stop = [&] { return away_at && engine.clock.now() >= *away_at + Seconds{2}; };

    CHECK_THROWS_AS(engine.run(), StoreFailure);

    CHECK(engine.clock.now() - *away_at <= Seconds{2 + 8});
  }

  TEST_CASE("a stop survives a store that fails once") {
    Engine engine;
    engine.subscribe_many(300);
    engine.push.streams = 30;
    engine.push.answer = [](const auto&) { return Answer{.after = Seconds{1}}; };
    engine.create();
    engine.stop = [&] { return engine.push.requests.size() > 100; };
    bool failed = false;
    engine.before_each_call([&](const std::string& call) {
      if (call == "shards.advance" && engine.stop() && !std::exchange(failed, true))
        throw StoreFailure("once");
    });

    const auto stopped = engine.run();

    CHECK(failed);
    CHECK(stopped.counts.unsure() + stopped.counts[Fate::HandedOut] == 0);
    CHECK(stopped.counts[Fate::Accepted] == engine.push.requests.size());
  }

  TEST_CASE("a rest that could not be stored is kept all the same") {
    Engine engine;
    engine.subscribe_many(200);
    engine.push.streams = 1;
    bool first = true;
    engine.push.answer = [&](const auto&) -> Answer {
      if (!std::exchange(first, false)) return {};
      return {.status = 429, .retry_after = Seconds{100}};
    };
    engine.services.before = [](std::string_view call) {
      if (call == "note") throw StoreFailure("away");
    };
    const auto start = engine.clock.now();

    const auto done = engine.create_and_run();

    CHECK(done.counts[Fate::Accepted] == 200);
    CHECK(engine.push.requests[1].at - start >= Seconds{100});
  }
}

}  // namespace
}  // namespace lamppost::core
