#include "lib/web/events.h"

#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using core::EventKind;
using testing::refusal_of;
using testing::request;

constexpr core::MessageId kId{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255};
const std::string kIdText = "AAECAwQFBgcICQoLDA0O_w";

struct Desk : testing::VisitorDesk {
  Desk() { events.sent.insert(kId); }
  Response report(const std::string& body) const {
    return api.answer(request(Method::Post, "/api/events", body));
  }
  std::uint64_t times(EventKind kind, const std::string& action = "") {
    return events.times[{kId, kind, action, clock.now()}];
  }
};

std::string event(const std::string& kind, const std::string& more = "") {
  return R"({"id":")" + kIdText + R"(","event":")" + kind + '"' + more + '}';
}

TEST_SUITE("web.events") {
  TEST_CASE("what is shown, clicked and closed is counted, and answered with nothing") {
    Desk desk;

    for (const auto& body :
         {event("shown"), event("clicked"), event("clicked", R"(,"action":"1")"),
          event("clicked", R"(,"action":"1")"), event("clicked", R"(,"action":null)"),
          event("closed", R"(,"more":7)")}) {
      const auto response = desk.report(body);
      CHECK(response.status == 204);
      CHECK(response.body.empty());
    }

    CHECK(desk.times(EventKind::Shown) == 1);
    CHECK(desk.times(EventKind::Clicked) == 2);
    CHECK(desk.times(EventKind::Clicked, "1") == 2);
    CHECK(desk.times(EventKind::Clicked, "0") == 0);
    CHECK(desk.times(EventKind::Closed) == 1);
  }

  TEST_CASE("a message that nobody was sent is not found") {
    Desk desk;
    desk.events.sent.clear();

    CHECK(refusal_of(desk.report(event("shown"))) == "404 not_found id");
  }

  TEST_CASE("a site that does not want to know does not count") {
    Desk desk;
    auto ports = desk.ports(desk.vapid_keys, desk.identity);
    ports.report_events = false;

    CHECK(refusal_of(report_event(request(Method::Post, "/api/events", event("shown")), ports)) ==
          "404 not_found ");
    CHECK(desk.events.times.empty());
  }

  TEST_CASE("what is no report is refused by its member") {
    Desk desk;

    CHECK(refusal_of(desk.report("[]")) == "400 bad_json ");
    CHECK(refusal_of(desk.report("{}")) == "400 missing_id id");
    CHECK(refusal_of(desk.report(R"({"id":"AAEC","event":"shown"})")) == "400 bad_id id");
    CHECK(refusal_of(desk.report(R"({"id":"~","event":"shown"})")) == "400 bad_id id");
    CHECK(refusal_of(desk.report(R"({"id":7,"event":"shown"})")) == "400 bad_id id");
    CHECK(refusal_of(desk.report(R"({"id":")" + kIdText + R"("})")) == "400 missing_event event");
    CHECK(refusal_of(desk.report(event("opened"))) == "400 bad_event event");
    CHECK(refusal_of(desk.report(event("clicked", R"(,"action":"2")"))) == "400 bad_action action");
    CHECK(refusal_of(desk.report(event("clicked", R"(,"action":"10")"))) ==
          "400 bad_action action");
    CHECK(refusal_of(desk.report(event("clicked", R"(,"action":0)"))) == "400 bad_action action");
    CHECK(refusal_of(desk.report(event("shown", R"(,"action":"0")"))) == "400 bad_action action");
    CHECK(desk.events.times.empty());
  }

  TEST_CASE("with the database away it is 503") {
    Desk desk;
    desk.events.away = true;

    CHECK(refusal_of(desk.report(event("shown"))) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
