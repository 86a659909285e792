// The same message once more: found again by its key, or held up without one.

#include "lib/web/campaigns.h"
#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using core::CampaignState;
using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

constexpr auto kSend = R"({"title":"T","send":true})";
constexpr auto kDraft = R"({"title":"T"})";
constexpr auto kForce = R"({"title":"T","send":true,"force":true})";

std::int64_t id_of(const Response& response) { return *body_of(response).find("id")->integer(); }

Response send_as(AdminDesk& desk, std::string owner, std::string body) {
  auto asked = testing::request(Method::Post, "/api/admin/campaigns", std::move(body));
  asked.owner = std::move(owner);
  return desk.api.answer(asked);
}

TEST_SUITE("web.campaigns_again") {
  TEST_CASE("the same key and message is the same campaign, sent once") {
    AdminDesk desk;
    desk.subscribe_many(3);

    const auto first = desk.create_with_key(kSend, "key-1");
    desk.clock.advance(Seconds{3600});
    const auto second = desk.create_with_key(kSend, "key-1");

    CHECK(first.status == 200);
    CHECK(second.status == 200);
    CHECK(second.body == first.body);
    CHECK(desk.kept().size() == 1);
    CHECK(desk.push.requests().size() == 3);
  }

  TEST_CASE("how it is written does not make it another message") {
    AdminDesk desk;

    desk.create_with_key(kSend, "key-1");

    CHECK(desk.create_with_key("{ \"title\" : \"T\",\n\"send\":true }", "key-1").status == 200);
    CHECK(desk.create_with_key(kForce, "key-1").status == 200);
    CHECK(desk.kept().size() == 1);
  }

  TEST_CASE("the same key and another message is 422 and names the campaign") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.create_with_key(kSend, "key-1");

    for (const std::string other : {R"({"title":"U","send":true})", R"({"title":"U"})",
                                    R"({"title":"T","body":"B","send":true})"}) {
      CAPTURE(other);
      const auto response = desk.create_with_key(other, "key-1");
      CHECK(refusal_of(response) == "422 key_reused Idempotency-Key");
      CHECK(testing::message_of(response).find("campaign 1,") != std::string::npos);
    }
    CHECK(desk.kept().size() == 1);
    CHECK(desk.push.requests().size() == 1);
  }

  TEST_CASE("another key is another campaign, in the same second too") {
    AdminDesk desk;
    desk.subscribe_many(1);

    CHECK(id_of(desk.create_with_key(kSend, "key-1")) == 1);
    CHECK(id_of(desk.create_with_key(kSend, "key-2")) == 2);
    CHECK(desk.push.requests().size() == 2);
  }

  TEST_CASE("a draft is found by its key: 201, then 200") {
    AdminDesk desk;

    CHECK(desk.create_with_key(kDraft, "key-1").status == 201);
    const auto again = desk.create_with_key(kDraft, "key-1");

    CHECK(again.status == 200);
    CHECK(*body_of(again).find("state")->text() == "draft");
    CHECK(desk.kept().size() == 1);
  }

  TEST_CASE("a draft that is found by its key is sent if that is asked for now") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.create_with_key(kDraft, "key-1");

    const auto sent = desk.create_with_key(kSend, "key-1");

    CHECK(sent.status == 200);
    CHECK(*body_of(sent).find("state")->text() == "finished");
    CHECK(desk.push.requests().size() == 2);
  }

  TEST_CASE("what was cancelled stays so, whatever is asked for with its key") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.create_with_key(kDraft, "key-1");
    desk.say("cancel", {1});

    const auto again = desk.create_with_key(kSend, "key-1");

    CHECK(again.status == 200);
    CHECK(*body_of(again).find("state")->text() == "cancelled");
    CHECK(desk.push.requests().empty());
  }

  TEST_CASE("a campaign under way is joined by its key") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.stopped = true;
    CHECK(desk.create_with_key(kSend, "key-1").status == 202);
    desk.stopped = false;

    const auto joined = desk.create_with_key(kSend, "key-1");

    CHECK(joined.status == 200);
    CHECK(id_of(joined) == 1);
    CHECK(desk.push.requests().size() == 2);
  }

  TEST_CASE("a key is at most 200 visible characters, and a bad one keeps nothing") {
    AdminDesk desk;
    desk.subscribe_many(1);

    for (const auto& bad :
         {std::string(201, 'k'), std::string("a b"), std::string(" "), std::string("a\tb"),
          std::string("a\x7f"), std::string("\xc3\xbc"), std::string("a\0b", 3)}) {
      CAPTURE(bad);
      CHECK(refusal_of(desk.create_with_key(kSend, bad)) ==
            "400 bad_idempotency_key Idempotency-Key");
    }
    CHECK(desk.is_untouched());

    CHECK(desk.create_with_key(kSend, std::string(200, '~')).status == 200);
  }

  TEST_CASE("without a key the same message is held up for a minute, and the first one named") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.create(kSend);

    for (const int seconds : {0, 1, 58, 1}) {
      desk.clock.advance(Seconds{seconds});
      const auto again = desk.create(kSend);
      CHECK(refusal_of(again) == "409 duplicate ");
      CHECK(testing::message_of(again).find("campaign 1;") != std::string::npos);
      CHECK(testing::message_of(again).find("\"force\": true") != std::string::npos);
      CHECK(refusal_of(desk.create(kSend, testing::kLines)) == "409 duplicate ");
    }
    CHECK(desk.push.requests().size() == 1);

    desk.clock.advance(Seconds{1});
    CHECK(id_of(desk.create(kSend)) > 1);
    CHECK(desk.push.requests().size() == 2);
  }

  TEST_CASE("force sends it all the same") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.create(kSend);

    CHECK(desk.create(kForce).status == 200);
    CHECK(desk.create(kForce).status == 200);

    CHECK(desk.push.requests().size() == 3);
    CHECK(desk.kept()[0].given == R"({"title":"T"})");
    CHECK(refusal_of(desk.create(kSend)) == "409 duplicate ");
  }

  TEST_CASE("another message, another login and a draft are not held up") {
    AdminDesk desk;
    desk.create(kSend);

    CHECK(desk.create(R"({"title":"U","send":true})").status == 200);
    CHECK(send_as(desk, "berta", kSend).status == 200);
    CHECK(desk.create(kDraft).status == 201);
    CHECK(desk.create(kDraft).status == 201);
    CHECK(desk.kept().size() == 5);
  }

  TEST_CASE("what was sent with a key, or by the tutorial's call, holds up one without") {
    AdminDesk desk;
    desk.create_with_key(kSend, "key-1");
    CHECK(refusal_of(desk.create(kSend)) == "409 duplicate ");

    testing::TextSink sink;
    desk.trigger(R"({"title":"Hello"})").stream(sink);
    CHECK(refusal_of(desk.create(R"({"title":"Hello","send":true})")) == "409 duplicate ");
  }

  TEST_CASE("the tutorial's call is never held up") {
    AdminDesk desk;
    desk.subscribe_many(1);
    for (int i = 0; i < 3; ++i) {
      testing::TextSink sink;
      desk.trigger(R"({"title":"Hello"})").stream(sink);
      CHECK(sink.text() == R"({"status":"success","result":[true]})");
    }
    CHECK(desk.push.requests().size() == 3);
  }

  TEST_CASE("what was cancelled does not hold up the same message, in the same minute neither") {
    AdminDesk desk;
    desk.subscribe_many(1);
    desk.stopped = true;
    for (std::uint64_t i = 0; i < 3; ++i) {
      const auto held = desk.create(kSend);
      REQUIRE(held.status == 202);
      CHECK(desk.say("cancel", desk.kept()[0].id).status == 200);
    }
    desk.stopped = false;

    CHECK(desk.create(kSend).status == 200);
    CHECK(desk.push.requests().size() == 1);
    CHECK(refusal_of(desk.create(kSend)) == "409 duplicate ");
  }

  TEST_CASE("two that look for the same at once make one campaign") {
    AdminDesk desk;
    desk.subscribe_many(1);
    std::optional<Response> second;
    desk.campaigns.after = [&](std::string_view call) {  // the first has looked and found none
      if (call != "find_same" || second) return;
      second.emplace();
      second = desk.create(kSend);
    };

    const auto first = desk.create(kSend);

    CHECK(second->status == 200);
    CHECK(refusal_of(first) == "409 duplicate ");
    CHECK(desk.kept().size() == 1);
    CHECK(desk.push.requests().size() == 1);
  }
}

}  // namespace
}  // namespace lamppost::web
