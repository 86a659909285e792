#include "lib/web/site.h"

#include "lib/base/base64url.h"
#include "tests/web/admin_desk.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using testing::refusal_of;
using testing::request;
using testing::VisitorDesk;

TEST_SUITE("web.site") {
  TEST_CASE("the configuration tells the page the newest key, and what it may open") {
    VisitorDesk desk;
    desk.clock.advance(Seconds{1});
    const auto newer = testing::new_vapid_key();
    desk.vapid_keys.add(newer, desk.clock.now());

    const auto response = desk.api.answer(request(Method::Get, "/api/config"));

    CHECK(response.status == 200);
    CHECK(response.body == R"({"vapid_public_key":")" + encode_base64url(newer.point) +
                               R"(","site":"The \"Lamp\"","topics":[],)"
                               R"("click_origins":["https://shop.example"],"report_events":true,)"
                               R"("identify":true,"welcome":true})");
  }

  TEST_CASE(
      "the configuration tells the topics in the owner's order, and whether users are taken") {
    VisitorDesk desk;
    desk.topics.replace(std::array{core::Topic{"sport", "Sport", false},
                                   core::Topic{"news", "Caf\xc3\xa9 \"News\"", true}});
    const core::Identity nobody{std::nullopt};

    const auto config = testing::body_of(show_config({}, desk.ports(desk.vapid_keys, nobody)));

    CHECK(json::write(*config.find("topics")) ==
          R"([{"name":"sport","label":"Sport","default":false},)"
          R"({"name":"news","label":"Caf)"
          "\xc3\xa9"
          R"( \"News\"","default":true}])");
    CHECK_FALSE(*config.find("identify")->boolean());
  }

  TEST_CASE("health is one word when all is well") {
    VisitorDesk desk;

    const auto response = desk.api.answer(request(Method::Get, "/api/health"));

    CHECK(response.status == 200);
    CHECK(response.body == R"({"status":"ok"})");
  }

  TEST_CASE("without a key both are 503 and say what to do") {
    VisitorDesk desk;
    fakes::MemoryVapidKeyStore none;
    const auto ports = desk.ports(none, desk.identity);

    for (const auto& response : {show_config({}, ports), show_health({}, ports)}) {
      CHECK(refusal_of(response) == "503 unavailable ");
      CHECK(testing::message_of(response).find("lamppost keys new") != std::string::npos);
      CHECK(testing::header_of(response, "Retry-After") == "3");
    }
  }

  TEST_CASE("with the database away both are 503") {
    VisitorDesk desk;
    desk.vapid_keys.away = true;

    CHECK(refusal_of(desk.api.answer(request(Method::Get, "/api/config"))) == "503 unavailable ");
    CHECK(refusal_of(desk.api.answer(request(Method::Get, "/api/health"))) == "503 unavailable ");
  }

  TEST_CASE("me is the login's name and the version") {
    testing::AdminDesk desk;

    const auto response = desk.ask(Method::Get, "/api/admin/me");

    CHECK(response.status == 200);
    CHECK(response.body == R"({"name":"anna","version":"1.2.3"})");
  }
}

}  // namespace
}  // namespace lamppost::web
