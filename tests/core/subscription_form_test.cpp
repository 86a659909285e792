#include "lib/core/subscription_form.h"

#include <doctest/doctest.h>

#include "tests/core/subscribers.h"

namespace lamppost::core {
namespace {

using testing::kAuth;
using testing::kP256dh;

std::string form(std::string_view endpoint, std::string_view p256dh, std::string_view auth) {
  return R"({"endpoint":")" + std::string(endpoint) +
         R"(","expirationTime":null,"keys":{"p256dh":")" + std::string(p256dh) + R"(","auth":")" +
         std::string(auth) + R"("}})";
}

Result<webpush::Recipient> parse(std::string_view text, const std::string& prefix = "") {
  return parse_recipient(*json::parse_object(text), testing::policy(), prefix);
}

std::string refusal(std::string_view text, const std::string& prefix = "") {
  const auto parsed = parse(text, prefix);
  return parsed ? "" : parsed.error().field + ": " + parsed.error().message;
}

TEST_SUITE("core.subscription_form") {
  TEST_CASE("what a browser hands over is read, and written in one form") {
    const auto text = form(testing::endpoint_url("a"), kP256dh, kAuth);
    const auto recipient = parse(text);

    REQUIRE(recipient);
    CHECK(recipient->endpoint.url() == testing::endpoint_url("a"));
    CHECK(json::write(to_json(*recipient)) == text);
  }

  TEST_CASE("padded base64 is the same subscription as base64url") {
    const auto padded =
        "BCVxsr7N/eNgVRqvHtD0zTZsEc6+VV+JvLexhqUzORcxaOzi6+AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4=";
    const auto recipient =
        parse(form(testing::endpoint_url("a"), padded, "BTBZMqHH6r4Tts7J/aSIgg=="));

    REQUIRE(recipient);
    CHECK(json::write(to_json(*recipient)) == form(testing::endpoint_url("a"), kP256dh, kAuth));
  }

  TEST_CASE("unknown members and any expiration time are ignored") {
    const auto text = R"({"endpoint":"https://push.example.net/a","expirationTime":"soon","x":{},)"
                      R"("keys":{"p256dh":")" +
                      std::string(kP256dh) + R"(","auth":")" + std::string(kAuth) + R"(","y":1}})";

    CHECK(parse(text));
  }

  TEST_CASE("what is missing is named, with the way to it") {
    CHECK(refusal("{}") == "endpoint: is missing");
    CHECK(refusal(R"({"endpoint":null})") == "endpoint: is missing");
    CHECK(refusal(R"({"endpoint":"https://push.example.net/a"})") == "keys: is missing");
    CHECK(refusal(R"({"endpoint":"https://push.example.net/a","keys":null})") ==
          "keys: is missing");
    CHECK(refusal(R"({"endpoint":"https://push.example.net/a","keys":{}})") ==
          "keys.p256dh: is missing");
    CHECK(refusal(R"({"endpoint":"https://push.example.net/a","keys":{"p256dh":"B"}})",
                  "subscription.") == "subscription.keys.auth: is missing");
    CHECK(refusal("{}", "subscription.") == "subscription.endpoint: is missing");
  }

  TEST_CASE("wrong types are named") {
    for (const std::string wrong : {"1", "true", "[]", "{}"}) {
      CAPTURE(wrong);
      CHECK(refusal(R"({"endpoint":)" + wrong + R"(,"keys":{}})") == "endpoint: must be a text");
      CHECK(refusal(R"({"endpoint":"https://push.example.net/a","keys":{"p256dh":)" + wrong +
                    "}}") == "keys.p256dh: must be a text");
      CHECK(refusal(R"({"endpoint":"https://push.example.net/a","keys":{"p256dh":"B","auth":)" +
                    wrong + "}}") == "keys.auth: must be a text");
    }
    for (const std::string wrong : {"1", "true", "[]", R"("x")"}) {
      CAPTURE(wrong);
      CHECK(refusal(R"({"endpoint":"https://push.example.net/a","keys":)" + wrong + "}") ==
            "keys: must be an object");
    }
  }

  TEST_CASE("endpoint and keys are looked at, their errors get the prefix") {
    const auto good = testing::endpoint_url("a");

    CHECK(refusal(form("https://evil.com/a", kP256dh, kAuth), "s.") ==
          "s.endpoint: is not at a known push service");
    CHECK(refusal(form("http://push.example.net/a", kP256dh, kAuth)) ==
          "endpoint: must begin with https://");
    CHECK(refusal(form(good, "AAAA", kAuth), "s.") == "s.keys.p256dh: must be 65 bytes");
    CHECK(refusal(form(good, kP256dh, "AAAA"), "s.") == "s.keys.auth: must be 16 bytes");
    CHECK(refusal(form(good, kP256dh, "????")) == "keys.auth: must be base64url or base64");
    auto off_curve = std::string(kP256dh);
    off_curve[40] = off_curve[40] == 'A' ? 'B' : 'A';
    CHECK(refusal(form(good, off_curve, kAuth)) ==
          "keys.p256dh: must be an uncompressed point on the curve P-256");
  }

  TEST_CASE("an endpoint of 2048 bytes is taken, longer ones and longer keys are not") {
    const auto start = testing::endpoint_url("");
    const auto longest = start + std::string(2048 - start.size(), 'a');

    CHECK(parse(form(longest, kP256dh, kAuth)));
    CHECK(refusal(form(longest + 'a', kP256dh, kAuth)) == "endpoint: must be at most 2048 bytes");
    CHECK(refusal(form(start, std::string(129, 'A'), kAuth)) ==
          "keys.p256dh: must be at most 128 bytes");
    CHECK(refusal(form(start, kP256dh, std::string(129, 'A'))) ==
          "keys.auth: must be at most 128 bytes");
  }

  TEST_CASE("a language is a tag or nothing") {
    for (const std::string text : {"", "de", "de-AT", "zh-Hant-TW", "x-1", "EN"}) {
      CAPTURE(text);
      const auto language = parse_language(text);
      REQUIRE(language);
      CHECK(*language == text);
    }
    CHECK(parse_language(std::string(35, 'a')));
    for (const std::string text : {"de_AT", "de AT", "d\xc3\xa9", "*", "<b>", "de;q=1", "de\n"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_language(text));
    }
    CHECK_FALSE(parse_language(std::string(36, 'a')));
  }

  TEST_CASE("a time zone is an IANA name or nothing") {
    for (const std::string text : {"", "UTC", "Europe/Vienna", "America/Argentina/Buenos_Aires",
                                   "Etc/GMT+12", "Etc/GMT-1"}) {
      CAPTURE(text);
      const auto timezone = parse_timezone(text);
      REQUIRE(timezone);
      CHECK(*timezone == text);
    }
    CHECK(parse_timezone(std::string(64, 'a')));
    for (const std::string text :
         {"Europe Vienna", "../etc/passwd", "+02:00", "V\xc3\xa4", "a\\b"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_timezone(text));
    }
    CHECK_FALSE(parse_timezone(std::string(65, 'a')));
  }
}

}  // namespace
}  // namespace lamppost::core
