#include "lib/web/guard.h"

#include "tests/web/answers.h"

namespace lamppost::web {
namespace {

constexpr auto kSite = "https://site.example";
constexpr Method kChanging[] = {Method::Post, Method::Put, Method::Patch, Method::Delete,
                                Method::Other};

// "" when it may pass.
std::string refused(Request request, Method method = Method::Post) {
  request.method = method;
  const auto response = refuse(request, kSite, {.max_body = 100});
  return response ? testing::refusal_of(*response) : "";
}

std::string refused(std::map<std::string, std::string, std::less<>> headers) {
  headers.emplace("content-type", "application/json");
  Request request;
  request.headers = std::move(headers);
  return refused(std::move(request));
}

TEST_SUITE("web.guard") {
  TEST_CASE("pages of this site and scripts may change something, nobody else") {
    struct Row {
      std::string fetch_site, origin;
      bool may;
    };
    const Row rows[] = {{"", "", true},
                        {"same-origin", "", true},
                        {"same-origin", kSite, true},
                        {"same-origin", "https://evil.com", true},  // a page cannot forge the first
                        {"", kSite, true},
                        {"cross-site", "", false},
                        {"cross-site", kSite, false},
                        {"same-site", kSite, false},
                        {"none", kSite, false},
                        {"none", "", false},
                        {"Same-Origin", "", false},
                        {"same-origin, cross-site", "", false},
                        {"", "null", false},
                        {"", "https://evil.com", false},
                        {"", "http://site.example", false},
                        {"", "https://site.example:443", false},
                        {"", "https://site.example/", false},
                        {"", "https://SITE.example", false},
                        {"", "https://site.example.evil.com", false},
                        {"", "https://site.example, https://evil.com", false}};
    for (const auto& [fetch_site, origin, may] : rows) {
      CAPTURE(fetch_site);
      CAPTURE(origin);
      CHECK(refused({{"sec-fetch-site", fetch_site}, {"origin", origin}}) ==
            (may ? "" : "403 cross_site "));
    }
  }

  TEST_CASE("only JSON is taken, in any case and in UTF-8") {
    for (const std::string type :
         {"application/json", "Application/JSON", "application/json;charset=utf-8",
          "application/json; charset=UTF-8", "application/json ; charset=\"utf-8\"",
          " application/json ", "application/json;"}) {
      CAPTURE(type);
      CHECK(refused({{"content-type", type}}).empty());
    }
    for (const std::string type :
         {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
          "application/jsonp", "application/json+x", "application/ld+json", "text/json", "json",
          "application/json, text/plain", "text/plain; application/json",
          "application/json;charset=iso-8859-1", "application/json;charset=utf-16",
          "application/json;charset=utf-8;x=y", "application/json\tx"}) {
      CAPTURE(type);
      CHECK(refused({{"content-type", type}}) == "415 bad_content_type ");
    }
  }

  TEST_CASE("a body has its limit, to the byte") {
    Request request;
    request.headers["content-type"] = "application/json";
    request.body = std::string(100, ' ');
    CHECK(refused(request).empty());

    request.body += ' ';
    CHECK(refused(request) == "413 too_large ");
  }

  TEST_CASE("every method that may change something is looked at, reading is not") {
    Request request;
    request.headers["origin"] = "https://evil.com";
    request.body = std::string(101, ' ');

    for (const auto method : kChanging) {
      CAPTURE(static_cast<int>(method));
      CHECK(refused(request, method) == "403 cross_site ");
    }
    CHECK(refused(request, Method::Get).empty());
  }
}

}  // namespace
}  // namespace lamppost::web
