#include "lib/webpush/request.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/failure.h"
#include "lib/webpush/encrypt.h"
#include "tests/webpush/user_agent.h"

namespace lamppost::webpush {
namespace {

constexpr Time kNow{Seconds{1'700'000'000}};
using Headers = std::vector<std::string>;

Vapid new_vapid() { return {crypto::KeyPair::generate(), "mailto:push@example.com"}; }

Message news() {
  return {.payload = R"({"title":"News"})", .ttl = Seconds{60}, .urgency = Urgency::High};
}

TEST_SUITE("webpush.request") {
  TEST_CASE("the headers are those of RFC 8030 and 8291, each once, and nothing else") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();

    const auto request = compose(42, news(), user_agent.subscribe(), vapid, kNow);

    CHECK(request.tag == 42);
    CHECK(request.url == "https://push.example.net/v1/abc");
    CHECK(request.headers ==
          Headers{"TTL: 60", "Urgency: high",
                  "Authorization: " + vapid.authorization("https://push.example.net", kNow),
                  "Content-Encoding: aes128gcm", "Content-Type: application/octet-stream"});
  }

  TEST_CASE("the recipient reads the payload from the body") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();

    const auto request = compose(1, news(), user_agent.subscribe(), vapid, kNow);

    const auto decoded = user_agent.read(request.body);
    REQUIRE(decoded);
    CHECK(as_text(decoded->plaintext) == R"({"title":"News"})");
    CHECK(decoded->padding == 0);
  }

  TEST_CASE("every request has a salt and a key pair of its own (RFC 8291, 3.1)") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    const auto body = compose(1, news(), user_agent.subscribe(), vapid, kNow).body;
    const auto again = compose(1, news(), user_agent.subscribe(), vapid, kNow).body;

    CHECK_FALSE(std::equal(body.begin(), body.begin() + 16, again.begin()));
    CHECK_FALSE(std::equal(body.begin() + 21, body.begin() + 86, again.begin() + 21));
    CHECK(encode_base64url(ByteView(body).subspan(21, 65)) != vapid.public_key());
  }

  TEST_CASE("a topic is sent as it is, none is not sent") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    auto message = news();
    message.topic = "upd-ate_";

    const auto headers = compose(1, message, user_agent.subscribe(), vapid, kNow).headers;

    CHECK(std::ranges::count(headers, "Topic: upd-ate_") == 1);
    CHECK(headers.size() == 6);
  }

  TEST_CASE("a message without payload has no body and no header about one, but a TTL") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    Message message{.ttl = Seconds{0}, .urgency = Urgency::VeryLow};

    const auto request = compose(1, message, user_agent.subscribe(), vapid, kNow);

    CHECK(request.body.empty());
    CHECK(request.headers ==
          Headers{"TTL: 0", "Urgency: very-low",
                  "Authorization: " + vapid.authorization("https://push.example.net", kNow)});
  }

  TEST_CASE("the Windows service gets its own headers, with the cache policy that fits the TTL") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    auto message = news();
    const auto recipient =
        user_agent.subscribe("https://wns2-par02p.notify.windows.com/w/?token=x");
    const auto authorization =
        "Authorization: " + vapid.authorization("https://wns2-par02p.notify.windows.com", kNow);

    CHECK(compose(1, message, recipient, vapid, kNow).headers ==
          Headers{"TTL: 60", "Urgency: high", authorization, "X-WNS-Type: wns/raw",
                  "X-WNS-Cache-Policy: cache", "Content-Encoding: aes128gcm",
                  "Content-Type: application/octet-stream"});
    message.ttl = Seconds{0};
    CHECK(compose(1, message, recipient, vapid, kNow).headers ==
          Headers{"TTL: 0", "Urgency: high", authorization, "X-WNS-Type: wns/raw",
                  "X-WNS-Cache-Policy: no-cache", "Content-Encoding: aes128gcm",
                  "Content-Type: application/octet-stream"});
  }

  TEST_CASE("no other service gets the Windows headers") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    for (const std::string url :
         {"https://fcm.googleapis.com/fcm/send/x", "https://web.push.apple.com/x",
          "https://updates.push.services.mozilla.com/x", "https://xnotify.windows.com/x",
          "https://evil.example/.notify.windows.com"}) {
      CAPTURE(url);
      const auto headers = compose(1, news(), user_agent.subscribe(url), vapid, kNow).headers;

      CHECK(std::ranges::none_of(headers, [](const auto& line) { return line.starts_with("X-"); }));
    }
  }

  TEST_CASE("padding brings every message up to the wanted size and cuts none") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    auto message = news();
    const auto size = [&](std::size_t padded_to) {
      message.padded_to = padded_to;
      const auto request = compose(1, message, user_agent.subscribe(), vapid, kNow);
      const auto decoded = user_agent.read(request.body);
      REQUIRE(decoded);
      CHECK(as_text(decoded->plaintext) == message.payload);
      return decoded->plaintext.size() + decoded->padding;
    };

    CHECK(size(0) == message.payload.size());
    CHECK(size(5) == message.payload.size());
    CHECK(size(2000) == 2000);
    CHECK(size(kMaxPlaintext) == kMaxPlaintext);
    CHECK(size(100'000) == kMaxPlaintext);
  }

  TEST_CASE("the largest message with padding stays within 4096 bytes") {
    const testing::UserAgent user_agent;
    auto vapid = new_vapid();
    auto message = news();
    message.payload = '"' + std::string(kMaxPlaintext - 2, 'x') + '"';
    message.padded_to = 4000;

    CHECK(compose(1, message, user_agent.subscribe(), vapid, kNow).body.size() == 4096);
  }

  TEST_CASE("a recipient whose stored key is not on the curve is a failure") {
    auto vapid = new_vapid();
    auto recipient = testing::UserAgent{}.subscribe();
    recipient.key = PublicKey::trusted(crypto::Point{});

    CHECK_THROWS_AS(static_cast<void>(compose(1, news(), recipient, vapid, kNow)), CryptoFailure);
  }
}

}  // namespace
}  // namespace lamppost::webpush
