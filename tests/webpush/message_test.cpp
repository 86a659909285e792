#include "lib/webpush/message.h"

#include <doctest/doctest.h>

#include <string>

#include "lib/base/base64url.h"

namespace lamppost::webpush {
namespace {

Message message_of(std::string payload) {
  Message message;
  message.payload = std::move(payload);
  return message;
}
Message message_with_topic(std::string topic) {
  Message message;
  message.topic = std::move(topic);
  return message;
}
Message message_with_ttl(std::int64_t seconds) {
  Message message;
  message.ttl = Seconds{seconds};
  return message;
}
std::string json_of_size(std::size_t size) { return '"' + std::string(size - 2, 'x') + '"'; }

void check_refused(Message message, std::string_view field, std::string_view reason) {
  const auto result = checked(std::move(message));
  REQUIRE_FALSE(result);
  CHECK(result.error().field == field);
  CHECK(result.error().message == reason);
}

TEST_SUITE("webpush.message") {
  TEST_CASE("a checked message is the message itself") {
    Message message{.payload = R"({"web_push":8030})",
                    .ttl = Seconds{60},
                    .urgency = Urgency::High,
                    .topic = "news",
                    .padded_to = 100};

    const auto result = checked(message);

    REQUIRE(result);
    CHECK(result->payload == message.payload);
    CHECK(result->ttl == Seconds{60});
    CHECK(result->urgency == Urgency::High);
    CHECK(result->topic == "news");
    CHECK(result->padded_to == 100);
  }

  TEST_CASE("a payload of 3993 bytes fits, one more does not") {
    CHECK(checked(message_of(json_of_size(3993))));
    check_refused(message_of(json_of_size(3994)), "payload",
                  "is 3994 bytes long, at most 3993 fit into a push message");
  }

  TEST_CASE("no payload is allowed, one that is not JSON is not") {
    CHECK(checked(message_of("")));
    check_refused(message_of("{"), "payload",
                  "must be JSON: is not JSON at byte 1: Missing a name for object member");
    CHECK_FALSE(checked(message_of("plain")));
    CHECK_FALSE(checked(message_of("\"\xff\"")));
  }

  TEST_CASE("the time to live is between none and four weeks") {
    CHECK(checked(message_with_ttl(0)));
    CHECK(checked(message_with_ttl(2'419'200)));
    check_refused(message_with_ttl(2'419'201), "ttl", "must be between 0 and 2419200 seconds");
    check_refused(message_with_ttl(-1), "ttl", "must be between 0 and 2419200 seconds");
  }

  TEST_CASE("a topic has at most 32 characters of the URL-safe alphabet (RFC 8030, 5.4)") {
    const auto reason = "must be at most 32 characters of A-Z a-z 0-9 - _";
    for (const std::string topic : {"", "upd", "AZaz09-_", "0123456789abcdef0123456789ABCDEF"}) {
      CAPTURE(topic);
      CHECK(checked(message_with_topic(topic)));
    }
    for (const std::string topic : {"0123456789abcdef0123456789ABCDEF0", "a b", "news=", "a+b",
                                    "a/b", "a.b", "n\xc3\xa9ws", "new\r\nTTL: 0"}) {
      CAPTURE(topic);
      check_refused(message_with_topic(topic), "topic", reason);
    }
  }

  TEST_CASE("a topic of a length that base64 cannot have is refused, as Apple does") {
    CHECK(checked(message_with_topic("ab")));
    for (const std::size_t size : {1u, 5u, 29u}) {
      CAPTURE(size);
      check_refused(message_with_topic(std::string(size, 'a')), "topic",
                    "must not be of a length that base64 cannot have, Apple refuses it");
    }
  }

  TEST_CASE("a made topic is the first 24 bytes of the name's SHA-256, and passes") {
    const auto topic = make_topic("abc");

    CHECK(topic == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qc");  // FIPS 180-2, B.1
    CHECK(checked(message_with_topic(topic)));
    CHECK(make_topic("") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NM");
    CHECK(make_topic("abd") != topic);
  }

  TEST_CASE("urgencies have the names of RFC 8030, 5.3 and no others") {
    const std::pair<Urgency, std::string_view> names[] = {{Urgency::VeryLow, "very-low"},
                                                          {Urgency::Low, "low"},
                                                          {Urgency::Normal, "normal"},
                                                          {Urgency::High, "high"}};
    for (const auto& [urgency, name] : names) {
      CHECK(to_text(urgency) == name);
      const auto read = parse_urgency(name);
      REQUIRE(read);
      CHECK(*read == urgency);
    }
    for (const std::string name : {"", "High", "very_low", "low,high", "urgent", "normal "}) {
      CAPTURE(name);
      const auto read = parse_urgency(name);
      REQUIRE_FALSE(read);
      CHECK(read.error().field == "urgency");
      CHECK(read.error().message == "must be very-low, low, normal or high");
    }
  }
}

}  // namespace
}  // namespace lamppost::webpush
