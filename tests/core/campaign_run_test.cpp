// From an order to the last shard: the audience is fixed, the work is shared, and it is told.

#include "lib/core/campaign_run.h"

#include <doctest/doctest.h>

#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using testing::Engine;
using Answer = testing::TimedPushService::Answer;

constexpr Seconds kEver{1'000'000};

Progress run(Engine& engine, const StopCheck& stop) {
  CampaignRun other(engine.ports);
  return other.run(engine.campaign, kEver, stop, [](const Progress&) {});
}

TEST_SUITE("core.campaign_run") {
  TEST_CASE("an audience of nobody is finished at once") {
    Engine engine;

    const auto done = engine.create_and_run();

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts.audience() == 0);
    CHECK(done.id == engine.campaign);
  }

  TEST_CASE("a campaign that is not there, or not to be sent, is left alone") {
    Engine engine;
    engine.subscribe_many(1);
    engine.create();
    const auto there = engine.campaign;
    engine.campaign = {99};
    const auto start = engine.clock.now();
    CHECK_THROWS_AS(engine.run(), Failure);
    CHECK(engine.clock.now() == start);

    engine.campaign = there;
    using enum CampaignState;
    for (const auto state : {Draft, Scheduled, Paused, Finished, Cancelled, Expired}) {
      CAPTURE(to_text(state));
      engine.campaigns.set_state(there, {engine.state()}, state, "", start);
      CHECK(engine.run().state == state);
    }
    CHECK(engine.push.requests.empty());
  }

  TEST_CASE("a scheduled one waits for its time, and then goes to its audience") {
    Engine engine;
    const auto apple = engine.subscribe("https://web.push.apple.com/a");
    engine.subscribe_many(2);
    NewCampaign order{};
    order.state = CampaignState::Scheduled;
    order.audience = "service:apple";
    order.send_at = engine.clock.now() + Seconds{60};
    engine.campaign = engine.campaigns.create(order, engine.clock.now()).id;
    CHECK(engine.run().state == CampaignState::Scheduled);
    CHECK(engine.push.requests.empty());

    engine.clock.advance(Seconds{60});
    const auto done = engine.run();

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts.audience() == 1);
    CHECK(engine.fate(apple) == Fate::Accepted);
    CHECK(engine.campaigns.read(engine.campaign)->started_at == order.send_at);
  }

  TEST_CASE("whom it is for and cannot be read is nobody, not everybody") {
    Engine engine;
    engine.subscribe_many(2);
    NewCampaign order{};
    order.audience = "lang:de ||";
    engine.campaign = engine.campaigns.create(order, engine.clock.now()).id;

    CHECK(engine.run().state == CampaignState::Cancelled);

    CHECK(engine.push.requests.empty());
    CHECK(engine.campaigns.read(engine.campaign)->reason == "whom it is for is not readable");
  }

  TEST_CASE("who comes after the audience was fixed is not sent to") {
    Engine engine;
    engine.subscribe_many(600);
    bool late = false;
    engine.push.on_reply = [&] {
      if (!std::exchange(late, true)) engine.subscribe_many(50, 600);
    };

    const auto done = engine.create_and_run();

    CHECK(done.counts.audience() == 600);
    CHECK(engine.push.requests.size() == 600);
  }

  TEST_CASE("a big audience is cut into shards, and a dead cutter's work is gone on with") {
    constexpr std::size_t kMany = 2 * kShardSize + 1;
    for (const std::size_t dies_at : {3u, 4u, 5u, 8u, 9u, 10u, 12u, 13u, 14u}) {
      CAPTURE(dies_at);
      Engine engine;
      std::vector<SubscriptionId> audience;
      for (std::uint64_t i = 1; i <= kMany; ++i) audience.push_back({i});
      engine.create();
      struct Killed {};
      std::size_t calls = 0;
      // The real one would be asked for 10 001 subscriptions; ids are all that a cut needs.
      struct Ids final : SubscriptionStore {
        std::vector<SubscriptionId> ids;
        Put put(const NewSubscription&, Time) override { throw Failure("not asked for"); }
        bool remove(std::string_view) override { throw Failure("not asked for"); }
        std::vector<Subscription> read(std::span<const SubscriptionId>) override { return {}; }
        void mark_gone(std::span<const SubscriptionId>, Time) override {}
        AudienceCount count(const Audience&, Time) override { throw Failure("not asked for"); }
        std::vector<SubscriptionId> select(const Audience&, SubscriptionId after, std::size_t limit,
                                           Time) override {
          const auto first = std::ranges::upper_bound(ids, after);
          const auto rest = static_cast<std::size_t>(ids.end() - first);
          return {first, first + static_cast<std::ptrdiff_t>(std::min(limit, rest))};
        }
      } ids;
      ids.ids = audience;
      SendingPorts ports{ids,         engine.campaigns, engine.shards, engine.services,
                         engine.push, engine.vapid,     engine.policy, engine.clock};
      engine.before_each_call([&](const std::string&) {
        if (++calls == dies_at) throw Killed{};
      });
      const auto work = [&] {
        CampaignRun cutter(ports);
        return cutter.run(
            engine.campaign, kEver, [] { return false; }, [](const Progress&) {});
      };
      CHECK_THROWS_AS(work(), Killed);
      engine.before_each_call([](const auto&) {});

      const auto done = work();

      CHECK(done.state == CampaignState::Finished);
      CHECK(done.counts[Fate::Skipped] == kMany);
      CHECK(engine.shards.cut_so_far(engine.campaign).shards == 3);
      CHECK(engine.shards.cut_so_far(engine.campaign).last == audience.back());
      CHECK(engine.shards.fates(engine.campaign, 0)->size() == kShardSize);
      CHECK(engine.shards.fates(engine.campaign, 2)->size() == 1);
    }
  }

  TEST_CASE("two that cut at the same time lose and repeat nobody, wherever they meet") {
    for (std::size_t meet_at = 1; meet_at <= 12; ++meet_at) {
      CAPTURE(meet_at);
      Engine engine;
      engine.subscribe_many(700);
      engine.create();
      std::size_t calls = 0;
      bool met = false;
      engine.before_each_call([&](const std::string&) {
        if (++calls != meet_at) return;
        met = true;
        // The other one waits for the lease of the cut, takes it, and goes on to the end.
        run(engine, [] { return false; });
      });

      const auto done = engine.run();

      CHECK(met);
      CHECK(done.state == CampaignState::Finished);
      CHECK(done.counts[Fate::Accepted] == 700);
      CHECK(engine.push.requests.size() == 700);
      CHECK(engine.shards.cut_so_far(engine.campaign).shards == 1);
    }
  }

  TEST_CASE("who comes while another cuts waits for it and then helps") {
    Engine engine;
    engine.subscribe_many(10);
    engine.create();
    const auto start = engine.clock.now();
    engine.campaigns.lease_cut(engine.campaign, LeaseOwner{1}, start, start + Seconds{60});

    const auto done = engine.run();

    CHECK(engine.clock.now() - start >= Seconds{60});
    CHECK(engine.clock.now() - start <= Seconds{63});
    CHECK(done.counts[Fate::Accepted] == 10);
  }

  TEST_CASE("how it stands is told at least every five seconds, and the counts are sums") {
    Engine engine;
    engine.subscribe_many(400);
    engine.push.streams = 20;
    int tries = 0;
    engine.push.answer = [&](const auto&) -> Answer {
      if (++tries == 100) return {.status = 429, .retry_after = Seconds{300}};
      return {.after = Seconds{1}};
    };
    const auto start = engine.clock.now();

    const auto done = engine.create_and_run();

    REQUIRE(engine.told.size() > 50);
    auto last = start;
    std::uint64_t accepted = 0;
    for (const auto& [at, progress] : engine.told) {
      CHECK(at - last <= CampaignRun::kTellEvery);
      last = at;
      CHECK(progress.counts.audience() == 400);
      CHECK(progress.counts[Fate::Accepted] >= accepted);
      CHECK(progress.state == CampaignState::Sending);
      accepted = progress.counts[Fate::Accepted];
    }
    CHECK(engine.clock.now() - last <= CampaignRun::kTellEvery);
    CHECK(done.counts[Fate::Accepted] == 400);
  }

  TEST_CASE("who has no patience leaves when everything must rest, and says that it goes on") {
    Engine engine;
    engine.subscribe_many(10);
    engine.push.answer = [](const auto&) -> Answer {
      return {.status = 429, .retry_after = Seconds{100}};
    };
    engine.create();
    const auto start = engine.clock.now();

    const auto left = engine.run(Seconds{60});

    CHECK(left.state == CampaignState::Sending);
    CHECK(left.counts.waiting() == 10);
    CHECK(engine.clock.now() - start <= Seconds{20});

    engine.clock.advance(Seconds{100});
    engine.push.answer = [](const auto&) { return Answer{}; };
    CHECK(engine.run(Seconds{60}).counts[Fate::Accepted] == 10);
  }

  TEST_CASE("a stop is heard while everything rests") {
    Engine engine;
    engine.subscribe_many(1);
    engine.push.answer = [](const auto&) -> Answer {
      return {.status = 429, .retry_after = Seconds{3000}};
    };
    const auto end = engine.clock.now() + Seconds{50};
    engine.stop = [&] { return engine.clock.now() >= end; };

    const auto stopped = engine.create_and_run();

    CHECK(stopped.state == CampaignState::Sending);
    CHECK(engine.clock.now() - end <= Seconds{2});
  }

  TEST_CASE("two campaigns to the same audience both reach everybody") {
    Engine engine;
    engine.subscribe_many(300);
    const auto first = engine.create();
    const auto second = engine.create();
    CHECK(engine.run().counts[Fate::Accepted] == 300);
    engine.campaign = first;
    engine.shards.places.clear();
    CHECK(second != first);

    CHECK(engine.run().counts[Fate::Accepted] == 300);
    CHECK(engine.push.requests.size() == 600);
  }
}

}  // namespace
}  // namespace lamppost::core
