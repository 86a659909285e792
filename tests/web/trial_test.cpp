#include "lib/web/trial.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::body_of;
using testing::endpoint_url;
using testing::refusal_of;

Response test(const testing::AdminDesk& desk, const std::string& name,
              const std::string& more = R"("title":"T")") {
  return desk.ask(Method::Post, "/api/admin/test",
                  R"({"endpoint":")" + endpoint_url(name) + "\"," + more + '}');
}

// "accepted 201 Created push.example.net".
std::string result_of(const Response& response) {
  REQUIRE(response.status == 200);
  const auto body = body_of(response);
  const auto& result = *body.find("result")->object();
  return *result.find("outcome")->text() + '|' + *result.find("reason")->text() + '|' +
         *result.find("service")->text();
}

TEST_SUITE("web.trial") {
  TEST_CASE("a message goes to the one browser, and nothing of it is kept") {
    testing::AdminDesk desk;
    desk.subscribe_many(3);

    CHECK(result_of(test(desk, "1", R"("title":"T","ttl":60,"urgency":"high")")) ==
          "accepted|201 Created|push.example.net");

    REQUIRE(desk.push.requests().size() == 1);
    const auto& request = desk.push.requests().front();
    CHECK(request.url == endpoint_url("1"));
    CHECK(std::ranges::count(request.headers, "TTL: 60") == 1);
    CHECK(std::ranges::count(request.headers, "Urgency: high") == 1);
    CHECK(desk.kept().empty());
    CHECK(desk.services.states().empty());
  }

  TEST_CASE("a subscriber of the list is tried by its number") {
    testing::AdminDesk desk;
    const auto id = desk.subscribe(endpoint_url("0"));
    const auto ask = [&](const std::string& number, const std::string& body) {
      return desk.ask(Method::Post, "/api/admin/subscriptions/" + number + "/test", body);
    };

    CHECK(result_of(ask(std::to_string(id.value), R"({"title":"T"})")) ==
          "accepted|201 Created|push.example.net");
    CHECK(ask(std::to_string(id.value), "{}").status == 400);
    CHECK(ask(std::to_string(id.value + 1), R"({"title":"T"})").status == 404);
    CHECK(ask("x", R"({"title":"T"})").status == 404);
    CHECK(desk.push.requests().size() == 1);
    CHECK(desk.kept().empty());
  }

  TEST_CASE("what the push service says is told in its own words") {
    testing::AdminDesk desk;
    desk.subscribe_many(7);
    desk.push.script = {
        {endpoint_url("0"), {.status = 410, .detail = ""}},
        {endpoint_url("1"), {.status = 429, .detail = "slow down"}},
        {endpoint_url("2"), {.status = 413, .detail = R"({"reason":"PayloadTooLarge"})"}},
        {endpoint_url("3"), {.status = 403, .detail = R"({"reason":"BadJwtToken"})"}},
        {endpoint_url("4"), fakes::ScriptedPushService::no_answer(true, "timed out")},
        {endpoint_url("5"), fakes::ScriptedPushService::no_answer(false, "could not connect")},
        {endpoint_url("6"), {.status = 400, .detail = "a\x1b[31m" + std::string(500, 'x')}}};

    CHECK(result_of(test(desk, "0")) == "gone|410|push.example.net");
    CHECK(result_of(test(desk, "1")) == "later|429 slow down|push.example.net");
    CHECK(result_of(test(desk, "2")) == "refused|413 PayloadTooLarge|push.example.net");
    CHECK(result_of(test(desk, "3")) == "denied|403 BadJwtToken|push.example.net");
    CHECK(result_of(test(desk, "4")) == "unsure|timed out|push.example.net");
    CHECK(result_of(test(desk, "5")) == "later|could not connect|push.example.net");
    const auto long_one = result_of(test(desk, "6"));
    CHECK(long_one.starts_with("refused|400 a?[31mxxx"));
    CHECK(long_one.size() < 240);
    // A test ends no subscription: a campaign does, which knows how others fare.
    CHECK(desk.subscriptions.read(std::array{SubscriptionId{1}}).size() == 1);
  }

  TEST_CASE("one that was made with another VAPID key is denied, and not tried") {
    testing::AdminDesk desk;
    desk.subscribe(endpoint_url("a"), testing::kKeyId + 1);

    CHECK(result_of(test(desk, "a")).starts_with("denied|made with a VAPID key"));
    CHECK(desk.push.requests().empty());
  }

  TEST_CASE("an endpoint that nobody has, or whose subscription has ended, is not found") {
    testing::AdminDesk desk;
    const auto gone = desk.subscribe(endpoint_url("a"));
    desk.subscriptions.mark_gone(std::array{gone}, desk.clock.now());

    CHECK(refusal_of(test(desk, "a")) == "404 not_found endpoint");
    CHECK(refusal_of(test(desk, "b")) == "404 not_found endpoint");
    CHECK(desk.push.requests().empty());
  }

  TEST_CASE("a message that is wrong is refused as in a campaign") {
    testing::AdminDesk desk;
    desk.subscribe(endpoint_url("a"));

    CHECK(refusal_of(test(desk, "a", R"("body":"B")")) == "400 missing_title title");
    CHECK(refusal_of(test(desk, "a", R"("title":"T","url":"javascript:x")")) == "400 bad_url url");
    CHECK(refusal_of(test(desk, "a",
                          R"("title":"T","body":")" + std::string(3000, 'x') + R"(","image":"/)" +
                              std::string(1500, 'y') + '"')) == "400 bad_message message");
    CHECK(refusal_of(desk.ask(Method::Post, "/api/admin/test", R"({"title":"T"})")) ==
          "400 missing_endpoint endpoint");
    CHECK(desk.push.requests().empty());
  }
}

}  // namespace
}  // namespace lamppost::web
