#include "lib/web/trigger.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::endpoint_url;
using testing::refusal_of;
using testing::TextSink;

constexpr auto kHello = R"({"title":"Hello","body":"World"})";

std::string streamed(const Response& response) {
  TextSink sink;
  REQUIRE(response.stream);
  response.stream(sink);
  return sink.text();
}

TEST_SUITE("web.trigger") {
  TEST_CASE("one subscription that was accepted is one true") {
    AdminDesk desk;
    desk.subscribe_many(1);

    const auto response = desk.trigger(kHello);

    CHECK(response.status == 200);
    CHECK(response.type == "application/json");
    CHECK(streamed(response) == R"({"status":"success","result":[true]})");
  }

  TEST_CASE("nobody is an empty list") {
    AdminDesk desk;

    CHECK(streamed(desk.trigger(kHello)) == R"({"status":"success","result":[]})");
    CHECK(desk.kept().at(0).state == core::CampaignState::Finished);
  }

  TEST_CASE("the order is that of the ids, and only what was accepted is true") {
    AdminDesk desk;
    desk.subscribe_many(5);
    desk.subscribe(endpoint_url("foreign"), 99);
    desk.push.order = fakes::ScriptedPushService::Order::Reversed;
    auto& script = desk.push.script;
    script[endpoint_url("1")] = {.status = 410};
    script[endpoint_url("2")] = {.status = 400};

    CHECK(streamed(desk.trigger(kHello)) ==
          R"({"status":"success","result":[true,false,false,true,true,false]})");
  }

  TEST_CASE("over several shards it is one list") {
    AdminDesk desk;
    desk.subscribe_many(core::kShardSize + 2);
    desk.push.script[endpoint_url("0")] = {.status = 400};
    desk.push.script[endpoint_url("5001")] = {.status = 400};

    const auto whole = json::parse_object(streamed(desk.trigger(kHello)));

    REQUIRE(whole);
    const auto* result = whole->find("result")->array();
    REQUIRE(result->size() == 5002);
    CHECK_FALSE(*result->front().boolean());
    CHECK_FALSE(*result->back().boolean());
    CHECK(std::ranges::count_if(*result, [](const auto& one) { return *one.boolean(); }) == 5000);
  }

  TEST_CASE("the head is written at once, and a sign of life every 5 s") {
    AdminDesk desk;
    desk.subscribe_many(12);
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};
    std::vector<std::int64_t> at;  // each write
    TextSink sink;
    sink.after_write = [&](std::string_view) {
      at.push_back(desk.clock.now().time_since_epoch().count() - 1'800'000'000);
    };

    desk.trigger(kHello).stream(sink);

    CHECK(at == std::vector<std::int64_t>{0, 5, 10, 12, 12});
    CHECK(sink.text() == R"({"status":"success","result":[  true,true,true,true,true,true,)"
                         R"(true,true,true,true,true,true]})");
  }

  TEST_CASE("what is not settled when the budget ends is false, and goes on") {
    AdminDesk slow, put_off;
    for (auto* desk : {&slow, &put_off}) desk->subscribe_many(60);
    slow.push.streams = 1;
    slow.push.reply_time = Seconds{1};
    put_off.push.script[endpoint_url("7")] = {.status = 503, .retry_after = Seconds{120}};

    for (auto* desk : {&slow, &put_off}) {
      const auto whole = json::parse_object(streamed(desk->trigger(kHello)));
      REQUIRE(whole);
      const auto* result = whole->find("result")->array();
      REQUIRE(result->size() == 60);
      CHECK_FALSE(*(*result)[desk == &slow ? 59 : 7].boolean());
      CHECK(*(*result)[0].boolean());
      CHECK(desk->clock.now() <= Time{Seconds{1'800'000'052}});
      CHECK(desk->campaigns.due(desk->clock.now()) == std::vector{CampaignId{1}});

      desk->push.script.clear();
      CHECK(desk->go_on({1}).counts[core::Fate::Accepted] == 60);
    }
    CHECK(slow.push.requests().size() == 60);
    CHECK(put_off.push.requests().size() == 61);
  }

  TEST_CASE("what breaks off in the middle is no JSON, so that nobody takes it for the whole") {
    AdminDesk stopped, away, away_at_end;
    for (auto* desk : {&stopped, &away, &away_at_end}) desk->subscribe_many(core::kShardSize + 1);
    stopped.shards.before = [&](auto call) { stopped.stopped = call == "cut"; };
    away.subscriptions.before = [&](auto call) { away.set_away(call == "read"); };
    int shards = 0;
    away_at_end.shards.before = [&](auto call) {
      if (call == "fates" && ++shards == 2) away_at_end.set_away(true);
    };

    for (auto* desk : {&stopped, &away, &away_at_end}) {
      const auto text = streamed(desk->trigger(kHello));
      CHECK(text.starts_with(R"({"status":"success","result":[)"));
      CHECK_FALSE(json::parse(text));
      desk->set_away(false);
      CHECK(desk->kept().size() == 1);
    }
    CHECK(stopped.campaigns.due(stopped.clock.now()).size() == 1);
    CHECK(away.campaigns.due(away.clock.now()).size() == 1);
    CHECK(away_at_end.push.requests().size() == core::kShardSize + 1);
  }

  TEST_CASE("it is kept as a campaign of the login") {
    AdminDesk desk;

    streamed(desk.trigger(kHello));

    REQUIRE(desk.kept().size() == 1);
    const auto campaign = desk.kept()[0];
    CHECK(campaign.owner == "anna");
    CHECK(campaign.given == kHello);
    CHECK(campaign.finished_at);
  }

  TEST_CASE("a reader who leaves does not stop the sending") {
    AdminDesk desk;
    desk.subscribe_many(501);
    TextSink sink;
    sink.gone = true;

    desk.trigger(kHello).stream(sink);

    CHECK(desk.push.requests().size() == 501);
    CHECK(desk.kept().at(0).state == core::CampaignState::Finished);
  }

  TEST_CASE("bad input is refused before anything is kept or sent") {
    AdminDesk desk;
    desk.subscribe_many(1);
    const std::vector<std::pair<std::string, std::string>> bad{
        {"", "400 bad_json "},
        {"title=Hello", "400 bad_json "},
        {R"({"title":"a","title":"b"})", "400 bad_json "},
        {R"({"body":"World"})", "400 missing_title title"},
        {R"({"title":" "})", "400 bad_title title"},
        {R"({"title":["Hello"]})", "400 bad_title title"},
        {R"({"title":"Hello","body":7})", "400 bad_body body"},
        {R"({"title":"Hello","body":")" + std::string(3001, 'x') + R"("})", "400 bad_body body"},
        {R"({"title":"Hello","url":"https://evil.com/"})", "400 bad_url url"}};
    for (const auto& [body, said] : bad) {
      CAPTURE(body);
      CHECK(refusal_of(desk.trigger(body)) == said);
    }
    CHECK(desk.is_untouched());
  }

  TEST_CASE("a database that is away is 503 before the stream begins") {
    AdminDesk desk;
    desk.campaigns.away = true;

    CHECK(refusal_of(desk.trigger(kHello)) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
