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

    CHECK(get(desk, "").body == R"({"campaigns":[],"next":null})");
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

    CHECK(get(desk, "").body ==
          R"({"campaigns":[)" + second.body + ',' + first.body + R"(],"next":null})");
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

  TEST_CASE("next is the id to go on before, and null on the last page") {
    AdminDesk desk;
    for (int i = 0; i < 5; ++i) desk.create(R"({"title":"T"})");
    const auto next = [&](const std::string& query) {
      return json::write(*body_of(get(desk, "", query)).find("next"));
    };

    CHECK(next("limit=2") == "4");
    CHECK(next("limit=2&before=4") == "2");
    CHECK(next("limit=2&before=2") == "null");
    CHECK(next("limit=5") == "null");
    CHECK(ids_of(get(desk, "", "limit=2&before=4")) == std::vector<std::int64_t>{3, 2});
  }

  TEST_CASE("it is searched by words of title and body, and by time") {
    AdminDesk desk;
    desk.create(R"({"title":"Market day","body":"From 8 on"})");
    desk.clock.advance(Seconds{10});
    desk.create(R"({"title":"100 % off","body":"at the MARKET"})");
    desk.clock.advance(Seconds{10});
    desk.create(R"({"title":"Concert","url":"/market"})");
    using Found = std::vector<std::int64_t>;
    const auto found = [&](const std::string& query) { return ids_of(get(desk, "", query)); };

    CHECK(found("q=market") == Found{2, 1});
    CHECK(found("q=market+day") == Found{1});
    CHECK(found("q=100%20%25") == Found{2});
    CHECK(found("q=%22") == Found{});
    CHECK(found("q=").size() == 3);
    CHECK(found("from=1800000010") == Found{3, 2});
    CHECK(found("to=1800000010") == Found{2, 1});
    CHECK(found("from=1800000001&to=1800000019&q=market") == Found{2});
  }

  TEST_CASE("a query that is wrong is refused with its parameter") {
    const AdminDesk desk;
    const std::vector<std::pair<std::string, std::string>> bad{
        {"limit=0", "400 bad_limit limit"},
        {"limit=101", "400 bad_limit limit"},
        {"limit=x", "400 bad_limit limit"},
        {"from=x", "400 bad_from from"},
        {"to=-1", "400 bad_to to"},
        {"to=99999999999999999999", "400 bad_to to"},
        {"q=%ff", "400 bad_q q"},
        {"q=%0", "400 bad_q q"},
        {"q=" + std::string(201, 'q'), "400 bad_q q"}};
    for (const auto& [query, said] : bad) {
      CAPTURE(query);
      CHECK(refusal_of(get(desk, "", query)) == said);
    }
  }

  TEST_CASE("however many are listed, the shards are asked once") {
    AdminDesk desk;
    desk.subscribe_many(1);
    for (int i = 0; i < 5; ++i) desk.create(R"({"title":"T","send":true,"force":true})");
    int calls = 0;
    desk.shards.before = [&](std::string_view) { ++calls; };

    const auto list = body_of(get(desk, ""));

    CHECK(calls == 1);
    for (const auto& one : *list.find("campaigns")->array())
      CHECK(*one.object()->find("counts")->object()->find("accepted")->integer() == 1);
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
