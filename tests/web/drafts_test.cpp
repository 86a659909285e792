#include "lib/web/drafts.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::body_of;
using testing::refusal_of;

const std::string kPath = "/api/admin/drafts";

Response create(const AdminDesk& desk, const std::string& content) {
  return desk.ask(Method::Post, kPath, R"({"content":)" + content + '}');
}

Response save(const AdminDesk& desk, int version, const std::string& content,
              const std::string& owner = "anna") {
  auto asked = testing::request(
      Method::Put, kPath + "/1",
      R"({"version":)" + std::to_string(version) + R"(,"content":)" + content + '}');
  asked.owner = owner;
  return desk.api.answer(asked);
}

TEST_SUITE("web.drafts") {
  TEST_CASE("a draft is kept as it was given, and shown with who and when") {
    AdminDesk desk;

    const auto created = create(desk, R"({"title":"Grüß Gott","nonsense":[1,null]})");

    CHECK(created.status == 201);
    CHECK(created.body == R"({"id":1,"version":1})");
    CHECK(desk.ask(Method::Get, kPath + "/1").body ==
          R"({"id":1,"owner":"anna","version":1,"updated_at":1800000000,)"
          R"("content":{"title":"Grüß Gott","nonsense":[1,null]}})");
    CHECK(desk.ask(Method::Get, kPath).body ==
          R"({"drafts":[{"id":1,"owner":"anna","version":1,"updated_at":1800000000,)"
          R"("title":"Grüß Gott"}]})");
  }

  TEST_CASE("the one that was changed last comes first, and one without a title has an empty one") {
    AdminDesk desk;
    create(desk, "{}");
    create(desk, R"({"title":7})");
    desk.clock.advance(Seconds{1});
    save(desk, 1, R"({"title":"Now"})");

    const auto body = body_of(desk.ask(Method::Get, kPath));

    std::vector<std::string> titles;
    for (const auto& draft : *body.find("drafts")->array())
      titles.push_back(*draft.object()->find("title")->text());
    CHECK(titles == std::vector<std::string>{"Now", ""});
  }

  TEST_CASE("a list shows the beginning of a long title, cut between characters") {
    AdminDesk desk;
    std::string title = "x";
    for (int i = 0; i < 300; ++i) title += "ü";
    create(desk, R"({"title":")" + title + "\"}");

    const auto body = body_of(desk.ask(Method::Get, kPath));

    const auto shown = *(*body.find("drafts")->array())[0].object()->find("title")->text();
    CHECK(shown == title.substr(0, 199));
  }

  TEST_CASE(
      "of two who began with the same version the first saves, the second sees what is there") {
    AdminDesk desk;
    create(desk, R"({"title":"One"})");
    desk.clock.advance(Seconds{61});

    CHECK(save(desk, 1, R"({"title":"Anna's"})").body == R"({"version":2})");
    const auto second = save(desk, 1, R"({"title":"Bob's"})", "bob");

    CHECK(second.status == 409);
    const auto body = body_of(second);
    const auto& error = *body.find("error")->object();
    CHECK(*error.find("code")->text() == "conflict");
    CHECK(*error.find("message")->text() ==
          "anna has saved it at 2027-01-15 08:01:01 UTC, as version 2");
    const auto& current = *body.find("current")->object();
    CHECK(*current.find("version")->integer() == 2);
    CHECK(json::write(*current.find("content")) == R"({"title":"Anna's"})");
    CHECK(save(desk, 2, R"({"title":"Bob's"})", "bob").body == R"({"version":3})");
  }

  TEST_CASE("who saves the same again, since the answer was lost, has saved it") {
    AdminDesk desk;
    create(desk, R"({"title":"One"})");
    save(desk, 1, R"({"title":"Two"})");

    CHECK(save(desk, 1, R"({"title":"Two"})").body == R"({"version":2})");
    CHECK(save(desk, 1, R"({"title":"Two"})", "bob").status == 409);
  }

  TEST_CASE("a draft that is thrown away is gone") {
    AdminDesk desk;
    create(desk, "{}");

    CHECK(desk.ask(Method::Delete, kPath + "/1", "{}").body == R"({"status":"success"})");

    CHECK(refusal_of(desk.ask(Method::Delete, kPath + "/1", "{}")) == "404 not_found ");
    CHECK(refusal_of(desk.ask(Method::Get, kPath + "/1")) == "404 not_found ");
    CHECK(refusal_of(save(desk, 1, "{}")) == "404 not_found ");
    CHECK(refusal_of(desk.ask(Method::Get, kPath + "/x")) == "404 not_found ");
  }

  TEST_CASE("what cannot be a draft is refused by its member") {
    AdminDesk desk;
    create(desk, "{}");
    const auto longest = R"({"body":")" + std::string(32 * 1024 - 11, 'x') + "\"}";

    CHECK(create(desk, longest).status == 201);
    CHECK(refusal_of(create(desk, longest.substr(0, 10) + longest.substr(9))) ==
          "400 bad_content content");
    CHECK(refusal_of(create(desk, "7")) == "400 bad_content content");
    CHECK(refusal_of(create(desk, "[]")) == "400 bad_content content");
    CHECK(refusal_of(create(desk, "null")) == "400 missing_content content");
    CHECK(refusal_of(desk.ask(Method::Post, kPath, "[]")) == "400 bad_json ");
    CHECK(refusal_of(desk.ask(Method::Put, kPath + "/1", R"({"content":{}})")) ==
          "400 missing_version version");
    CHECK(refusal_of(save(desk, 0, "{}")) == "400 bad_version version");
    CHECK(refusal_of(desk.ask(Method::Put, kPath + "/1", R"({"version":1})")) ==
          "400 missing_content content");
    CHECK(save(desk, 1, "{}").status == 200);
  }

  TEST_CASE("with the database away it is 503") {
    AdminDesk desk;
    desk.set_away(true);

    CHECK(refusal_of(create(desk, "{}")) == "503 unavailable ");
    CHECK(refusal_of(desk.ask(Method::Get, kPath)) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
