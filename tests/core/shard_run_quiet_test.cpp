// Subscribers who want to be left in peace: paused, or in their quiet hours.

#include <doctest/doctest.h>

#include "lib/core/shard_run.h"
#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using std::chrono::hours;
using testing::endpoint_url;
using testing::Engine;

// The clock of the tests stands at eight in the morning, UTC.
constexpr QuietHours kMorning{hours{7}, hours{10}};
constexpr Seconds kLooks{2};  // a run that rests looks again every so often

struct Town : Engine {
  fakes::MemorySubscriptionStore::Row& row(SubscriptionId id) {
    return subscriptions.rows().at(id);
  }
  SubscriptionId quiet(const std::string& name, const std::string& zone = "UTC") {
    const auto id = subscribe(endpoint_url(name));
    row(id).quiet_hours = kMorning;
    row(id).content.timezone = zone;
    return id;
  }
  CampaignId create_urgent() {
    NewCampaign order{};
    order.message.urgency = webpush::Urgency::High;
    return campaign = campaigns.create(order, clock.now()).id;
  }
};

TEST_SUITE("core.shard_run_quiet") {
  TEST_CASE("in quiet hours one is put off until they end, and nobody waits for that") {
    Town town;
    const auto quiet = town.quiet("quiet");
    const auto other = town.subscribe(endpoint_url("other"));
    const auto start = town.clock.now();

    const auto done = town.create_and_run();

    CHECK(town.fate(quiet) == Fate::Accepted);
    CHECK(town.fate(other) == Fate::Accepted);
    REQUIRE(town.push.requests.size() == 2);
    CHECK(town.push.requests[0].url == endpoint_url("other"));
    CHECK(town.push.requests[0].at == start);
    CHECK(town.push.requests[1].at >= start + hours{2});
    CHECK(town.push.requests[1].at <= start + hours{2} + kLooks);
    CHECK(done.state == CampaignState::Finished);
  }

  TEST_CASE("a run without patience leaves it to the one that comes when they have ended") {
    Town town;
    const auto quiet = town.quiet("quiet");
    town.create();

    CHECK(town.run(Seconds{30}).state == CampaignState::Sending);
    CHECK(town.fate(quiet) == Fate::Waiting);
    CHECK(town.push.requests.empty());
    town.clock.advance(hours{2});
    CHECK(town.run(Seconds{30}).state == CampaignState::Finished);

    CHECK(town.fate(quiet) == Fate::Accepted);
  }

  TEST_CASE("each by their own clock") {
    Town town;
    const auto here = town.quiet("here");
    const auto there = town.quiet("there", "Asia/Kolkata");  // half past one

    town.create();
    town.run(Seconds{0});

    CHECK(town.fate(here) == Fate::Waiting);
    CHECK(town.fate(there) == Fate::Accepted);
  }

  TEST_CASE("what is urgent goes through") {
    Town town;
    const auto quiet = town.quiet("quiet");

    town.create_urgent();
    town.run(Seconds{0});

    CHECK(town.fate(quiet) == Fate::Accepted);
  }

  TEST_CASE("quiet hours that outlast the campaign let it expire at its end, not later") {
    Town town;
    const auto quiet = town.quiet("quiet");
    const auto start = town.clock.now();

    const auto done = town.create_and_run(Seconds{3600});

    CHECK(done.state == CampaignState::Finished);
    CHECK(town.fate(quiet) == Fate::Expired);
    CHECK(town.push.requests.empty());
    CHECK(town.clock.now() - start <= Seconds{3600} + kLooks);
  }

  TEST_CASE("what is for now or never is not kept for later") {
    Town town;
    const auto quiet = town.quiet("quiet");

    const auto done = town.create_and_run(Seconds{0});

    CHECK(town.fate(quiet) == Fate::Skipped);
    CHECK(done.services.at(testing::kService).reasons.at("quiet hours") == 1);
  }

  TEST_CASE("who was put off has all its tries left") {
    Town town;
    const auto quiet = town.quiet("quiet");
    int tries = 0;
    town.push.answer = [&](const auto&) -> testing::TimedPushService::Answer {
      return {.status = ++tries < 3 ? 503 : 201};
    };

    town.create_and_run();

    CHECK(tries == 3);
    CHECK(town.fate(quiet) == Fate::Accepted);
  }

  TEST_CASE("who has paused since the audience was fixed is skipped, with the reason") {
    Town town;
    const auto paused = town.subscribe(endpoint_url("paused"));
    const auto other = town.subscribe(endpoint_url("other"));
    const auto over = town.subscribe(endpoint_url("over"));
    town.shards.on_claim = [&](const Shard&) {
      town.row(paused).paused_until = town.clock.now() + hours{24};
      town.row(over).paused_until = town.clock.now();
    };

    const auto done = town.create_and_run();

    CHECK(town.fate(paused) == Fate::Skipped);
    CHECK(town.fate(other) == Fate::Accepted);
    CHECK(town.fate(over) == Fate::Accepted);
    CHECK(done.services.at(testing::kService).reasons.at("paused") == 1);
  }

  TEST_CASE("one that may have it already and has paused since stays unsure") {
    Town town;
    const auto paused = town.subscribe(endpoint_url("paused"));
    town.push.answer = [&](const auto&) -> testing::TimedPushService::Answer {
      town.row(paused).paused_until = town.clock.now() + hours{24};
      return {.status = std::nullopt, .left = true};
    };

    town.create_and_run();

    CHECK(town.push.requests.size() == 1);
    CHECK(town.fate(paused) == Fate::UnsureKept);
  }
}

}  // namespace
}  // namespace lamppost::core
