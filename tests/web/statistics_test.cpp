#include "lib/web/statistics.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

Response get(const AdminDesk& desk, const std::string& query = "") {
  auto asked = testing::request(Method::Get, "/api/admin/stats");
  asked.owner = "anna";
  asked.query = query;
  return desk.api.answer(asked);
}

TEST_SUITE("web.statistics") {
  TEST_CASE("all members are there, in the words of the API") {
    AdminDesk desk;
    desk.subscribe("https://fcm.googleapis.com/a");  // who may not be sent to here
    desk.subscribe_many(3);
    desk.create(R"({"title":"Hello","send":true})");

    const auto body = body_of(get(desk));

    std::string names;
    for (const auto& [name, value] : body.members()) names += name + ' ';
    CHECK(names == "now updated_at active today days services languages ages hours weekly_pushes ");
    CHECK(body.find("updated_at")->is_null());
    CHECK(*body.find("active")->integer() == 4);
    CHECK(json::write(*body.find("today")) == R"({"joined":4,"left":0})");
    CHECK(json::write(*body.find("services")) ==
          R"([{"service":"other","active":3},{"service":"fcm","active":1}])");
    CHECK(json::write(*body.find("languages")) == R"([{"language":"","active":4}])");
    const auto& day = body.find("days")->array()->at(0);
    const auto begin = desk.clock.now().time_since_epoch().count() / 86'400 * 86'400;
    CHECK(json::write(day) ==
          R"({"day":)" + std::to_string(begin) +
              R"(,"active":4,"joined":4,"left":0,"accepted":3,"failed":0,"gone":0,"clicks":0})");
    CHECK(json::write(body.find("ages")->array()->at(0)) ==
          R"({"from_days":0,"to_days":7,"active":4,"gone":0})");
    CHECK(body.find("ages")->array()->back().object()->find("to_days")->is_null());
    CHECK(body.find("hours")->array()->size() == 7);
    CHECK(body.find("hours")->array()->at(0).array()->size() == 24);
    CHECK(*body.find("weekly_pushes")->number() == 0.8);
  }

  TEST_CASE("days are between 1 and 400") {
    AdminDesk desk;

    CHECK(get(desk, "days=1").status == 200);
    CHECK(get(desk, "days=400").status == 200);
    for (const auto* query : {"days=0", "days=401", "days=x"})
      CHECK(refusal_of(get(desk, query)) == "400 bad_days days");
    desk.set_away(true);
    CHECK(refusal_of(get(desk)) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
