#include "lib/web/roster.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

const std::string kPath = "/api/admin/subscriptions";

struct ListDesk : AdminDesk {
  Response get(const std::string& path, const std::string& query = "") const {
    auto asked = testing::request(Method::Get, path);
    asked.owner = "anna";
    asked.query = query;
    return api.answer(asked);
  }
  /// The ids that a query finds, and what comes next.
  std::string list(const std::string& query) const {
    const auto body = body_of(get(kPath, query));
    std::string text;
    for (const auto& entry : *body.find("subscriptions")->array())
      text += std::to_string(*entry.object()->find("id")->integer()) + ' ';
    const auto* next = body.find("next")->integer();
    return text + "next " + (next ? std::to_string(*next) : "null");
  }
  std::string path(SubscriptionId id, const std::string& more = "") const {
    return kPath + '/' + std::to_string(id.value) + more;
  }
};

TEST_SUITE("web.roster") {
  TEST_CASE("an entry tells everything but endpoint and keys") {
    ListDesk desk;
    const auto id = desk.subscribe(testing::endpoint_url("secret-of-anna"));
    auto& row = desk.subscriptions.rows().at(id);
    row.content.language = "de-AT";
    row.content.timezone = "Europe/Vienna";
    row.user = "anna";
    row.topics = {"news", "art"};
    row.paused_until = desk.clock.now() + Seconds{5};
    row.quiet_hours = core::QuietHours{std::chrono::minutes{1320}, std::chrono::minutes{420}};
    const auto now = std::to_string(desk.clock.now().time_since_epoch().count());
    const auto later = std::to_string((desk.clock.now() + Seconds{5}).time_since_epoch().count());

    const auto answer = desk.get(kPath, "state=all");

    CHECK(answer.status == 200);
    CHECK(answer.body ==
          R"({"subscriptions":[{"id":1,"service":"other","host":"push.example.net",)"
          R"("endpoint_tail":"f-anna","language":"de-AT","timezone":"Europe/Vienna",)"
          R"("created_at":)" +
              now + R"(,"seen_at":)" + now + R"(,"gone_at":null,"paused_until":)" + later +
              R"(,"quiet_hours":{"from":"22:00","to":"07:00"},"topics":["news","art"],)"
              R"("user":"anna"}],"next":null})");
    const auto one = desk.get(desk.path(id));
    CHECK(one.body.ends_with(R"("user":"anna","recent":[]})"));
    for (const auto& body : {answer.body, one.body}) {
      CHECK(body.find("secret") == std::string::npos);
      CHECK(body.find(testing::kAuth) == std::string::npos);
      CHECK(body.find(testing::kP256dh.substr(0, 20)) == std::string::npos);
    }
  }

  TEST_CASE("pages lead to each other until the last one, which says so") {
    ListDesk desk;
    desk.subscribe_many(5);

    CHECK(desk.list("") == "1 2 3 4 5 next null");
    CHECK(desk.list("limit=2") == "1 2 next 2");
    CHECK(desk.list("limit=2&after=2") == "3 4 next 4");
    CHECK(desk.list("limit=2&after=4") == "5 next null");
    CHECK(desk.list("after=5") == "next null");
  }

  TEST_CASE("filters are taken from the query, decoded") {
    ListDesk desk;
    desk.subscribe_many(4);
    auto& rows = desk.subscriptions.rows();
    rows.at({1}).user = "Jörg & Anna";
    rows.at({2}).content.language = "de-AT";
    rows.at({3}).topics = {"news"};
    rows.at({4}).gone_at = desk.clock.now();

    CHECK(desk.list("q=J%C3%B6rg+%26%20Anna") == "1 next null");
    CHECK(desk.list("lang=de") == "2 next null");
    CHECK(desk.list("topic=news") == "3 next null");
    CHECK(desk.list("state=gone") == "4 next null");
    CHECK(desk.list("state=paused") == "next null");
    CHECK(desk.list("state=all&service=other") == "1 2 3 4 next null");
    CHECK(desk.list("service=fcm") == "next null");
  }

  TEST_CASE("what cannot be asked for is refused by its name") {
    ListDesk desk;

    for (const auto& [query, field] :
         {std::pair{"limit=0", "limit"}, std::pair{"limit=201", "limit"},
          std::pair{"limit=x", "limit"}, std::pair{"after=-1", "after"},
          std::pair{"after=9223372036854775808", "after"}, std::pair{"state=deleted", "state"},
          std::pair{"service=google", "service"}, std::pair{"lang=%25", "lang"},
          std::pair{"q=%ff", "q"}, std::pair{"topic=%zz", "topic"}}) {
      CAPTURE(query);
      const auto wanted = std::string("400 bad_") + field + ' ' + field;
      CHECK(refusal_of(desk.get(kPath, query)) == wanted);
      if (std::string_view(field) != "limit" && std::string_view(field) != "after")
        CHECK(refusal_of(desk.get(kPath + "/export", query)) == wanted);
    }
    CHECK(refusal_of(desk.get(kPath, "q=" + std::string(129, 'x'))) == "400 bad_q q");
  }

  TEST_CASE("one that is put away is told as gone, and comes back whole") {
    ListDesk desk;
    const auto id = desk.subscribe(testing::endpoint_url("a"));

    const auto away = body_of(desk.ask(Method::Delete, desk.path(id)));
    CHECK(*away.find("gone_at")->integer() == desk.clock.now().time_since_epoch().count());
    CHECK(desk.list("") == "next null");
    CHECK(desk.ask(Method::Delete, desk.path(id)).status == 200);
    CHECK(desk.get(desk.path(id)).status == 200);

    const auto back = body_of(desk.ask(Method::Post, desk.path(id, "/restore")));
    CHECK(back.find("gone_at")->is_null());
    CHECK(desk.list("") == "1 next null");
  }

  TEST_CASE("one that is not there is 404 in every way to ask for it") {
    ListDesk desk;

    for (const auto* id : {"7", "0", "x", "-1", "1.5", "99999999999999999999"}) {
      CAPTURE(id);
      const auto path = kPath + '/' + id;
      CHECK(refusal_of(desk.get(path)) == "404 not_found ");
      CHECK(refusal_of(desk.ask(Method::Delete, path)) == "404 not_found ");
      CHECK(refusal_of(desk.ask(Method::Post, path + "/restore")) == "404 not_found ");
    }
  }

  TEST_CASE("what was sent to it lately is told with its fate") {
    ListDesk desk;
    const auto id = desk.subscribe(testing::endpoint_url("a"));
    desk.create(R"({"title":"Hello","send":true})");

    const auto body = body_of(desk.get(desk.path(id)));
    const auto* recent = body.find("recent")->array();

    REQUIRE(recent->size() == 1);
    CHECK(*recent->at(0).object()->find("title")->text() == "Hello");
    CHECK(*recent->at(0).object()->find("fate")->text() == "accepted");
  }

  TEST_CASE("503 while the database is away") {
    ListDesk desk;
    desk.set_away(true);

    CHECK(refusal_of(desk.get(kPath)) == "503 unavailable ");
    CHECK(refusal_of(desk.get(kPath + "/1")) == "503 unavailable ");
    CHECK(refusal_of(desk.ask(Method::Delete, kPath + "/1")) == "503 unavailable ");
  }
}

TEST_SUITE("web.roster_csv") {
  const std::string kHead =
      "id,service,host,endpoint_tail,language,timezone,created_at,seen_at,gone_at,paused_until,"
      "quiet_hours,topics,user\r\n";

  std::string csv(const ListDesk& desk, const std::string& query = "") {
    const auto response = desk.get(kPath + "/export", query);
    CHECK(response.status == 200);
    CHECK(response.type == "text/csv; charset=utf-8");
    REQUIRE(response.stream);
    testing::TextSink sink;
    response.stream(sink);
    return sink.text();
  }

  TEST_CASE("a line tells what an entry does") {
    ListDesk desk;
    const auto id = desk.subscribe(testing::endpoint_url("secret-of-anna"));
    auto& row = desk.subscriptions.rows().at(id);
    row.created_at = Time{Seconds{1'800'000'000}};
    row.seen_at = Time{Seconds{0}};
    row.content.language = "de";
    row.topics = {"news", "art"};
    row.user = "Anna \"A\", Wien";
    row.quiet_hours = core::QuietHours{std::chrono::minutes{1320}, std::chrono::minutes{420}};

    CHECK(csv(desk) == kHead +
                           "1,other,push.example.net,f-anna,de,,2027-01-15 08:00:00,"
                           "1970-01-01 00:00:00,,,22:00-07:00,news art,"
                           "\"Anna \"\"A\"\", Wien\"\r\n");
    CHECK(csv(desk, "state=gone") == kHead);
  }

  TEST_CASE("no cell is a formula") {
    ListDesk desk;
    const auto id = desk.subscribe(testing::endpoint_url("x=1+1-2"));
    for (const auto& [user, cell] :
         {std::pair{"=cmd()", "'=cmd()"}, std::pair{"+1", "'+1"}, std::pair{"-1", "'-1"},
          std::pair{"@x", "'@x"}, std::pair{"\tx", "'\tx"}, std::pair{"\rx", "\"'\rx\""}}) {
      desk.subscriptions.rows().at(id).user = user;
      const auto text = csv(desk);
      CAPTURE(text);
      CHECK(text.ends_with(std::string(",") + cell + "\r\n"));
      CHECK(text.find(",'=1+1-2,") != std::string::npos);
    }
  }

  TEST_CASE("all are told page by page, and nobody reads on when the reader is gone") {
    ListDesk desk;
    desk.subscribe_many(450);
    int pages = 0;
    desk.roster.before = [&](std::string_view) { ++pages; };

    const auto text = csv(desk);

    CHECK(std::ranges::count(text, '\n') == 451);
    CHECK(text.find("\r\n450,") != std::string::npos);
    CHECK(pages == 3);
    testing::TextSink gone;
    gone.gone = true;
    desk.get(kPath + "/export").stream(gone);
    CHECK(pages == 4);
  }

  TEST_CASE("an export that breaks off says so in its last line") {
    ListDesk desk;
    desk.subscribe_many(250);
    int pages = 0;
    desk.roster.before = [&](std::string_view) { desk.roster.away = ++pages == 2; };

    const auto text = csv(desk);

    CHECK(text.ends_with("INCOMPLETE: the export was interrupted here; ask for it again\r\n"));
    desk.roster.before = [](std::string_view) {};
    desk.roster.away = false;
    desk.stopped = true;
    CHECK(csv(desk).find("INCOMPLETE") != std::string::npos);
  }
}

}  // namespace
}  // namespace lamppost::web
