#include "lib/web/campaign_control.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using core::CampaignState;
using testing::AdminDesk;
using testing::body_of;
using testing::endpoint_url;
using testing::refusal_of;
using enum core::CampaignState;

constexpr CampaignState kStates[] = {Draft,  Scheduled, Preparing, Sending,
                                     Paused, Finished,  Cancelled, Expired};
constexpr const char* kWords[] = {"send", "pause", "resume", "cancel", "retry"};
constexpr auto kSend = R"({"title":"T","send":true})";

void put_into(AdminDesk& desk, CampaignId id, CampaignState state) {
  REQUIRE(desk.campaigns.set_state(
      id, {Draft, Scheduled, Preparing, Sending, Paused, Finished, Cancelled, Expired}, state, "",
      desk.clock.now()));
}

std::int64_t count(const Response& response, const char* name) {
  return *body_of(response).find("counts")->object()->find(name)->integer();
}

std::string state_of(const Response& response) { return *body_of(response).find("state")->text(); }

TEST_SUITE("web.campaign_control") {
  TEST_CASE("each word has the states that it fits; in the others it is 409 and changes nothing") {
    // To which state it leads, with nobody in the audience; none: refused.
    const std::map<std::string, std::map<CampaignState, CampaignState>> fits{
        {"send",
         {{Draft, Finished},
          {Scheduled, Finished},
          {Preparing, Finished},
          {Sending, Finished},
          {Finished, Finished}}},
        {"pause", {{Sending, Paused}, {Paused, Paused}}},
        {"resume", {{Paused, Finished}, {Sending, Finished}, {Finished, Finished}}},
        {"cancel",
         {{Draft, Cancelled},
          {Scheduled, Cancelled},
          {Preparing, Cancelled},
          {Sending, Cancelled},
          {Paused, Cancelled},
          {Cancelled, Cancelled}}},
        {"retry", {{Finished, Finished}}}};
    for (const std::string word : kWords)
      for (const auto from : kStates) {
        CAPTURE(word);
        CAPTURE(core::to_text(from));
        AdminDesk desk;
        desk.create(R"({"title":"T"})");
        put_into(desk, {1}, from);

        const auto response = desk.say(word, {1});

        const auto& leads = fits.at(word);
        if (const auto found = leads.find(from); found != leads.end()) {
          CHECK(response.status == 200);
          CHECK(state_of(response) == core::to_text(found->second));
          CHECK(desk.campaigns.state({1}) == found->second);
        } else {
          CHECK(refusal_of(response) == "409 bad_state ");
          CHECK(testing::message_of(response).find(core::to_text(from)) != std::string::npos);
          CHECK(desk.campaigns.state({1}) == from);
        }
      }
  }

  TEST_CASE("a campaign that is not there is 404 for each word") {
    AdminDesk desk;
    desk.create(R"({"title":"T"})");
    for (const std::string word : kWords)
      for (const std::string id : {"2", "0", "x", "-1", "1x", "99999999999999999999"}) {
        CAPTURE(word);
        CAPTURE(id);
        const auto path = "/api/admin/campaigns/" + id + '/' + word;
        CHECK(refusal_of(desk.ask(Method::Post, path)) == "404 not_found ");
        CHECK(refusal_of(desk.ask(Method::Post, path, "", testing::kLines)) == "404 not_found ");
      }
    CHECK(refusal_of(desk.say("explode", {1})) == "404 not_found ");
    CHECK(desk.campaigns.state({1}) == Draft);
  }

  TEST_CASE("with the database away each word is 503") {
    AdminDesk desk;
    desk.create(R"({"title":"T"})");
    desk.set_away(true);
    for (const std::string word : kWords) {
      CAPTURE(word);
      CHECK(refusal_of(desk.say(word, {1})) == "503 unavailable ");
    }
  }

  TEST_CASE("a foreign page can say none of them") {
    AdminDesk desk;
    desk.create(R"({"title":"T"})");
    for (const std::string word : kWords) {
      CAPTURE(word);
      auto asked = testing::request(Method::Post, "/api/admin/campaigns/1/" + word);
      asked.owner = "anna";
      asked.headers["sec-fetch-site"] = "cross-site";
      CHECK(refusal_of(desk.api.answer(asked)) == "403 cross_site ");
    }
    CHECK(desk.campaigns.state({1}) == Draft);
  }

  TEST_CASE("a draft is sent to everybody") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.create(R"({"title":"T"})");
    desk.clock.advance(Seconds{30});

    const auto response = desk.say("send", {1});

    CHECK(response.status == 200);
    CHECK(count(response, "accepted") == 3);
    CHECK(*body_of(response).find("started_at")->integer() == 1'800'000'030);
    CHECK(desk.push.requests().size() == 3);
  }

  TEST_CASE("sent once more, it sends nothing and tells how it ended") {
    AdminDesk desk;
    desk.subscribe_many(3);
    const auto sent = desk.create(kSend);

    CHECK(desk.say("send", {1}).body == sent.body);
    CHECK(desk.push.requests().size() == 3);
  }

  TEST_CASE("paused on the way, it stops, keeps the rest, and goes on where it was") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    desk.push.streams = 10;
    std::optional<Response> paused;
    desk.subscriptions.before = [&](std::string_view) {
      if (desk.push.requests().size() < 300 || paused) return;
      paused.emplace();
      paused = desk.say("pause", {1});
    };

    const auto stopped = desk.create(kSend);

    CHECK(paused->status == 200);
    CHECK(state_of(*paused) == "paused");
    CHECK(stopped.status == 200);
    CHECK(state_of(stopped) == "paused");
    CHECK(count(stopped, "accepted") < 1000);
    CHECK(count(stopped, "accepted") + count(stopped, "waiting") == 1000);
    CHECK(count(stopped, "unsure") == 0);
    CHECK(desk.campaigns.due(desk.clock.now()).empty());  // no tick takes it up

    const auto done = desk.say("resume", {1});

    CHECK(state_of(done) == "finished");
    CHECK(count(done, "accepted") == 1000);
    CHECK(desk.push.requests().size() == 1000);
  }

  TEST_CASE("cancelled on the way, whom it was not sent to is skipped") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    desk.push.streams = 10;
    bool said = false;
    desk.subscriptions.before = [&](std::string_view) {
      if (desk.push.requests().size() < 300 || said) return;
      said = true;
      CHECK(desk.say("cancel", {1}).status == 200);
    };

    const auto response = desk.create(kSend);

    CHECK(response.status == 200);
    CHECK(state_of(response) == "cancelled");
    CHECK(count(response, "waiting") == 0);
    CHECK(count(response, "accepted") + count(response, "skipped") == 1000);
    CHECK(count(response, "accepted") == static_cast<std::int64_t>(desk.push.requests().size()));
    CHECK(desk.push.requests().size() < 1000);
    CHECK(*body_of(response).find("finished_at")->integer() == 1'800'000'000);
  }

  TEST_CASE("send and resume stream lines to who asks for them") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.create(R"({"title":"T"})");
    testing::TextSink sent, resumed;

    desk.say("send", {1}, "", testing::kLines).stream(sent);
    put_into(desk, {1}, Paused);
    desk.say("resume", {1}, "", testing::kLines).stream(resumed);

    for (const auto* sink : {&sent, &resumed}) {
      REQUIRE(sink->writes.size() == 2);
      const auto last = json::parse_object(sink->writes[1]);
      REQUIRE(last);
      CHECK(*last->find("state")->text() == "finished");
    }
  }

  TEST_CASE("what has failed is tried again, and nobody else") {
    AdminDesk desk;
    desk.subscribe_many(4);
    desk.push.script[endpoint_url("1")] = {.status = 400, .detail = "no"};
    desk.push.script[endpoint_url("2")] = {.status = 410};
    const auto sent = desk.create(kSend);
    REQUIRE(count(sent, "failed") == 1);
    desk.push.script.clear();

    const auto again = desk.say("retry", {1});

    CHECK(again.status == 200);
    CHECK(count(again, "accepted") == 3);
    CHECK(count(again, "failed") == 0);
    CHECK(count(again, "gone") == 1);
    REQUIRE(desk.push.requests().size() == 5);
    CHECK(desk.push.requests()[4].url == endpoint_url("1"));
  }

  TEST_CASE("what is unsure is tried again only when that is asked for") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.push.script[endpoint_url("1")] = fakes::ScriptedPushService::no_answer(true, "timed out");
    const auto sent = desk.create(R"({"title":"T","ttl":0,"send":true})");
    REQUIRE(count(sent, "unsure") == 1);
    desk.push.script.clear();

    CHECK(count(desk.say("retry", {1}), "unsure") == 1);
    CHECK(count(desk.say("retry", {1}, R"({"unsure":false})"), "unsure") == 1);
    CHECK(desk.push.requests().size() == 2);

    const auto again = desk.say("retry", {1}, R"({"unsure":true})");
    CHECK(count(again, "unsure") == 0);
    CHECK(count(again, "accepted") == 2);
    CHECK(desk.push.requests().size() == 3);
  }

  TEST_CASE("nothing is tried again when the time of the campaign is over") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.push.otherwise = {.status = 400};
    desk.create(kSend);
    desk.push.otherwise = {};
    desk.clock.advance(Seconds{600});

    const auto again = desk.say("retry", {1});

    CHECK(refusal_of(again) == "409 bad_state ");
    CHECK(testing::message_of(again).find("time") != std::string::npos);
    CHECK(desk.push.requests().size() == 1);
    CHECK(desk.campaigns.state({1}) == Finished);
  }

  TEST_CASE("a bad body of a retry is refused before anything is opened again") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.push.otherwise = {.status = 400};
    desk.create(kSend);
    const std::vector<std::pair<std::string, std::string>> bad{
        {"[]", "400 bad_json "},
        {"unsure", "400 bad_json "},
        {R"({"unsure":1})", "400 bad_unsure unsure"},
        {R"({"unsure":"yes"})", "400 bad_unsure unsure"}};
    for (const auto& [body, said] : bad) {
      CAPTURE(body);
      CHECK(refusal_of(desk.say("retry", {1}, body)) == said);
    }
    CHECK(desk.campaigns.state({1}) == Finished);
    CHECK(desk.push.requests().size() == 1);
  }
}

}  // namespace
}  // namespace lamppost::web
