#include "lib/web/router.h"

#include "lib/base/failure.h"
#include "tests/web/answers.h"

namespace lamppost::web {
namespace {

using testing::header_of;
using testing::message_of;
using testing::refusal_of;
using testing::request;

Router router(bool login_needed = false) {
  return Router(
      {.site_origin = "https://site.example", .max_body = 10, .login_needed = login_needed});
}

Handler says(std::string word) {
  return [word](const Request&, const Parts& parts) {
    auto text = word;
    for (const auto& part : parts) text += '|' + part;
    return answer(200, text);
  };
}

std::string said(const Router& api, Method method, std::string path) {
  return api.answer(request(method, std::move(path))).body;
}

template <class Thrown>
Response answer_after(const Thrown& thrown) {
  auto api = router();
  api.add(Method::Get, "/a", [thrown](const Request&, const Parts&) -> Response { throw thrown; });
  return api.answer(request(Method::Get, "/a"));
}

TEST_SUITE("web.router") {
  TEST_CASE("a request goes to the handler of its method and path") {
    auto api = router();
    api.add(Method::Get, "/a", says("get"));
    api.add(Method::Post, "/a", says("post"));
    api.add(Method::Post, "/a/{}/b/{}", says("parts"));

    CHECK(said(api, Method::Get, "/a") == "\"get\"");
    CHECK(said(api, Method::Post, "/a") == "\"post\"");
    CHECK(said(api, Method::Post, "/a/7/b/x y") == "\"parts|7|x y\"");
  }

  TEST_CASE("paths are taken to the letter, anything else is not found") {
    auto api = router();
    api.add(Method::Get, "/api/a", says("a"));
    api.add(Method::Get, "/api/{}/b", says("b"));
    for (const std::string path :
         {"", "/", "api/a", "/api", "/api/", "/api/a/", "/api//a", "//api/a", "/API/a", "/api/A",
          "/api/a;x", "/api/a?x", "/api/%61", "/api/x/../a", "/api//b", "/api/x/b/",
          "/api/x/y/b"}) {
      CAPTURE(path);
      CHECK(refusal_of(api.answer(request(Method::Get, path))) == "404 not_found ");
    }
  }

  TEST_CASE("what was not found is named so that it cannot act") {
    const auto response = router().answer(request(Method::Get, "/<b>\x1b[31m\xff"));

    CHECK(message_of(response) == "There is nothing at /<b>?[31m?");
    CHECK(message_of(router().answer(request(Method::Get, std::string(5000, 'x')))).size() < 300);
  }

  TEST_CASE("another method is told which ones are allowed") {
    auto api = router();
    api.add(Method::Get, "/a", says("get"));
    api.add(Method::Delete, "/a", says("delete"));
    api.add(Method::Put, "/b", says("put"));
    api.add(Method::Patch, "/b", says("patch"));
    api.add(Method::Post, "/b", says("post"));

    for (const auto method : {Method::Post, Method::Put, Method::Patch, Method::Other}) {
      CAPTURE(static_cast<int>(method));
      const auto response = api.answer(request(method, "/a"));
      CHECK(refusal_of(response) == "405 bad_method ");
      CHECK(header_of(response, "Allow") == "GET, HEAD, DELETE");
    }
    CHECK(header_of(api.answer(request(Method::Get, "/b")), "Allow") == "PUT, PATCH, POST");
    api.add(Method::Get, "/{}", says("any"));
    CHECK(header_of(api.answer(request(Method::Post, "/a")), "Allow") == "GET, HEAD, DELETE");
  }

  TEST_CASE("the handler is not asked before the guard") {
    auto api = router();
    int asked = 0;
    api.add(Method::Post, "/a", [&](const Request&, const Parts&) {
      ++asked;
      return answer(200, nullptr);
    });
    auto plain = request(Method::Post, "/a");
    plain.headers["content-type"] = "text/plain";
    auto foreign = request(Method::Post, "/a");
    foreign.headers["origin"] = "https://evil.com";

    CHECK(refusal_of(api.answer(plain)) == "415 bad_content_type ");
    CHECK(refusal_of(api.answer(foreign)) == "403 cross_site ");
    CHECK(refusal_of(api.answer(request(Method::Post, "/a", std::string(11, ' ')))) ==
          "413 too_large ");
    CHECK(asked == 0);
    CHECK(api.answer(request(Method::Post, "/a", std::string(10, ' '))).status == 200);
    CHECK(asked == 1);
  }

  TEST_CASE("where a login is needed nothing is answered without one, not even not found") {
    auto api = router(true);
    api.add(Method::Get, "/a", says("get"));
    for (const std::string path : {"/a", "/b"})
      for (const auto method : {Method::Get, Method::Post}) {
        CAPTURE(path);
        auto asked = request(method, path);
        CHECK(refusal_of(api.answer(asked)) == "403 no_login ");
        asked.headers["remote-user"] = "admin";
        asked.headers["authorization"] = "Basic YWRtaW46YQ==";
        CHECK(refusal_of(api.answer(asked)) == "403 no_login ");
      }

    auto asked = request(Method::Get, "/a");
    asked.owner = "admin";
    CHECK(api.answer(asked).status == 200);
    asked.path = "/b";
    CHECK(refusal_of(api.answer(asked)) == "404 not_found ");
  }

  TEST_CASE("a database that is away is 503 with Retry-After, and says nothing of it") {
    const auto response = answer_after(StoreFailure("secret-host: access denied for secret-user"));

    CHECK(refusal_of(response) == "503 unavailable ");
    CHECK(header_of(response, "Retry-After") == "3");
    CHECK(response.body.find("secret") == std::string::npos);
  }

  TEST_CASE("any other fault is 500 and says nothing of it") {
    for (const auto& response :
         {answer_after(CryptoFailure("secret key")), answer_after(Failure("secret")),
          answer_after(std::runtime_error("secret")), answer_after(std::bad_alloc())}) {
      CHECK(refusal_of(response) == "500 internal ");
      CHECK(response.body.find("secret") == std::string::npos);
      CHECK(response.headers.empty());
    }
  }
}

}  // namespace
}  // namespace lamppost::web
