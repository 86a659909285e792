#include "lib/webpush/vapid.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lib/base/base64url.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "tests/base/es256_verifier.h"
#include "tests/webpush/vectors.h"

namespace lamppost::webpush {
namespace {

constexpr Time kNow{Seconds{1'700'000'000}};
constexpr auto kOrigin = "https://push.example.net";

// The parts of "vapid t=header.claims.signature, k=key", taken apart by hand.
struct Credentials {
  std::string signed_text;
  std::string header;
  json::Object claims;
  Bytes signature;
  std::string key;
};
Credentials read_credentials(std::string_view value) {
  REQUIRE(value.starts_with("vapid t="));
  const auto comma = value.find(", k=");
  REQUIRE(comma != std::string_view::npos);
  const auto token = value.substr(8, comma - 8);
  const auto first = token.find('.');
  const auto second = token.rfind('.');
  REQUIRE(first < second);
  const auto text = [](std::string_view part) {
    return std::string(as_text(*decode_base64url(part)));
  };
  return {std::string(token.substr(0, second)), text(token.substr(0, first)),
          *json::parse_object(text(token.substr(first + 1, second - first - 1))),
          *decode_base64url(token.substr(second + 1)), std::string(value.substr(comma + 4))};
}
std::int64_t expiry(std::string_view value) {
  return *read_credentials(value).claims.find("exp")->integer();
}

Vapid new_vapid() { return {crypto::KeyPair::generate(), "mailto:push@example.com"}; }

TEST_SUITE("webpush.vapid") {
  TEST_CASE("RFC 8292, 2.4: the example's token is what its text says, and its signature holds") {
    const auto vectors = *testing::vectors_of("rfc8292").object();

    const auto example = read_credentials("vapid t=" + testing::text_at(vectors, "t") +
                                          ", k=" + testing::text_at(vectors, "k"));

    CHECK(example.header == R"({"typ":"JWT","alg":"ES256"})");
    CHECK(json::write(example.claims) == json::write(*vectors.find("claims")));
    const auto key = *decode_base64url(example.key);
    CHECK(testing::verifies_es256(key, example.signed_text, example.signature));
    CHECK_FALSE(testing::verifies_es256(key, example.signed_text + "x", example.signature));
  }

  TEST_CASE("our token has the shape of the example: same header, same claims, nothing else") {
    auto vapid = new_vapid();

    const auto ours = read_credentials(vapid.authorization(kOrigin, kNow));

    CHECK(ours.header == R"({"typ":"JWT","alg":"ES256"})");
    CHECK(json::write(ours.claims) ==
          R"({"aud":"https://push.example.net","exp":1700043200,"sub":"mailto:push@example.com"})");
    CHECK(ours.signature.size() == 64);
    CHECK(ours.key == vapid.public_key());
  }

  TEST_CASE("the key is 65 bytes in base64url without padding, and the signature is its own") {
    const auto pair = crypto::KeyPair::generate();
    Vapid vapid{pair, "https://example.com/contact"};

    const auto ours = read_credentials(vapid.authorization(kOrigin, kNow));

    CHECK(vapid.public_key().size() == 87);
    CHECK(decode_base64url(vapid.public_key()) ==
          Bytes(pair.public_point().begin(), pair.public_point().end()));
    CHECK(testing::verifies_es256(pair.public_point(), ours.signed_text, ours.signature));
  }

  TEST_CASE("the header's value has no character beyond the grammar of RFC 8292, 3") {
    auto vapid = new_vapid();
    const auto value = vapid.authorization(kOrigin, kNow);

    const auto token = value.substr(8, value.find(',') - 8);
    const auto digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    CHECK(token.find_first_not_of(digits) == std::string::npos);
    CHECK(printable(value, value.size()) == value);
  }

  TEST_CASE("a token lives for 12 hours and is kept for the first half of them") {
    auto vapid = new_vapid();
    const auto first = vapid.authorization(kOrigin, kNow);

    CHECK(expiry(first) == 1'700'000'000 + 12 * 3600);
    CHECK(vapid.authorization(kOrigin, kNow) == first);
    CHECK(vapid.authorization(kOrigin, kNow + Seconds{6 * 3600 - 1}) == first);

    const auto second = vapid.authorization(kOrigin, kNow + Seconds{6 * 3600});
    CHECK(second != first);
    CHECK(expiry(second) == 1'700'000'000 + 18 * 3600);
  }

  TEST_CASE("when the clock is set back, a token is made that is not too far ahead") {
    auto vapid = new_vapid();
    const auto ahead = vapid.authorization(kOrigin, kNow + Seconds{30 * 86400});

    const auto back = vapid.authorization(kOrigin, kNow);

    CHECK(back != ahead);
    CHECK(expiry(back) == 1'700'000'000 + 12 * 3600);
    CHECK(vapid.authorization(kOrigin, kNow + Seconds{1}) == back);
  }

  TEST_CASE("each origin has a token of its own, port included") {
    auto vapid = new_vapid();
    const auto plain = vapid.authorization(kOrigin, kNow);
    const auto other = vapid.authorization("https://push.example.net:8443", kNow);

    CHECK(*read_credentials(other).claims.find("aud")->text() == "https://push.example.net:8443");
    CHECK(other != plain);
    CHECK(vapid.authorization(kOrigin, kNow + Seconds{60}) == plain);
    CHECK(vapid.authorization("https://push.example.net:8443", kNow + Seconds{60}) == other);
  }

  TEST_CASE("strangers who make up hosts do not make the tokens grow without end") {
    auto vapid = new_vapid();
    const auto first = vapid.authorization(kOrigin, kNow);
    for (std::size_t i = 1; i < Vapid::kMaxTokens; ++i)
      static_cast<void>(
          vapid.authorization("https://x" + std::to_string(i) + ".notify.windows.com", kNow));
    CHECK(vapid.authorization(kOrigin, kNow) == first);

    const auto one_more = vapid.authorization("https://one.more", kNow);

    CHECK(*read_credentials(one_more).claims.find("aud")->text() == "https://one.more");
    CHECK(vapid.authorization(kOrigin, kNow) != first);  // forgotten and made anew
  }

  TEST_CASE("keys are found by the number that subscriptions remember, and by no other") {
    VapidKeys keys;
    auto first = new_vapid();
    auto second = new_vapid();
    const auto first_key = first.public_key();
    const auto second_key = second.public_key();

    keys.add(1, std::move(first));
    keys.add(7, std::move(second));

    REQUIRE(keys.find(1) != nullptr);
    CHECK(keys.find(1)->public_key() == first_key);
    CHECK(keys.find(7)->public_key() == second_key);
    CHECK(keys.find(2) == nullptr);
    keys.add(1, new_vapid());
    CHECK(keys.find(1)->public_key() != first_key);
  }
}

TEST_SUITE("webpush.vapid_subject") {
  TEST_CASE("an address and an https URL at a real domain are subjects") {
    for (const std::string subject :
         {"mailto:push@example.com", "mailto:web+push@mail.example.co.uk", "mailto:a@EXAMPLE.COM",
          "https://example.com", "https://example.com/", "https://example.com:8443/contact?a=b#c",
          "https://www.xn--bcher-kva.example/x", "mailto:a@localhost.example.org",
          "https://local.example.org/"}) {
      CAPTURE(subject);
      const auto read = parse_vapid_subject(subject);
      REQUIRE(read);
      CHECK(*read == subject);
    }
  }

  TEST_CASE("what Apple refuses is refused: no domain, one of none's, spaces, angle brackets") {
    for (const std::string subject : {"",
                                      "mailto:",
                                      "mailto:push",
                                      "mailto:@example.com",
                                      "mailto:push@",
                                      "mailto:push@localhost",
                                      "mailto:push@server",
                                      "mailto:push@my.localhost",
                                      "mailto:push@host.local",
                                      "mailto:push@HOST.LOCAL",
                                      "mailto:push@x.invalid",
                                      "mailto:push@x.devhost",
                                      "mailto:<push@example.com>",
                                      "mailto:Push <push@example.com>",
                                      "mailto: push@example.com",
                                      "mailto:push@example.com ",
                                      " mailto:push@example.com",
                                      "mailto:push@example.com\r\n",
                                      "mailto:push@example..com",
                                      "mailto:push@.example.com",
                                      "mailto:push@example.com.",
                                      "mailto:push@-example.com",
                                      "mailto:push@127.0.0.1",
                                      "mailto:push@[127.0.0.1]",
                                      "mailto:a@example.com,b@example.com",
                                      "mailto:push@ex\xc3\xa4mple.com",
                                      "mailto:\"push\"@example.com",
                                      "https://",
                                      "https:///",
                                      "https://localhost",
                                      "https://localhost:8080/",
                                      "https://localhost.localhost/",
                                      "https://intranet/",
                                      "https://site.local/",
                                      "https://SITE.LOCAL/",
                                      "https://site.invalid/x",
                                      "https://127.0.0.1/",
                                      "https://[::1]/",
                                      "https://user@example.com/",
                                      "http://example.com",
                                      "HTTPS://example.com",
                                      "push@example.com",
                                      "example.com",
                                      "tel:+431234567"}) {
      CAPTURE(subject);
      const auto read = parse_vapid_subject(subject);
      REQUIRE_FALSE(read);
      CHECK(
          read.error().message ==
          "must be mailto:name@domain or https://domain/, with a domain that exists: push services "
          "refuse localhost, .local and .invalid");
    }
  }
}

}  // namespace
}  // namespace lamppost::webpush
