// What becomes of each recipient, and of its subscription: the columns "row" and "subscription" of
// the table of answers.

#include <doctest/doctest.h>

#include "lib/core/reason.h"
#include "lib/core/shard_run.h"
#include "tests/core/engine.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using testing::Engine;
using Answer = testing::TimedPushService::Answer;

Answer no_answer(bool left) { return testing::TimedPushService::no_answer(left); }

TEST_SUITE("core.shard_run_fates") {
  TEST_CASE("what one answer makes of the recipient, and that nothing but 404 and 410 touches it") {
    struct Row {
      Answer answer;
      Fate fate;  // after the first round
      bool gone = false;
    };
    const std::vector<Row> rows{
        {{.status = 200}, Fate::Accepted},
        {{.status = 201}, Fate::Accepted},
        {{.status = 202}, Fate::Accepted},
        {{.status = 204}, Fate::Accepted},
        {{.status = 404}, Fate::Gone, true},
        {{.status = 410}, Fate::Gone, true},
        {{.status = 400}, Fate::Failed},
        {{.status = 400, .detail = R"({"reason":"BadWebPushTopic"})"}, Fate::Failed},
        {{.status = 413}, Fate::Failed},
        {{.status = 405}, Fate::Failed},
        {{.status = 301}, Fate::Failed},
        {{.status = 302}, Fate::Failed},
        {{.status = 307}, Fate::Failed},
        {{.status = 100}, Fate::Failed},
        {{.status = 418}, Fate::Failed},
        {{.status = 999}, Fate::Failed},
        {{.status = 400, .detail = R"({"reason":"VapidPkHashMismatch"})"}, Fate::Later},
        {{.status = 401}, Fate::Later},
        {{.status = 403}, Fate::Later},
        {{.status = 406}, Fate::Later},
        {{.status = 408}, Fate::Later},
        {{.status = 425}, Fate::Later},
        {{.status = 429}, Fate::Later},
        {{.status = 429, .retry_after = Seconds{60}}, Fate::Later},
        {{.status = 500}, Fate::Later},
        {{.status = 502}, Fate::Later},
        {{.status = 503}, Fate::Later},
        {{.status = 504}, Fate::Later},
        {no_answer(false), Fate::Later},
        {no_answer(true), Fate::Unsure}};
    for (const auto& row : rows) {
      CAPTURE(row.answer.status.value_or(0));
      CAPTURE(row.answer.detail);
      Engine engine;
      const auto id = engine.subscribe(endpoint_url("it"));
      engine.push.answer = [&](const auto&) { return row.answer; };
      engine.create();

      engine.run(Seconds{0});

      CHECK(engine.fate(id) == row.fate);
      CHECK(engine.push.requests.size() == 1);
      CHECK(engine.subscriptions.rows().size() == 1);
      CHECK(engine.gone() ==
            (row.gone ? std::vector<SubscriptionId>{id} : std::vector<SubscriptionId>{}));
    }
  }

  TEST_CASE("counts are kept by service, with its own words for what went wrong") {
    Engine engine;
    engine.subscribe_many(3);
    engine.subscribe("https://a.push.example.org/x");
    engine.subscribe("https://a.push.example.org/y");
    engine.push.answer = [](const std::string& url) -> Answer {
      if (url.ends_with("/x")) return {.status = 400, .detail = R"({"reason":"BadTtl"})"};
      if (url.ends_with("/y")) return {.status = 410};
      return {};
    };

    const auto done = engine.create_and_run();

    REQUIRE(done.services.size() == 2);
    const auto& one = done.services.at(testing::kService);
    CHECK(one.counts[Fate::Accepted] == 3);
    CHECK(one.counts.audience() == 3);
    CHECK(one.reasons.empty());
    const auto& other = done.services.at("a.push.example.org");
    CHECK(other.counts[Fate::Failed] == 1);
    CHECK(other.counts[Fate::Gone] == 1);
    CHECK(other.reasons.at("400 BadTtl") == 1);
    CHECK(other.reasons.at("410") == 1);
  }

  TEST_CASE("rows that no door let in are skipped and counted, the others go on") {
    Engine engine;
    const std::vector<std::string> bad{"http://push.example.net/secret",
                                       "https://push.example.net@evil.com/secret",
                                       "https://169.254.169.254/secret",
                                       "javascript:secret",
                                       "12345678secret",
                                       "",
                                       "https://gone.example.com/was-allowed-once"};
    for (const auto& url : bad) engine.subscribe(url);
    const auto foreign = engine.subscribe(endpoint_url("foreign"), 99);
    const auto fine = engine.subscribe(endpoint_url("fine"));

    const auto done = engine.create_and_run();

    REQUIRE(engine.push.requests.size() == 1);
    CHECK(done.state == CampaignState::Finished);
    CHECK(engine.fate(fine) == Fate::Accepted);
    CHECK(engine.fate(foreign) == Fate::Skipped);
    CHECK(done.counts[Fate::Skipped] == bad.size() + 1);
    CHECK(engine.gone().empty());
    CHECK(done.services.at("gone.example.com")
              .reasons.at("endpoint is not at a known push service") == 1);
    CHECK(done.services.at(testing::kService)
              .reasons.at("made with a VAPID key that is not held here") == 1);
    // What stands in a bad row is not shown as the name of a service, nor as a reason.
    for (const auto& [name, service] : done.services) {
      CHECK(name.find("secret") == std::string::npos);
      CHECK(name.find('@') == std::string::npos);
      for (const auto& [reason, count] : service.reasons)
        CHECK(reason.find("secret") == std::string::npos);
    }
  }

  TEST_CASE("a key that is not on the curve spoils its own row alone") {
    Engine engine;
    auto broken = testing::subscription(endpoint_url("broken"));
    auto point = broken.recipient.key.point();
    point[40] = static_cast<std::uint8_t>(point[40] + 1);
    broken.recipient.key = webpush::PublicKey::trusted(point);
    const auto id = engine.subscriptions.put(broken, engine.clock.now()).id;
    engine.subscribe_many(2);
    NewCampaign order{};
    order.message.payload = "{}";
    engine.campaign = engine.campaigns.create(order, engine.clock.now()).id;

    const auto done = engine.run();

    CHECK(engine.fate(id) == Fate::Skipped);
    CHECK(done.counts[Fate::Accepted] == 2);
    CHECK(done.counts[Fate::Skipped] == 1);
    CHECK(engine.gone().empty());
  }

  TEST_CASE("a page of bad rows does not make the others wait") {
    Engine engine;
    for (int i = 0; i < 2500; ++i) engine.subscribe("http://bad/" + std::to_string(i));
    engine.subscribe(endpoint_url("fine"));
    const auto start = engine.clock.now();

    engine.create_and_run();

    REQUIRE(engine.push.requests.size() == 1);
    CHECK(engine.push.requests[0].at == start);
  }

  TEST_CASE("who has unsubscribed since the audience was fixed is skipped") {
    Engine engine;
    engine.subscribe_many(700);
    std::vector<std::string> removed;
    engine.push.on_reply = [&] {
      if (engine.push.requests.size() != 100 || !removed.empty()) return;
      for (const auto* name : {"500", "600", "699"}) removed.push_back(endpoint_url(name));
      for (const auto& url : removed) engine.subscriptions.remove(url);
    };

    const auto done = engine.create_and_run();

    REQUIRE(removed.size() == 3);
    for (const auto& url : removed) {
      CHECK(engine.push.sent_to(url) == 0);
      CHECK(engine.fate(url) == Fate::Skipped);
    }
    CHECK(done.counts[Fate::Skipped] == 3);
    CHECK(done.counts[Fate::Accepted] == 697);
    CHECK(done.counts.audience() == 700);
  }

  TEST_CASE("all of a shard have unsubscribed, and nobody waits for that") {
    Engine engine;
    engine.subscribe_many(2000);
    engine.create();
    engine.campaigns.after = [&](std::string_view call) {
      if (call != "set_state") return;
      for (const auto& [url, id] : engine.ids) engine.subscriptions.remove(url);
    };
    const auto start = engine.clock.now();

    const auto done = engine.run();

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts[Fate::Skipped] == 2000);
    CHECK(engine.clock.now() == start);
  }

  TEST_CASE("404 and 410 end a subscription softly, and the next campaign leaves it out") {
    Engine engine;
    engine.subscribe_many(600);
    engine.push.answer = [](const std::string& url) -> Answer {
      if (url == endpoint_url("3")) return {.status = 404};
      if (url == endpoint_url("599")) return {.status = 410};
      return {};
    };

    engine.create_and_run();
    CHECK(engine.gone() == std::vector<SubscriptionId>{{4}, {600}});
    CHECK(engine.subscriptions.rows().size() == 600);

    CHECK(engine.create_and_run().counts.audience() == 598);
  }

  TEST_CASE("a service that calls everybody gone is not believed") {
    struct Row {
      std::size_t audience;
      std::size_t gone;  // as it says
      std::size_t marked;
    };
    for (const auto& row : std::vector<Row>{{40, 40, 40},
                                            {300, 300, 50},
                                            {300, 50, 50},
                                            {1000, 180, 180},
                                            {1000, 300, 50},
                                            {3000, 3000, 50}}) {
      CAPTURE(row.audience);
      CAPTURE(row.gone);
      Engine engine;
      engine.subscribe_many(row.audience);
      engine.push.answer = [&](const std::string& url) -> Answer {
        // Spread evenly over all of them.
        const auto number = std::stoul(url.substr(url.rfind('/') + 1));
        const bool gone =
            number * row.gone / row.audience != (number + 1) * row.gone / row.audience;
        return {.status = gone ? 410 : 201};
      };

      const auto done = engine.create_and_run();

      CHECK(done.counts[Fate::Gone] == row.gone);
      CHECK(done.counts[Fate::Accepted] == row.audience - row.gone);
      CHECK(engine.gone().size() == row.marked);
    }
  }

  TEST_CASE("nor is it over many shards, and one service's lie is not another's") {
    Engine engine;
    for (int i = 0; i < 400; ++i) {
      const auto number = std::to_string(i);
      engine.subscribe(endpoint_url(number));
      engine.subscribe("https://other.example.net/" + number);
    }
    engine.create();
    engine.campaigns.set_state(engine.campaign, {CampaignState::Preparing}, CampaignState::Sending,
                               "", engine.clock.now());
    std::vector<SubscriptionId> ids;
    for (const auto& [id, row] : engine.subscriptions.rows()) ids.push_back(id);
    for (std::uint32_t i = 0; i < 10; ++i)
      engine.shards.cut(engine.campaign, i, std::span(ids).subspan(i * 80, 80));
    engine.push.answer = [](const std::string& url) -> Answer {
      if (url.starts_with("https://push.example.net/")) return {.status = 404};
      return {.status = url.ends_with("7") ? 410 : 201};
    };

    const auto done = engine.run();

    CHECK(done.counts[Fate::Gone] == 400 + 40);
    std::size_t liars = 0, others = 0;
    for (const auto id : engine.gone())
      ++(engine.subscriptions.rows().at(id).content.recipient.endpoint.url().starts_with(
             "https://push.example.net/")
             ? liars
             : others);
    CHECK(liars == 50);
    CHECK(others == 40);
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
}

}  // namespace
}  // namespace lamppost::core
