#include "lib/web/topics.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::refusal_of;

constexpr auto* kPath = "/api/admin/topics";
const std::string kTwo = R"({"topics":[{"name":"news","label":"News","default":true},)"
                         R"({"name":"sport","label":"Sport","default":false}]})";

TEST_SUITE("web.topics") {
  TEST_CASE("there are none at first; what is put is what is there") {
    AdminDesk desk;

    CHECK(desk.ask(Method::Get, kPath).body == R"({"topics":[]})");
    const auto put = desk.ask(Method::Put, kPath, kTwo);

    CHECK(put.status == 200);
    CHECK(put.body == kTwo);
    CHECK(desk.ask(Method::Get, kPath).body == kTwo);
  }

  TEST_CASE("a topic that goes is no longer anybody's choice") {
    AdminDesk desk;
    desk.ask(Method::Put, kPath, kTwo);
    const auto id = desk.subscribe(testing::endpoint_url("a"));
    desk.subscriptions.rows().at(id).topics = {"news", "sport"};

    desk.ask(Method::Put, kPath, R"({"topics":[{"name":"sport","label":"Sports"}]})");
    CHECK(desk.subscriptions.rows().at(id).topics == std::vector<std::string>{"sport"});
    desk.ask(Method::Put, kPath, R"({"topics":[]})");

    CHECK(desk.subscriptions.rows().at(id).topics.empty());
  }

  TEST_CASE("a list that is wrong leaves the old one") {
    AdminDesk desk;
    desk.ask(Method::Put, kPath, kTwo);
    const auto put = [&](const std::string& body) {
      return refusal_of(desk.ask(Method::Put, kPath, body));
    };

    CHECK(put("{}") == "400 missing_topics topics");
    CHECK(put("[]") == "400 bad_json ");
    CHECK(put(R"({"topics":[{"name":"News","label":"x"}]})") == "400 bad_name topics[0].name");
    CHECK(put(R"({"topics":[{"name":"news"}]})") == "400 missing_label topics[0].label");
    CHECK(put(R"({"topics":[7]})") == "400 bad_topics topics[0]");
    CHECK(desk.ask(Method::Get, kPath).body == kTwo);
  }

  TEST_CASE("no other method, no foreign page, and 503 while the database is away") {
    AdminDesk desk;

    CHECK(refusal_of(desk.ask(Method::Post, kPath, kTwo)) == "405 bad_method ");
    auto foreign = testing::request(Method::Put, kPath, kTwo);
    foreign.owner = "anna";
    foreign.headers["sec-fetch-site"] = "cross-site";
    CHECK(refusal_of(desk.api.answer(foreign)) == "403 cross_site ");
    desk.set_away(true);
    CHECK(refusal_of(desk.ask(Method::Put, kPath, kTwo)) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
