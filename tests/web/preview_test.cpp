#include "lib/web/preview.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

Response look(const AdminDesk& desk, std::string body) {
  return desk.ask(Method::Post, "/api/admin/preview", std::move(body));
}

std::vector<std::string> codes(const json::Object& body) {
  std::vector<std::string> codes;
  for (const auto& warning : *body.find("warnings")->array())
    codes.push_back(*warning.object()->find("code")->text());
  return codes;
}

// Three with push.example.net, one of them paused, the first with the topic news.
void fill(AdminDesk& desk) {
  desk.ask(Method::Put, "/api/admin/topics", R"({"topics":[{"name":"news","label":"News"}]})");
  desk.subscribe_many(3);
  auto& rows = desk.subscriptions.rows();
  rows.at({1}).topics = {"news"};
  rows.at({3}).paused_until = desk.clock.now() + Seconds{60};
}

TEST_SUITE("web.preview") {
  TEST_CASE("it tells the payload, its bytes, who gets it, and keeps and sends nothing") {
    AdminDesk desk;
    fill(desk);

    const auto answered = look(desk, R"({"title":"T","body":"B","url":"/x","audience":""})");

    CHECK(answered.status == 200);
    const auto body = body_of(answered);
    const auto& payload = *body.find("payload");
    CHECK(*body.find("bytes")->integer() == static_cast<std::int64_t>(json::write(payload).size()));
    CHECK(*body.find("limit")->integer() == 3993);
    const auto* shown = payload.object()->find("notification")->object();
    CHECK(*shown->find("title")->text() == "T");
    CHECK(*shown->find("navigate")->text() == "https://site.example/x");
    CHECK(shown->find("data")->object()->find("id")->text()->size() == 22);
    CHECK(json::write(*body.find("audience")) ==
          R"({"expression":"","count":2,"services":[{"service":"other","count":2}],)"
          R"("sample":[1,2],"paused":1})");
    CHECK(codes(body).empty());
    CHECK(desk.is_untouched());
  }

  TEST_CASE("its bytes and its audience are those of the campaign that is sent then") {
    AdminDesk desk;
    fill(desk);
    const std::string message = R"({"title":"T","url":"/x","audience":"news || lang:de")";

    const auto body = body_of(look(desk, message + '}'));
    const auto sent = body_of(desk.create(message + R"(,"send":true})"));

    CHECK(*body.find("bytes")->integer() ==
          static_cast<std::int64_t>(desk.kept().at(0).message.payload.size()));
    CHECK(*body.find("audience")->object()->find("count")->integer() ==
          *sent.find("counts")->object()->find("audience")->integer());
    CHECK(*sent.find("counts")->object()->find("accepted")->integer() == 1);
    CHECK(codes(body_of(look(desk, message + '}'))) == std::vector<std::string>{"same_as_recent"});
  }

  TEST_CASE("a title may be missing or empty, and too long is a warning") {
    AdminDesk desk;
    fill(desk);

    for (const auto* body : {"{}", R"({"title":""})", R"({"title":null})", R"({"title":" "})"}) {
      CAPTURE(body);
      CHECK(look(desk, body).status == 200);
    }
    const auto long_one =
        body_of(look(desk, R"({"url":"/x","title":")" + std::string(500, 't') + R"(","body":")" +
                               std::string(3000, 'b') + R"(","tag":")" + std::string(64, 'g') +
                               R"(","icon":"/)" + std::string(600, 'i') + R"("})"));
    CHECK(*long_one.find("bytes")->integer() > 3993);
    CHECK(codes(long_one) == std::vector<std::string>{"too_long"});
  }

  TEST_CASE("what would be refused as a campaign is refused here") {
    AdminDesk desk;
    const auto refused = [&](const std::string& body) { return refusal_of(look(desk, body)); };

    CHECK(refused("[]") == "400 bad_json ");
    CHECK(refused(R"({"title":7})") == "400 bad_title title");
    CHECK(refused(R"({"title":"T","url":"javascript:x"})") == "400 bad_url url");
    CHECK(refused(R"({"title":"T","audience":"news"})") == "400 bad_audience audience");
    CHECK(refused(R"({"title":"T","audience":"segment:x"})") == "400 bad_audience audience");
    CHECK(refused(R"({"title":"T","audience":"lang:"})") == "400 bad_audience audience");
    CHECK(refused(R"({"title":"T","send_at":1})") == "400 bad_send_at send_at");
    CHECK(refused(R"({"title":"T","variants":{}})") == "400 bad_variants variants");
    desk.set_away(true);
    CHECK(refused(R"({"title":"T"})") == "503 unavailable ");
  }

  TEST_CASE("nobody is told as nobody") {
    AdminDesk desk;

    const auto body = body_of(look(desk, R"({"title":"T","url":"/","audience":"service:apple"})"));

    CHECK(*body.find("audience")->object()->find("expression")->text() == "service:apple");
    CHECK(codes(body) == std::vector<std::string>{"no_audience"});
  }
}

}  // namespace
}  // namespace lamppost::web
