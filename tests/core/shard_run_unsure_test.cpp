// A try without an answer: the browser may have the message.

#include <doctest/doctest.h>

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
Answer no_answer(bool left) { return testing::TimedPushService::no_answer(left); }

TEST_SUITE("core.shard_run_unsure") {
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
    engine.shards.reopen(engine.campaign, Fate::UnsureKept, Fate::UnsureAsked, now);
    engine.push.requests.clear();

    const auto done = engine.run();

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts[Fate::Accepted] == 2);
    CHECK(engine.push.requests.size() == 2);
    CHECK(done.services.at(testing::kService).counts.audience() == 1);
    CHECK(done.services.at("web.push.apple.com").counts.audience() == 1);
  }

  TEST_CASE("the owner's word holds over a service's rests, and once no answer came it is spent") {
    Engine engine;
    const auto apple = engine.subscribe("https://web.push.apple.com/lost");
    engine.push.answer = Script{{no_answer(true), {.status = 503}, no_answer(true), {}}};
    engine.create_and_run(kWeek);
    REQUIRE(engine.fate(apple) == Fate::UnsureKept);
    const auto now = engine.clock.now();
    engine.campaigns.set_state(engine.campaign, {CampaignState::Finished}, CampaignState::Sending,
                               "", now);
    engine.shards.reopen(engine.campaign, Fate::UnsureKept, Fate::UnsureAsked, now);

    engine.run();

    CHECK(engine.push.requests.size() == 3);
    CHECK(engine.fate(apple) == Fate::UnsureKept);
  }

  TEST_CASE("at Apple the owner's word sends it so that the service worker decides") {
    Engine engine;
    const auto apple = engine.subscribe("https://web.push.apple.com/lost");
    const auto long_payload = R"({"web_push":8030,"notification":{"title":"T"}})";
    std::vector<std::size_t> sizes;
    engine.push.on_body = [&](const Bytes& body) { sizes.push_back(body.size()); };
    engine.push.answer = Script{{no_answer(true), {}}};
    engine.create(kWeek, long_payload);
    engine.run();
    const auto now = engine.clock.now();
    engine.campaigns.set_state(engine.campaign, {CampaignState::Finished}, CampaignState::Sending,
                               "", now);
    engine.shards.reopen(engine.campaign, Fate::UnsureKept, Fate::UnsureAsked, now);

    engine.run();

    CHECK(engine.fate(apple) == Fate::Accepted);
    REQUIRE(sizes.size() == 2);
    CHECK(sizes[0] - sizes[1] == std::string_view(R"("web_push":8030,)").size());
  }
}

}  // namespace
}  // namespace lamppost::core
