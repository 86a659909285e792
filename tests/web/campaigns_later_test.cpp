// Campaigns to some, and for later.

#include "lib/web/campaigns.h"
#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using core::CampaignState;
using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

std::string later(const AdminDesk& desk, std::int64_t seconds, const std::string& more = "") {
  return R"({"title":"T","send_at":)" +
         std::to_string(desk.clock.now().time_since_epoch().count() + seconds) + more + '}';
}

// What the tick does with those that are due.
std::size_t tick(AdminDesk& desk) {
  const auto due = desk.campaigns.due(desk.clock.now());
  for (const auto id : due) desk.go_on(id);
  return due.size();
}

TEST_SUITE("web.campaigns_later") {
  TEST_CASE("an audience is stored as it was written, and only those who are in it get it") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.ask(Method::Put, "/api/admin/topics", R"({"topics":[{"name":"news","label":"News"}]})");
    desk.ask(Method::Put, "/api/admin/segments",
             R"({"segments":[{"name":"readers","label":"Readers","audience":"news"}]})");
    desk.subscriptions.rows().at({2}).topics = {"news"};

    const auto sent =
        body_of(desk.create(R"({"title":"T","audience":"segment:readers","send":true})"));

    CHECK(*sent.find("audience")->text() == "segment:readers");
    CHECK(sent.find("send_at")->is_null());
    REQUIRE(desk.push.requests().size() == 1);
    CHECK(desk.push.requests()[0].url == testing::endpoint_url("1"));
    CHECK(desk.kept().at(0).audience == "news");
  }

  TEST_CASE("one for later is scheduled with 201, whether send is there or not, and nothing goes") {
    AdminDesk desk;
    desk.subscribe_many(2);

    const auto with = desk.create(later(desk, 60, R"(,"send":true)"));
    const auto without = desk.create(later(desk, 61));
    const auto lines = desk.create(later(desk, 62, R"(,"send":true)"), testing::kLines);

    for (const auto* response : {&with, &without, &lines}) {
      CHECK(response->status == 201);
      const auto body = body_of(*response);
      CHECK(*body.find("state")->text() == "scheduled");
      CHECK(body.find("started_at")->is_null());
    }
    CHECK(*body_of(with).find("send_at")->integer() == 1'800'000'060);
    CHECK(desk.push.requests().empty());
    CHECK(tick(desk) == 0);
  }

  TEST_CASE("it goes by the tick when its time has come, once, whatever the clock does") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.create(later(desk, 60));
    desk.clock.sleep(Seconds{59});
    CHECK(tick(desk) == 0);

    desk.clock.sleep(Seconds{1});
    CHECK(tick(desk) == 1);
    CHECK(desk.push.requests().size() == 2);
    CHECK(desk.kept().at(0).started_at == desk.kept().at(0).send_at);
    desk.clock.advance(-Seconds{3600});
    CHECK(tick(desk) == 0);
    desk.clock.advance(Seconds{7200});
    CHECK(tick(desk) == 0);

    CHECK(desk.push.requests().size() == 2);
  }

  TEST_CASE("/send starts it now, and the tick finds nothing to do") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.create(later(desk, 60));

    CHECK(desk.say("send", {1}).status == 200);

    CHECK(desk.push.requests().size() == 2);
    desk.clock.sleep(Seconds{120});
    CHECK(tick(desk) == 0);
    CHECK(desk.push.requests().size() == 2);
  }

  TEST_CASE("/cancel before its time: nothing ever goes, and it cannot be sent any more") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.create(later(desk, 10, R"(,"send":true)"));

    CHECK(*body_of(desk.say("cancel", {1})).find("state")->text() == "cancelled");

    desk.clock.sleep(Seconds{60});
    CHECK(tick(desk) == 0);
    CHECK(refusal_of(desk.say("send", {1})) == "409 bad_state ");
    CHECK(desk.push.requests().empty());
    CHECK(desk.create(later(desk, 10, R"(,"send":true)")).status == 201);  // undone, done again
  }

  TEST_CASE("the same twice is a duplicate, with a key it is the same campaign") {
    AdminDesk desk;
    const auto body = later(desk, 60, R"(,"send":true)");

    CHECK(desk.create(body).status == 201);
    CHECK(refusal_of(desk.create(body)) == "409 duplicate ");
    CHECK(refusal_of(desk.create(later(desk, 60))) == "409 duplicate ");
    CHECK(desk.create(later(desk, 60, R"(,"force":true)")).status == 201);
    CHECK(desk.create_with_key(body, "k").status == 201);
    CHECK(desk.create_with_key(body, "k").status == 200);
    CHECK(refusal_of(desk.create_with_key(later(desk, 61), "k")) ==
          "422 key_reused Idempotency-Key");

    CHECK(desk.kept().size() == 3);
  }

  TEST_CASE("the tutorial's call takes an audience, and no time") {
    AdminDesk desk;
    desk.subscribe_many(2);

    testing::TextSink sink;
    desk.trigger(R"({"title":"T","body":"B","audience":"service:apple"})").stream(sink);

    CHECK(sink.text() == R"({"status":"success","result":[]})");
    CHECK(refusal_of(desk.trigger(later(desk, 60))) == "400 bad_send_at send_at");
    CHECK(refusal_of(desk.trigger(R"({"title":"T","audience":"("})")) ==
          "400 bad_audience audience");
  }
}

}  // namespace
}  // namespace lamppost::web
