#include "lib/web/errands.h"

#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using core::ErrandKind;
using testing::endpoint_url;
using testing::form;
using testing::kAuth;
using testing::refusal_of;
using testing::request;
using testing::VisitorDesk;
using testing::wrapped;

std::string proof(std::string_view auth = kAuth) {
  return R"({"endpoint":")" + endpoint_url("a") + R"(","auth":")" + std::string(auth) + R"("})";
}

Response ask(const VisitorDesk& desk, const std::string& body) {
  return desk.api.answer(request(Method::Post, "/api/push-subscriptions/test", body));
}

std::vector<core::Errand> waiting(VisitorDesk& desk) { return desk.errands.waiting({0}, 100); }

TEST_SUITE("web.errands") {
  TEST_CASE("who subscribes is to be welcomed, in the language that was told") {
    VisitorDesk desk;

    CHECK(desk.subscribe(wrapped(R"("language":"de-AT")")).status == 201);

    const auto errands = waiting(desk);
    REQUIRE(errands.size() == 1);
    CHECK(errands[0].content.subscription == desk.subscriptions.rows().begin()->first);
    CHECK(errands[0].content.kind == ErrandKind::Welcome);
    CHECK(errands[0].content.language == "de-AT");
    CHECK(errands[0].asked_at == desk.clock.now());
  }

  TEST_CASE("who is known already is not welcomed again, and one that heals was welcomed before") {
    VisitorDesk desk;
    desk.put(endpoint_url("a"));
    desk.put(endpoint_url("old"));

    CHECK(desk.subscribe(wrapped()).status == 200);
    CHECK(desk.subscribe(R"({"subscription":)" + form(endpoint_url("new")) + R"(,"replaces":")" +
                         endpoint_url("old") + R"("})")
              .status == 201);
    CHECK(desk.subscribe(R"({"subscription":)" + form(endpoint_url("b")) + R"(,"replaces":")" +
                         endpoint_url("unknown") + R"("})")
              .status == 201);

    CHECK(waiting(desk).empty());
  }

  TEST_CASE("where nobody is to be welcomed nobody is") {
    VisitorDesk desk;
    auto ports = desk.ports(desk.vapid_keys, desk.identity);
    ports.welcome = false;
    const auto api = make_public_api(ports);

    CHECK(api.answer(request(Method::Post, "/api/push-subscriptions", form(endpoint_url("a"))))
              .status == 201);

    CHECK(waiting(desk).empty());
  }

  TEST_CASE("who refuses a subscription welcomes nobody") {
    VisitorDesk desk;

    CHECK(desk.subscribe(wrapped(R"("language":7)")).status == 400);

    CHECK(waiting(desk).empty());
  }

  TEST_CASE("a test is for the browser that proves to be the one") {
    VisitorDesk desk;
    desk.put(endpoint_url("other"));
    desk.put(endpoint_url("a"));

    const auto response = ask(desk, proof());

    CHECK(response.status == 202);
    CHECK(response.body == R"({"status":"success"})");
    const auto errands = waiting(desk);
    REQUIRE(errands.size() == 1);
    CHECK(errands[0].content.kind == ErrandKind::Test);
    CHECK(errands[0].content.subscription == desk.subscriptions.rows().rbegin()->first);
  }

  TEST_CASE("one test a minute") {
    VisitorDesk desk;
    desk.put(endpoint_url("a"));

    CHECK(ask(desk, proof()).status == 202);
    const auto early = ask(desk, proof());
    desk.clock.advance(Seconds{60});
    const auto later = ask(desk, proof());

    CHECK(refusal_of(early) == "429 rate_limited ");
    CHECK(testing::header_of(early, "Retry-After") == "60");
    CHECK(later.status == 202);
    CHECK(waiting(desk).size() == 2);
  }

  TEST_CASE("without the proof nothing is sent, and nothing is told") {
    VisitorDesk desk;
    const auto unknown = ask(desk, proof());
    desk.put(endpoint_url("a"));

    const auto wrong = ask(desk, proof("AAAAAAAAAAAAAAAAAAAAAA"));

    CHECK(wrong.status == 404);
    CHECK(wrong.body == unknown.body);
    CHECK(refusal_of(wrong) == "404 not_found ");
    CHECK(refusal_of(ask(desk, R"({"endpoint":")" + endpoint_url("a") + R"("})")) ==
          "400 missing_auth auth");
    CHECK(refusal_of(ask(desk, "")) == "400 bad_json ");
    CHECK(waiting(desk).empty());
  }
}

}  // namespace
}  // namespace lamppost::web
