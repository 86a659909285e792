// What becomes of each recipient, and of its subscription.

#include <doctest/doctest.h>

#include "lib/core/campaign_run.h"
#include "tests/core/sending.h"

namespace lamppost::core {
namespace {

using fakes::ScriptedPushService;
using testing::endpoint_url;
using testing::Sending;
using Answer = ScriptedPushService::Answer;

std::size_t gone_rows(const Sending& sending) {
  return static_cast<std::size_t>(
      std::ranges::count_if(sending.subscriptions.rows.rows(),
                            [](const auto& entry) { return entry.second.gone_at.has_value(); }));
}

TEST_SUITE("core.campaign_run_fates") {
  TEST_CASE("fates come in the order of the ids, whatever the order of the replies") {
    using enum ScriptedPushService::Order;
    for (const auto order : {AsAsked, Reversed, Shuffled}) {
      CAPTURE(static_cast<int>(order));
      Sending sending;
      sending.subscribe_many(6);
      sending.push.order = order;
      sending.push.script[endpoint_url("1")] = {.status = 410};
      sending.push.script[endpoint_url("2")] = {.status = 500};
      sending.push.script[endpoint_url("4")] = ScriptedPushService::no_answer(true, "timed out");
      sending.subscribe(endpoint_url("foreign"), 99);

      const auto done = sending.run();

      CHECK(sending.fates == std::vector{Fate::Accepted, Fate::Gone, Fate::Failed, Fate::Accepted,
                                         Fate::Unsure, Fate::Accepted, Fate::Skipped});
      CHECK(done.counts[Fate::Accepted] == 3);
      CHECK(done.counts[Fate::Gone] == 1);
      CHECK(done.counts[Fate::Failed] == 1);
      CHECK(done.counts[Fate::Unsure] == 1);
      CHECK(done.counts[Fate::Skipped] == 1);
      CHECK(done.counts.audience() == 7);
    }
  }

  TEST_CASE("404 and 410 end a subscription, in one call for each page") {
    Sending sending;
    sending.subscribe_many(700);
    for (const auto* name : {"3", "9", "499", "650"})
      sending.push.script[endpoint_url(name)] = {.status = *name == '9' ? 404 : 410};

    sending.run();

    const auto& calls = sending.subscriptions.marked_gone;
    REQUIRE(calls.size() == 2);
    CHECK(calls[0] == std::vector<SubscriptionId>{{4}, {10}, {500}});
    CHECK(calls[1] == std::vector<SubscriptionId>{{651}});
    CHECK(gone_rows(sending) == 4);
  }

  TEST_CASE("who is gone is not sent to the next time") {
    Sending sending;
    sending.subscribe_many(2);
    sending.push.script[endpoint_url("0")] = {.status = 410};
    sending.run();

    const auto again = sending.run();

    CHECK(again.counts.audience() == 1);
    CHECK(sending.push.requests().back().url == endpoint_url("1"));
  }

  TEST_CASE("nothing else ever touches a subscription") {
    const std::vector<Answer> answers{
        {.status = 200},
        {.status = 201},
        {.status = 204},
        {.status = 301},
        {.status = 400},
        {.status = 400, .detail = R"({"reason":"VapidPkHashMismatch"})"},
        {.status = 401},
        {.status = 403},
        {.status = 405},
        {.status = 406},
        {.status = 408},
        {.status = 411},
        {.status = 413},
        {.status = 425},
        {.status = 429, .retry_after = Seconds{60}},
        {.status = 500},
        {.status = 502},
        {.status = 503},
        {.status = 100},
        {.status = 999},
        ScriptedPushService::no_answer(true, "the connection broke"),
        ScriptedPushService::no_answer(false, "could not connect")};
    for (const auto& answer : answers) {
      CAPTURE(answer.status.value_or(0));
      CAPTURE(answer.left);
      Sending sending;
      sending.subscribe_many(3);
      sending.push.otherwise = answer;

      const auto done = sending.run();

      CHECK(sending.subscriptions.marked_gone.empty());
      CHECK(sending.subscriptions.rows.rows().size() == 3);
      CHECK(gone_rows(sending) == 0);
      CHECK(done.counts.audience() == 3);
      CHECK(done.counts[Fate::Gone] == 0);
      CHECK(done.counts.waiting() == 0);
    }
  }

  TEST_CASE("a reply is a fate") {
    const auto fate = [](std::optional<int> status, bool left) {
      return to_fate({.tag = 0, .status = status, .left = left, .retry_after = {}, .detail = ""});
    };

    for (const int status : {200, 201, 202, 204}) CHECK(fate(status, true) == Fate::Accepted);
    for (const int status : {404, 410}) CHECK(fate(status, true) == Fate::Gone);
    for (const int status : {302, 400, 401, 403, 406, 413, 429, 500, 503}) {
      CAPTURE(status);
      CHECK(fate(status, true) == Fate::Failed);
    }
    CHECK(fate(std::nullopt, true) == Fate::Unsure);
    CHECK(fate(std::nullopt, false) == Fate::Failed);
  }

  TEST_CASE("rows that no door let in are skipped and counted, the others go on") {
    Sending sending;
    sending.subscribe("http://push.example.net/plain");
    sending.subscribe("https://push.example.net@evil.com/x");
    sending.subscribe("https://169.254.169.254/latest");
    sending.subscribe("");
    sending.subscribe("https://gone.example.com/was-allowed-once");
    sending.subscribe(endpoint_url("fine"));
    auto broken = testing::subscription(endpoint_url("off-the-curve"));
    auto point = broken.recipient.key.point();
    point[40] = static_cast<std::uint8_t>(point[40] + 1);
    broken.recipient.key = webpush::PublicKey::trusted(point);
    sending.subscriptions.put(broken, sending.clock.now());

    const auto done = sending.run();

    REQUIRE(sending.push.requests().size() == 1);
    CHECK(sending.push.requests()[0].url == endpoint_url("fine"));
    CHECK(sending.fates == std::vector{Fate::Skipped, Fate::Skipped, Fate::Skipped, Fate::Skipped,
                                       Fate::Skipped, Fate::Accepted, Fate::Skipped});
    CHECK(done.counts[Fate::Skipped] == 6);
    CHECK(gone_rows(sending) == 0);
    CHECK(done.services.at("gone.example.com")
              .reasons.at("endpoint is not at a known push service") == 1);
    CHECK(done.services.at("push.example.net").counts[Fate::Skipped] == 1);
  }

  TEST_CASE("an endpoint that is no URL is not shown as the name of a push service") {
    Sending sending;
    sending.subscribe("http://push.example.net/secret");
    sending.subscribe("javascript:secret");
    sending.subscribe("12345678secret");

    const auto done = sending.run();

    REQUIRE(done.services.size() == 1);
    CHECK(done.services.at("unknown").counts[Fate::Skipped] == 3);
    for (const auto& [reason, count] : done.services.at("unknown").reasons)
      CHECK(reason.find("secret") == std::string::npos);
  }

  TEST_CASE("a subscription of a key that is not held here is skipped and the reason said") {
    Sending sending;
    sending.subscribe(endpoint_url("a"), 99);

    const auto done = sending.run();

    CHECK(sending.push.requests().empty());
    CHECK(done.state == CampaignState::Finished);
    const auto& service = done.services.at("push.example.net");
    CHECK(service.counts[Fate::Skipped] == 1);
    CHECK(service.reasons.at("made with a VAPID key that is not held here") == 1);
  }

  TEST_CASE("counts are kept for each push service") {
    Sending sending;
    sending.subscribe_many(2);
    sending.subscribe("https://a.push.example.org/x");
    sending.push.script["https://a.push.example.org/x"] = {.status = 403, .detail = "no"};

    const auto done = sending.run();

    REQUIRE(done.services.size() == 2);
    CHECK(done.services.at("push.example.net").counts[Fate::Accepted] == 2);
    CHECK(done.services.at("push.example.net").reasons.empty());
    CHECK(done.services.at("a.push.example.org").counts[Fate::Failed] == 1);
    CHECK(done.services.at("a.push.example.org").reasons.at("403 no") == 1);
  }

  TEST_CASE("a reason is the status and the service's own word") {
    const auto reason = [](std::optional<int> status, std::string detail) {
      return to_reason(
          {.tag = 0, .status = status, .left = true, .retry_after = {}, .detail = detail});
    };

    CHECK(reason(201, "Created").empty());
    CHECK(reason(410, "") == "410");
    CHECK(reason(403, R"({"reason":"BadJwtToken"})") == "403 BadJwtToken");
    CHECK(reason(401, R"({"code":401,"error":"Unauthorized","message":"bad"})") == "401 bad");
    CHECK(reason(404, R"({"error":"NotFound"})") == "404 NotFound");
    CHECK(reason(400, R"({"reason":7,"x":1})") == R"(400 {"reason":7,"x":1})");
    CHECK(reason(413, "<html>too large") == "413 <html>too large");
    CHECK(reason(400, R"({"reason":"\u001b[31m\n"})") == "400 ?[31m?");
    CHECK(reason(500, std::string(150, 'x')).size() == std::string("500 ").size() + 100);
    CHECK(reason(std::nullopt, "could not connect") == "could not connect");
  }

  TEST_CASE("neither a service's words nor strangers' hosts grow without bound") {
    Sending sending;
    for (int i = 0; i < 150; ++i) {
      const auto number = std::to_string(i);
      const auto spread = "https://h" + number + ".push.example.org/x";
      sending.subscribe(endpoint_url(number));
      sending.subscribe(spread);
      sending.push.script[endpoint_url(number)] = {.status = 400, .detail = "request " + number};
    }

    const auto done = sending.run();

    const auto& chatty = done.services.at("push.example.net");
    CHECK(chatty.reasons.size() == 21);
    CHECK(chatty.reasons.at("other") == 130);
    CHECK(chatty.counts[Fate::Failed] == 150);
    CHECK(done.services.size() == 101);
    CHECK(done.services.at("other").counts[Fate::Accepted] == 51);
  }
}

}  // namespace
}  // namespace lamppost::core
