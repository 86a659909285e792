#include "lib/web/response.h"

#include "tests/web/answers.h"

namespace lamppost::web {
namespace {

using testing::message_of;
using testing::refusal_of;

TEST_SUITE("web.response") {
  TEST_CASE("an answer is JSON with its status") {
    const auto response = answer(201, json::Object{{"a", 1}});

    CHECK(response.status == 201);
    CHECK(response.type == "application/json");
    CHECK(response.body == R"({"a":1})");
  }

  TEST_CASE("a refusal has the one shape of errors") {
    const auto response = refusal(403, "cross_site", "", "No");

    CHECK(response.status == 403);
    CHECK(response.body ==
          R"({"status":"error","error":{"code":"cross_site","field":"","message":"No"}})");
  }

  TEST_CASE("bad input is called after the member that is bad, or missing") {
    CHECK(refusal_of(bad_input({"endpoint", "is odd"})) == "400 bad_endpoint endpoint");
    CHECK(refusal_of(bad_input({"subscription.keys.auth", "is odd"})) ==
          "400 bad_auth subscription.keys.auth");
    CHECK(refusal_of(bad_input({"actions[1].title", "is missing"})) ==
          "400 missing_title actions[1].title");
    CHECK(refusal_of(bad_input({"actions[0]", "is odd"})) == "400 bad_actions actions[0]");
    CHECK(refusal_of(bad_input({"", "is not JSON"})) == "400 bad_json ");
    CHECK(message_of(bad_input({"keys.auth", "is odd"})) == "keys.auth is odd");
    CHECK(message_of(bad_input({"", "is not JSON"})) == "The body is not JSON");
  }

  TEST_CASE("what is foreign in a message is escaped, bad bytes too") {
    const auto response = refusal(404, "not_found", "", "a\"\\\n\xff</script>");

    CHECK(message_of(response) == "a\"\\\n\xef\xbf\xbd</script>");
  }

  TEST_CASE("unavailable says when to come again") {
    const auto response = unavailable("Away");

    CHECK(refusal_of(response) == "503 unavailable ");
    CHECK(testing::header_of(response, "Retry-After") == "3");
  }
}

}  // namespace
}  // namespace lamppost::web
