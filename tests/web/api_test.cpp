// The route tables: what each pool answers to, and that the public one has nothing of the admin's.

#include "lib/web/api.h"

#include "tests/web/admin_desk.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using testing::header_of;
using testing::refusal_of;
using testing::request;

constexpr const char* kAdminPaths[] = {"/api/admin/me",
                                       "/api/admin/campaigns",
                                       "/api/admin/campaigns/1",
                                       "/api/admin/campaigns/1/send",
                                       "/api/admin/campaigns/1/pause",
                                       "/api/admin/campaigns/1/resume",
                                       "/api/admin/campaigns/1/cancel",
                                       "/api/admin/campaigns/1/retry",
                                       "/admin-api/trigger-push-notifications"};
constexpr Method kMethods[] = {Method::Get,   Method::Post,   Method::Put,
                               Method::Patch, Method::Delete, Method::Other};

TEST_SUITE("web.api") {
  TEST_CASE("admin routes do not exist in the public pool, with or without a login") {
    testing::VisitorDesk desk;
    for (const std::string path : kAdminPaths)
      for (const auto method : kMethods)
        for (const std::string owner : {"", "admin"}) {
          CAPTURE(path);
          auto asked = request(method, path, "{}");
          asked.owner = owner;
          CHECK(refusal_of(desk.api.answer(asked)) == "404 not_found ");
        }
  }

  TEST_CASE("the admin pool answers nothing without a login, and keeps nothing") {
    testing::AdminDesk desk;
    for (const std::string path : kAdminPaths)
      for (const auto method : kMethods) {
        CAPTURE(path);
        CHECK(refusal_of(desk.api.answer(request(method, path, R"({"title":"T","send":true})"))) ==
              "403 no_login ");
      }
    CHECK(desk.is_untouched());
  }

  TEST_CASE("public calls do not exist in the admin pool") {
    testing::AdminDesk desk;
    for (const std::string path : {"/api/config", "/api/health", "/api/push-subscriptions"}) {
      CAPTURE(path);
      CHECK(refusal_of(desk.ask(Method::Get, path)) == "404 not_found ");
    }
  }

  TEST_CASE("each path has its methods") {
    const testing::VisitorDesk visitor;
    const testing::AdminDesk admin;
    const auto allowed = [](const Response& response) {
      CHECK(refusal_of(response) == "405 bad_method ");
      return header_of(response, "Allow");
    };
    const auto publicly = [&](const char* path) {
      return allowed(visitor.api.answer(request(Method::Other, path)));
    };

    CHECK(publicly("/api/config") == "GET, HEAD");
    CHECK(publicly("/api/health") == "GET, HEAD");
    CHECK(publicly("/api/push-subscriptions") == "POST, DELETE, PATCH");
    CHECK(publicly("/api/push-subscriptions/mine") == "POST");
    CHECK(allowed(admin.ask(Method::Other, "/api/admin/me")) == "GET, HEAD");
    CHECK(allowed(admin.ask(Method::Other, "/api/admin/topics")) == "GET, HEAD, PUT");
    CHECK(allowed(admin.ask(Method::Other, "/api/admin/campaigns")) == "POST, GET, HEAD");
    CHECK(allowed(admin.ask(Method::Delete, "/api/admin/campaigns/1")) == "GET, HEAD");
    for (const std::string word : {"send", "pause", "resume", "cancel", "retry"}) {
      CAPTURE(word);
      CHECK(allowed(admin.ask(Method::Get, "/api/admin/campaigns/1/" + word)) == "POST");
    }
    CHECK(allowed(admin.ask(Method::Get, "/admin-api/trigger-push-notifications")) == "POST");
  }

  TEST_CASE("a foreign page cannot send with the owner's login") {
    testing::AdminDesk desk;
    for (const std::string path :
         {"/api/admin/campaigns", "/admin-api/trigger-push-notifications"}) {
      auto asked = request(Method::Post, path, R"({"title":"T","send":true})");
      asked.owner = "anna";
      asked.headers["origin"] = "https://evil.com";
      CHECK(refusal_of(desk.api.answer(asked)) == "403 cross_site ");
      asked.headers["origin"] = "https://site.example";
      asked.headers["content-type"] = "application/x-www-form-urlencoded";
      CHECK(refusal_of(desk.api.answer(asked)) == "415 bad_content_type ");
    }
    CHECK(desk.is_untouched());
  }

  TEST_CASE("64 KiB are an admin's limit") {
    const testing::AdminDesk desk;

    CHECK(desk.api.max_body("/api/admin/campaigns") == 65'536);
    CHECK(desk.api.max_body("/api/admin/images") == 524'288);
    CHECK(refusal_of(desk.create(std::string(65'537, ' '))) == "413 too_large ");
    CHECK(refusal_of(desk.create(std::string(65'536, ' '))) == "400 bad_json ");
  }
}

}  // namespace
}  // namespace lamppost::web
