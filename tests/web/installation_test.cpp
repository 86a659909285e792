#include "lib/web/installation.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::refusal_of;

TEST_SUITE("web.installation") {
  TEST_CASE("what the doctor finds is told as it is, also when the database is away") {
    AdminDesk desk;
    desk.findings = {{"database", core::Health::Failed, "does not answer", "start it"},
                     {"clock", core::Health::Warning, "7 s"},
                     {"site", core::Health::Ok, "answers"}};
    desk.set_away(true);

    const auto answer = desk.ask(Method::Get, "/api/admin/doctor");

    CHECK(answer.status == 200);
    CHECK(answer.body ==
          R"({"checks":[{"name":"database","state":"failed","detail":"does not answer",)"
          R"("remedy":"start it"},{"name":"clock","state":"warning","detail":"7 s","remedy":""},)"
          R"({"name":"site","state":"ok","detail":"answers","remedy":""}]})");
  }

  TEST_CASE("settings are told with the key that browsers are given") {
    AdminDesk desk;

    CHECK(desk.ask(Method::Get, "/api/admin/settings").body ==
          R"({"settings":[{"key":"site_name","value":"Lamp","default":"","meaning":"its name"}],)"
          R"("vapid_public_key":"","version":"1.2.3"})");
    desk.vapid_keys.away = true;
    CHECK(refusal_of(desk.ask(Method::Get, "/api/admin/settings")) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
