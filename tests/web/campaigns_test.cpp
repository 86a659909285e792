// A campaign that is answered at its end. The stream of lines is in campaign_stream_test.cpp.

#include "lib/web/campaigns.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using core::CampaignState;
using testing::AdminDesk;
using testing::endpoint_url;
using testing::refusal_of;

TEST_SUITE("web.campaigns") {
  TEST_CASE("without send it is kept as a draft and nothing goes out") {
    AdminDesk desk;
    desk.subscribe_many(2);

    const auto response = desk.create(R"({"title":"T","body":"B"})");

    CHECK(response.status == 201);
    CHECK(
        response.body ==
        R"({"id":1,"state":"draft","reason":"","owner":"anna","message":{"title":"T","body":"B"},)"
        R"("audience":"","send_at":null,)"
        R"("created_at":1800000000,"started_at":null,"finished_at":null,)"
        R"("counts":{"audience":0,"waiting":0,"accepted":0,"gone":0,"failed":0,"expired":0,)"
        R"("unsure":0,"skipped":0},"services":[],"clicks":0})");
    CHECK(desk.push.requests().empty());
    CHECK(desk.kept().size() == 1);
  }

  TEST_CASE("\"send\": false is a draft too") {
    AdminDesk desk;

    CHECK(desk.create(R"({"title":"T","send":false})").status == 201);
    CHECK(desk.kept().at(0).state == CampaignState::Draft);
  }

  TEST_CASE("sent in the request, it answers with what came of it, by push service") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.subscribe("https://a.push.example.org/x");
    desk.subscribe(endpoint_url("foreign"), 99);
    auto& script = desk.push.script;
    script[endpoint_url("1")] = {.status = 410};
    script["https://a.push.example.org/x"] = {.status = 400,
                                              .detail = R"({"reason":"BadWebPushTopic"})"};
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};

    const auto response = desk.create(R"({"title":"T","send":true})");

    CHECK(response.status == 200);
    CHECK(response.type == "application/json");
    CHECK(response.body ==
          R"({"id":1,"state":"finished","reason":"","owner":"anna","message":{"title":"T"},)"
          R"("audience":"","send_at":null,)"
          R"("created_at":1800000000,"started_at":1800000000,"finished_at":1800000004,)"
          R"("counts":{"audience":5,"waiting":0,"accepted":2,"gone":1,"failed":1,"expired":0,)"
          R"("unsure":0,"skipped":1},"services":[)"
          R"({"service":"a.push.example.org","counts":{"audience":1,"waiting":0,"accepted":0,)"
          R"("gone":0,"failed":1,"expired":0,"unsure":0,"skipped":0},)"
          R"("reasons":{"400 BadWebPushTopic":1}},)"
          R"({"service":"push.example.net","counts":{"audience":4,"waiting":0,"accepted":2,)"
          R"("gone":1,"failed":0,"expired":0,"unsure":0,"skipped":1},)"
          R"("reasons":{"410":1,"made with a VAPID key that is not held here":1}}],"clicks":0})");
  }

  TEST_CASE("with nobody there it is finished all the same") {
    AdminDesk desk;

    const auto campaign = testing::body_of(desk.create(R"({"title":"T","send":true})"));

    CHECK(*campaign.find("state")->text() == "finished");
    CHECK(*campaign.find("counts")->object()->find("audience")->integer() == 0);
  }

  TEST_CASE("what goes out has the defaults of the site, and an id of its own") {
    AdminDesk desk;
    desk.subscribe_many(1);

    desk.create(R"({"title":"T","send":true})");
    desk.create(R"({"title":"T","send":true,"ttl":60})");

    const auto has = [&](std::size_t i, std::string_view header) {
      return std::ranges::count(desk.push.requests().at(i).headers, header) == 1;
    };
    CHECK(has(0, "TTL: 600"));
    CHECK(has(1, "TTL: 60"));
    REQUIRE(desk.kept().size() == 2);
    CHECK(desk.kept()[0].message.payload != desk.kept()[1].message.payload);
  }

  TEST_CASE("a bad message is refused with its member, and nothing is kept or sent") {
    AdminDesk desk;
    desk.subscribe_many(1);
    const std::vector<std::pair<std::string, std::string>> bad{
        {"", "400 bad_json "},
        {"[]", "400 bad_json "},
        {R"({"title":"a","title":"b"})", "400 bad_json "},
        {"{\"title\":\"\xff\"}", "400 bad_json "},
        {R"({"title":"\u0000"})", "400 bad_json "},
        {R"({"send":true})", "400 missing_title title"},
        {R"({"title":"","send":true})", "400 bad_title title"},
        {R"({"title":"T","send":"yes"})", "400 bad_send send"},
        {R"({"title":"T","send":1})", "400 bad_send send"},
        {R"({"title":"T","send":true,"force":"yes"})", "400 bad_force force"},
        {R"({"title":"T","send":true,"url":"javascript:x"})", "400 bad_url url"},
        {R"({"title":"T","send":true,"ttl":-1})", "400 bad_ttl ttl"},
        {R"({"title":"T","send":true,"audience":{}})", "400 bad_audience audience"},
        {R"({"title":"T","send":true,"send_at":1})", "400 bad_send_at send_at"},
        {R"({"title":"T","send":true,"actions":[{}]})", "400 missing_title actions[0].title"},
        {R"({"title":"T","send":true,"actions":[{"title":"A","url":"//evil.com"}]})",
         "400 bad_url actions[0].url"}};
    for (const auto& [body, said] : bad) {
      CAPTURE(body);
      CHECK(refusal_of(desk.create(body)) == said);
      CHECK(refusal_of(desk.create(body, testing::kLines)) == said);
    }
    CHECK(desk.is_untouched());
  }

  TEST_CASE("a message that does not fit says by how much, before anything is kept") {
    AdminDesk desk;
    const auto body = R"({"title":")" + std::string(500, 'T') + R"(","send":true,"body":")" +
                      std::string(3000, 'B') + R"(","url":"/)" + std::string(1000, 'u') + R"("})";

    const auto response = desk.create(body);

    CHECK(refusal_of(response) == "400 bad_message message");
    CHECK(testing::message_of(response).find("bytes too long") != std::string::npos);
    CHECK(desk.is_untouched());
  }

  TEST_CASE("a push service that rests is told with the end of its rest, and why") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.push.otherwise = {.status = 429, .detail = "slow down", .retry_after = Seconds{600}};

    const auto campaign = testing::body_of(desk.create(R"({"title":"T","send":true})"));

    CHECK(json::write(*campaign.find("services")) ==
          R"([{"service":"push.example.net","counts":{"audience":0,"waiting":0,"accepted":0,)"
          R"("gone":0,"failed":0,"expired":0,"unsure":0,"skipped":0},)"
          R"("reasons":{"429 slow down":1},"resting_until":1800000601,)"
          R"("resting_because":"429 slow down"}])");
  }

  TEST_CASE("a database that is away is 503 and nothing is kept") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.set_away(true);

    CHECK(refusal_of(desk.create(R"({"title":"T","send":true})")) == "503 unavailable ");
    CHECK(refusal_of(desk.create(R"({"title":"T"})")) == "503 unavailable ");
    CHECK(refusal_of(desk.create(R"({"title":"T","send":true})", testing::kLines)) ==
          "503 unavailable ");

    desk.set_away(false);
    CHECK(desk.is_untouched());
  }

  TEST_CASE("a database that goes away on the way is 503, and the campaign goes on by itself") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.subscriptions.before = [&](auto call) {
      if (call == "read") desk.set_away(true);
    };
    CHECK(refusal_of(desk.create(R"({"title":"T","send":true})")) == "503 unavailable ");
    desk.subscriptions.before = [](auto) {};
    desk.set_away(false);
    desk.clock.advance(Seconds{60});  // the lease of the dead
    REQUIRE(desk.campaigns.due(desk.clock.now()).size() == 1);

    const auto done = desk.go_on(desk.campaigns.due(desk.clock.now())[0]);

    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts[core::Fate::Accepted] == 3);
    CHECK(desk.push.requests().size() == 3);
  }
}

}  // namespace
}  // namespace lamppost::web
