#include "lib/core/link.h"

#include <doctest/doctest.h>

#include <string>

namespace lamppost::core {
namespace {

const Site kSite{.origin = "https://site.example", .click_origins = {"https://shop.example:8443"}};

TEST_SUITE("core.link") {
  TEST_CASE("a path becomes a URL on our own origin") {
    for (const std::string path : {"/", "/news/7", "/news?id=7&a=b#top", "/a//b", "/%2e%2e/", "/@a",
                                   "/:80", "/\xc3\xbc", "/a;b=1,2", "/'x'", "/../../etc/passwd"}) {
      CAPTURE(path);
      const auto target = parse_click_target(path, kSite);
      REQUIRE(target);
      CHECK(*target == "https://site.example" + path);
    }
  }

  TEST_CASE("URLs on our own origin and on listed ones stay as they are") {
    for (const std::string url :
         {"https://site.example", "https://site.example/", "https://site.example/a?b#c",
          "https://site.example?q", "https://site.example#x", "https://shop.example:8443/cart"}) {
      CAPTURE(url);
      const auto target = parse_click_target(url, kSite);
      REQUIRE(target);
      CHECK(*target == url);
    }
  }

  TEST_CASE("no other scheme is a click target") {
    for (const std::string url :
         {"javascript:alert(1)", "JavaScript:alert(1)", "javascript://site.example/%0aalert(1)",
          "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:https://site.example/1",
          "intent://x#Intent;end", "about:blank", "mailto:a@b.example", "ftp://site.example/",
          "ws://site.example/", "view-source:https://site.example/", "https:site.example",
          "https:/site.example/", "https:///site.example/", "https://", "http:/", "://x"}) {
      CAPTURE(url);
      CHECK_FALSE(parse_click_target(url, kSite));
    }
  }

  TEST_CASE("what only looks like our origin, or like a listed one, is foreign") {
    for (const std::string url : {"https://site.example.evil.com/",
                                  "https://site.example@evil.com/",
                                  "https://site.example:x@evil.com/",
                                  "https://evil.com/https://site.example/",
                                  "https://evil.com?https://site.example",
                                  "https://evil.com#@site.example",
                                  "https://sub.site.example/",
                                  "https://site.exampl/",
                                  "https://site.example:444/",
                                  "https://site.example./",
                                  "http://site.example/",
                                  "https://xn--site.example/",
                                  "HTTPS://site.example/",
                                  "https://Site.example/",
                                  "https://shop.example/",
                                  "https://shop.example:84430/",
                                  "https://shop.example:8443@evil.com/",
                                  "http://shop.example:8443/",
                                  "https://site.example%2eevil.com/",
                                  "https://site.example%40evil.com/",
                                  "https://evil.com/"}) {
      CAPTURE(url);
      const auto target = parse_click_target(url, kSite);
      REQUIRE_FALSE(target);
      CHECK(target.error().field.empty());
      CHECK(target.error().message.find("click_origins") != std::string::npos);
    }
  }

  TEST_CASE("two slashes would leave our origin, one way or the other") {
    for (const std::string url :
         {"//evil.com", "//evil.com/a", "///evil.com", "//", "//site.example", "/\\evil.com",
          "\\\\evil.com", "/\t/evil.com", "/\n/evil.com"}) {
      CAPTURE(url);
      CHECK_FALSE(parse_click_target(url, kSite));
    }
  }

  TEST_CASE("relative references have no base and are refused") {
    for (const std::string url : {"news", "./news", "../news", "?a", "#a", "site.example/news"}) {
      CAPTURE(url);
      CHECK_FALSE(parse_click_target(url, kSite));
    }
  }

  TEST_CASE("spaces, control characters and what URLs must escape are refused") {
    std::string odd = "\\\"<>^`{|}\x7f";
    for (char c = 0; c <= ' '; ++c) odd += c;
    for (const char c : odd) {
      CAPTURE(static_cast<int>(c));
      const auto inside = parse_click_target(std::string("/a") + c + "b", kSite);
      REQUIRE_FALSE(inside);
      CHECK(inside.error().message.starts_with("must not contain spaces"));
      CHECK_FALSE(parse_click_target(c + std::string("/a"), kSite));
      CHECK_FALSE(parse_click_target(std::string("https://site.example/a") + c, kSite));
      CHECK_FALSE(parse_picture(std::string("https://cdn.example/a") + c, kSite));
    }
  }

  TEST_CASE("2000 bytes are a link, 2001 are none, nor is nothing") {
    CHECK(parse_click_target('/' + std::string(1999, 'a'), kSite));

    const auto too_long = parse_click_target('/' + std::string(2000, 'a'), kSite);
    REQUIRE_FALSE(too_long);
    CHECK(too_long.error().message == "must be at most 2000 bytes");
    const auto empty = parse_click_target("", kSite);
    REQUIRE_FALSE(empty);
    CHECK(empty.error().message == "must not be empty");
  }

  TEST_CASE("a site on localhost is clicked by plain http, its own port only") {
    const Site local{.origin = "http://localhost:8080", .click_origins = {}};

    CHECK(*parse_click_target("/a", local) == "http://localhost:8080/a");
    CHECK(parse_click_target("http://localhost:8080/a", local));
    for (const std::string url : {"http://localhost/", "http://localhost:80801/",
                                  "https://localhost:8080/", "http://localhost:8080@evil.com/",
                                  "http://localhost:8080.evil.com/", "http://127.0.0.1:8080/"}) {
      CAPTURE(url);
      CHECK_FALSE(parse_click_target(url, local));
    }
  }

  TEST_CASE("a listed origin is opened by https only, even if plain http was listed") {
    const Site site{.origin = "https://site.example", .click_origins = {"http://localhost:1"}};

    CHECK_FALSE(parse_click_target("http://localhost:1/", site));
  }

  TEST_CASE("pictures come from our own origin or from any https origin") {
    CHECK(*parse_picture("/icon.png", kSite) == "https://site.example/icon.png");
    for (const std::string url : {"https://cdn.example/a.png", "https://cdn.example:8443/a.png",
                                  "https://10.0.0.1/a.png"}) {
      CAPTURE(url);
      CHECK(parse_picture(url, kSite));
    }
    for (const std::string url :
         {"http://cdn.example/a.png", "//cdn.example/a.png", "data:image/png;base64,AAAA",
          "javascript:1", "https:///a.png", "https://user@cdn.example/a.png",
          "https://user:pw@cdn.example/a.png", "https://cdn.example:/a.png",
          "https://cdn.example:0/a.png", "https://cdn.example:99999/a.png",
          "https://cdn.example:8x/a.png", "https://CDN.example/a.png", "https://[::1]/a.png",
          "https://cdn_a.example/a.png", "https://cdn.\xc3\xa4.example/a.png"}) {
      CAPTURE(url);
      CHECK_FALSE(parse_picture(url, kSite));
    }
  }
}

TEST_SUITE("core.origin") {
  TEST_CASE("an origin is a scheme, a host and perhaps a port") {
    for (const std::string text :
         {"https://www.example.com", "https://example.com:8443", "https://xn--mnchen-3ya.example",
          "http://localhost", "http://localhost:8080", "https://localhost:8443",
          "https://10.1.2.3"}) {
      CAPTURE(text);
      const auto origin = parse_origin(text);
      REQUIRE(origin);
      CHECK(*origin == text);
    }
  }

  TEST_CASE("anything else is none") {
    for (const std::string text : {"",
                                   "example.com",
                                   "https://",
                                   "https://example.com/",
                                   "https://example.com/a",
                                   "https://example.com?a",
                                   "https://example.com#a",
                                   "https://Example.com",
                                   "HTTPS://example.com",
                                   "http://example.com",
                                   "http://127.0.0.1:8080",
                                   "ftp://example.com",
                                   "https://user@example.com",
                                   "https://example.com:",
                                   "https://example.com:0",
                                   "https://example.com:08443",
                                   "https://example.com:65536",
                                   "https://example.com:+1",
                                   "https://example.com:1:2",
                                   "https://exa mple.com",
                                   "https://example.com ",
                                   "null",
                                   "*",
                                   "https://*.example.com",
                                   "http://localhost.example.com",
                                   "https://example.com\\"}) {
      CAPTURE(text);
      const auto origin = parse_origin(text);
      REQUIRE_FALSE(origin);
      CHECK(origin.error().message.find("https://www.example.com") != std::string::npos);
    }
  }

  TEST_CASE("the scheme's own port is refused, since browsers never send it") {
    CHECK_FALSE(parse_origin("https://example.com:443"));
    CHECK_FALSE(parse_origin("http://localhost:80"));
    CHECK(parse_origin("https://example.com:80"));
    CHECK(parse_origin("http://localhost:443"));
    CHECK(parse_origin("https://example.com:8443"));
  }
}

}  // namespace
}  // namespace lamppost::core
