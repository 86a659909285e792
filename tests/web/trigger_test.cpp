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
    desk.sending.subscribe_many(1);

    const auto response = desk.trigger(kHello);

    CHECK(response.status == 200);
    CHECK(response.type == "application/json");
    CHECK(streamed(response) == R"({"status":"success","result":[true]})");
  }

  TEST_CASE("nobody is an empty list") {
    AdminDesk desk;

    CHECK(streamed(desk.trigger(kHello)) == R"({"status":"success","result":[]})");
    CHECK(desk.campaigns.rows().begin()->second.content.state == core::CampaignState::Finished);
  }

  TEST_CASE("the order is that of the ids, and only what was accepted is true") {
    AdminDesk desk;
    desk.sending.subscribe_many(5);
    desk.sending.subscribe(endpoint_url("foreign"), 99);
    desk.sending.push.order = fakes::ScriptedPushService::Order::Reversed;
    auto& script = desk.sending.push.script;
    script[endpoint_url("1")] = {.status = 410};
    script[endpoint_url("2")] = {.status = 503};
    script[endpoint_url("4")] = fakes::ScriptedPushService::no_answer(true, "timed out");

    CHECK(streamed(desk.trigger(kHello)) ==
          R"({"status":"success","result":[true,false,false,true,false,false]})");
  }

  TEST_CASE("over several pages it is one list, written as it comes") {
    AdminDesk desk;
    desk.sending.subscribe_many(1201);
    TextSink sink;
    std::vector<std::size_t> sent_before;  // each write
    sink.after_write = [&](std::string_view) {
      sent_before.push_back(desk.sending.push.requests().size());
    };

    desk.trigger(kHello).stream(sink);

    CHECK(sent_before == std::vector<std::size_t>{0, 500, 1000, 1201, 1201});
    const auto whole = json::parse_object(sink.text());
    REQUIRE(whole);
    const auto* result = whole->find("result")->array();
    REQUIRE(result->size() == 1201);
    CHECK(std::ranges::all_of(*result, [](const auto& one) { return *one.boolean(); }));
  }

  TEST_CASE("what breaks off in the middle is no JSON, so that nobody takes it for the whole") {
    AdminDesk stopped, away;
    for (auto* desk : {&stopped, &away}) desk->sending.subscribe_many(501);
    stopped.sending.subscriptions.before_read = [&] { stopped.stopped = true; };
    bool first = true;
    away.sending.subscriptions.before_read = [&] {
      away.sending.subscriptions.rows.away = !first;
      first = false;
    };

    for (auto* desk : {&stopped, &away}) {
      const auto text = streamed(desk->trigger(kHello));
      CHECK(text.starts_with(R"({"status":"success","result":[true,true,)"));
      CHECK(text.ends_with(",true"));
      CHECK_FALSE(json::parse(text));
      CHECK(desk->campaigns.rows().begin()->second.content.state == core::CampaignState::Sending);
    }
  }

  TEST_CASE("it is kept as a campaign of the login") {
    AdminDesk desk;

    streamed(desk.trigger(kHello));

    REQUIRE(desk.campaigns.rows().size() == 1);
    const auto& row = desk.campaigns.rows().begin()->second;
    CHECK(row.content.owner == "anna");
    CHECK(row.content.message == kHello);
    CHECK(row.finished_at);
  }

  TEST_CASE("a reader who leaves does not stop the sending") {
    AdminDesk desk;
    desk.sending.subscribe_many(501);
    TextSink sink;
    sink.gone = true;

    desk.trigger(kHello).stream(sink);

    CHECK(desk.sending.push.requests().size() == 501);
    CHECK(desk.campaigns.rows().begin()->second.content.state == core::CampaignState::Finished);
  }

  TEST_CASE("bad input is refused before anything is kept or sent") {
    AdminDesk desk;
    desk.sending.subscribe_many(1);
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
