// Campaigns, looked at.

#include "lib/web/campaigns.h"
#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

constexpr auto kPath = "/api/admin/campaigns";

Response get(const AdminDesk& desk, const std::string& rest, std::string query = "") {
  auto asked = testing::request(Method::Get, kPath + rest);
  asked.owner = "anna";
  asked.query = std::move(query);
  return desk.api.answer(asked);
}

std::vector<std::int64_t> ids_of(const Response& response) {
  CHECK(response.status == 200);
  std::vector<std::int64_t> ids;
  const auto body = body_of(response);
  for (const auto& one : *body.find("campaigns")->array())
    ids.push_back(*one.object()->find("id")->integer());
  return ids;
}

TEST_SUITE("web.campaigns_list") {
  TEST_CASE("nothing there is an empty list") {
    const AdminDesk desk;

    CHECK(get(desk, "").body == R"({"campaigns":[]})");
  }

  TEST_CASE("one is shown as it was answered when it was sent") {
    AdminDesk desk;
    desk.subscribe_many(2);
    const auto sent = desk.create(R"({"title":"T","send":true})");
    desk.create(R"({"title":"U"})");

    CHECK(get(desk, "/1").status == 200);
    CHECK(get(desk, "/1").body ==
          sent.body.substr(0, sent.body.size() - 1) + R"(,"click_actions":[],"click_hours":[]})");
    CHECK(*body_of(get(desk, "/2")).find("state")->text() == "draft");
  }

  TEST_CASE("the list is of whole campaigns, the newest first") {
    AdminDesk desk;
    desk.subscribe_many(2);
    const auto first = desk.create(R"({"title":"T","send":true})");
    const auto second = desk.create(R"({"title":"U","send":true})");

    CHECK(get(desk, "").body == R"({"campaigns":[)" + second.body + ',' + first.body + "]}");
  }

  TEST_CASE("50 at a time, before= goes on") {
    AdminDesk desk;
    for (int i = 0; i < 120; ++i) desk.create(R"({"title":"T"})");

    const auto newest = ids_of(get(desk, ""));
    const auto next = ids_of(get(desk, "", "before=71"));
    const auto last = ids_of(get(desk, "", "x=1&before=21&before=9"));

    REQUIRE(newest.size() == 50);
    CHECK(newest.front() == 120);
    CHECK(newest.back() == 71);
    REQUIRE(next.size() == 50);
    CHECK(next.front() == 70);
    CHECK(next.back() == 21);
    REQUIRE(last.size() == 20);
    CHECK(last.back() == 1);
    CHECK(ids_of(get(desk, "", "before=1")).empty());
    CHECK(ids_of(get(desk, "", "before=9223372036854775807")) == newest);
    CHECK(ids_of(get(desk, "", "before=")) == newest);
    CHECK(ids_of(get(desk, "", "after=7")) == newest);
  }

  TEST_CASE("a before that is no id is refused") {
    const AdminDesk desk;
    for (const std::string bad : {"x", "-1", "+1", "1.5", "1x", "%31", " 1", "0x1",
                                  "9223372036854775808", "99999999999999999999"}) {
      CAPTURE(bad);
      CHECK(refusal_of(get(desk, "", "before=" + bad)) == "400 bad_before before");
    }
  }

  TEST_CASE("one that is not there is 404, whatever its id looks like") {
    AdminDesk desk;
    desk.create(R"({"title":"T"})");
    for (const std::string id :
         {"2", "0", "x", "-1", "1x", "1.0", " 1", "18446744073709551616", "9223372036854775808"}) {
      CAPTURE(id);
      CHECK(refusal_of(get(desk, "/" + id)) == "404 not_found ");
    }
  }

  TEST_CASE("with the database away both are 503") {
    AdminDesk desk;
    desk.create(R"({"title":"T"})");
    desk.set_away(true);

    CHECK(refusal_of(get(desk, "")) == "503 unavailable ");
    CHECK(refusal_of(get(desk, "/1")) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
