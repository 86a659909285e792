// Who asks for one answer waits for the budget at most. The stream of lines is in
// campaign_stream_test.cpp.

#include "lib/web/sending.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using core::CampaignState;
using testing::AdminDesk;
using testing::endpoint_url;

constexpr auto kSend = R"({"title":"T","send":true})";
constexpr Time kBegin{Seconds{1'800'000'000}};

std::int64_t count(const Response& response, const char* name) {
  const auto campaign = testing::body_of(response);
  return *campaign.find("counts")->object()->find(name)->integer();
}

std::string state_of(const Response& response) {
  return *testing::body_of(response).find("state")->text();
}

TEST_SUITE("web.sending") {
  TEST_CASE("a push service that takes its time is waited for until the budget ends: 202") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};

    const auto response = desk.create(kSend);

    CHECK(response.status == 202);
    CHECK(state_of(response) == "sending");
    CHECK(desk.clock.now() - kBegin >= kBudget);
    CHECK(desk.clock.now() - kBegin <= kBudget + Seconds{1});  // and what was in flight
    CHECK(count(response, "accepted") == static_cast<std::int64_t>(desk.push.requests().size()));
    CHECK(count(response, "accepted") + count(response, "waiting") == 1000);
    CHECK(count(response, "unsure") == 0);
  }

  TEST_CASE("what was not settled in the budget goes on without the caller, everybody once") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};
    desk.create(kSend);
    REQUIRE(desk.campaigns.due(desk.clock.now()) == std::vector{CampaignId{1}});
    desk.push.reply_time = Seconds{0};

    const auto done = desk.go_on({1});

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts[core::Fate::Accepted] == 1000);
    CHECK(desk.push.requests().size() == 1000);
  }

  TEST_CASE("what is put off is tried again within the budget") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.push.script[endpoint_url("1")] = {.status = 503};
    int rounds = 0;
    desk.shards.after = [&](std::string_view call) {
      if (call == "claim" && ++rounds == 2) desk.push.script.clear();
    };

    const auto response = desk.create(kSend);

    CHECK(response.status == 200);
    CHECK(count(response, "accepted") == 2);
    CHECK(desk.push.requests().size() == 3);
    CHECK(desk.clock.now() - kBegin < Seconds{10});  // 5 s, stretched by 0.5 to 1.5
  }

  TEST_CASE("what will not be tried within the budget is not waited for: 202 before it ends") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.push.script[endpoint_url("1")] = {.status = 503, .retry_after = Seconds{120}};

    const auto response = desk.create(kSend);

    CHECK(response.status == 202);
    CHECK(state_of(response) == "sending");
    CHECK(count(response, "accepted") == 1);
    CHECK(count(response, "waiting") == 1);
    CHECK(desk.clock.now() - kBegin < Seconds{10});
  }

  TEST_CASE("asked to stop, it stays for the next one to go on: 202") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.stopped = true;

    const auto response = desk.create(kSend);

    CHECK(response.status == 202);
    CHECK(state_of(response) == "preparing");
    CHECK(desk.campaigns.due(desk.clock.now()) == std::vector{CampaignId{1}});
    CHECK(desk.push.requests().empty());
  }

  TEST_CASE("two callers on one campaign share the work, and each tells how all of it stands") {
    AdminDesk desk;
    desk.subscribe_many(core::kShardSize + 1000);
    std::optional<Response> other;
    desk.subscriptions.before = [&](std::string_view call) {
      if (call != "read" || other) return;
      other.emplace();
      other = desk.say("send", {1});
    };

    const auto response = desk.create(kSend);

    // The first holds a shard; the other does the rest, and waits for the first in vain.
    CHECK(other->status == 202);
    const auto done_by_other = count(*other, "accepted");
    CHECK((done_by_other == 1000 || done_by_other == core::kShardSize));
    CHECK(count(response, "accepted") == core::kShardSize + 1000);
    CHECK(desk.push.requests().size() == core::kShardSize + 1000);
    CHECK(desk.go_on({1}).state == CampaignState::Finished);
  }
}

}  // namespace
}  // namespace lamppost::web
