#include "lib/curl/push_client.h"

#include <doctest/doctest.h>

#include <utility>

#include "lib/base/failure.h"

using namespace lamppost;
using curl::PushClient;
using curl::Settings;

namespace {

// Sends one request that must not reach any network.
std::vector<webpush::PushReply> replies_to(webpush::PushRequest request) {
  PushClient client{Settings{}};
  std::vector<webpush::PushReply> replies;
  std::optional<webpush::PushRequest> next = std::move(request);
  client.send([&] { return std::exchange(next, std::nullopt); },
              [&](const webpush::PushReply& reply) { replies.push_back(reply); }, [] {});
  return replies;
}

TEST_SUITE("curl.push_client") {
  TEST_CASE("a URL whose host libcurl reads differently is not sent") {
    for (const char* const url : {"https://fcm.googleapis.com\\@127.0.0.1/x",
                                  "https:///127.0.0.1/x",
                                  "https://fcm%2egoogleapis%2ecom/x",
                                  "https://user@127.0.0.1/x",
                                  "https://user:pass@127.0.0.1/x",
                                  "https://127.1/x",
                                  "https://0x7f000001/x",
                                  "https://[::1]/x",
                                  "http://127.0.0.1/x",
                                  "file:///etc/passwd",
                                  "127.0.0.1/x",
                                  "",
                                  "https://",
                                  "https://127.0.0.1:99999/x",
                                  "https://127.0.0.1:/x",
                                  "https://127.0.0.1#@fcm.googleapis.com/x",
                                  "https://127.0.0.1?@fcm.googleapis.com/x",
                                  "https://127.0.0.1/a b",
                                  "https://127.0.0.1/\r\nHost: x",
                                  "HTTPS://127.0.0.1/x"}) {
      CAPTURE(url);

      const auto replies = replies_to({.tag = 7, .url = url, .headers = {}, .body = {1}});

      REQUIRE(replies.size() == 1);
      CHECK(replies[0].tag == 7);
      CHECK_FALSE(replies[0].status);
      CHECK_FALSE(replies[0].left);
      CHECK(replies[0].detail == "the endpoint's host is not certain");
    }
  }

  TEST_CASE("a header of more than one line is not sent") {
    for (const auto& header : {std::string("Topic: a\r\nX: b"), std::string("Topic: a\nX: b"),
                               std::string("Topic: a\0b", 10)}) {
      CAPTURE(header);

      const auto replies =
          replies_to({.tag = 7, .url = "https://127.0.0.1/x", .headers = {header}, .body = {1}});

      REQUIRE(replies.size() == 1);
      CHECK_FALSE(replies[0].left);
      CHECK(replies[0].detail == "a header is not one line");
    }
  }

  TEST_CASE("a private address is named and not connected to") {
    const auto replies =
        replies_to({.tag = 7, .url = "https://127.0.0.1/x", .headers = {}, .body = {1}});

    REQUIRE(replies.size() == 1);
    CHECK_FALSE(replies[0].status);
    CHECK_FALSE(replies[0].left);
    CHECK(replies[0].detail ==
          "address 127.0.0.1:443 is not a public one at port 443, nor among push_addresses");
  }

  TEST_CASE("an empty source ends at once") {
    PushClient client{Settings{}};

    client.send([] { return std::nullopt; }, [](const auto&) { FAIL("nothing was sent"); }, [] {});
  }

  TEST_CASE("settings that cannot work are refused when the client is made") {
    CHECK_THROWS_WITH_AS(PushClient(Settings{.connections = 0}), "push_connections must be 1 to 8",
                         Failure);
    CHECK_THROWS_WITH_AS(PushClient(Settings{.connections = 9}), "push_connections must be 1 to 8",
                         Failure);
    CHECK_THROWS_WITH_AS(PushClient(Settings{.streams = 0}), "push_streams must be 1 to 1000",
                         Failure);
    CHECK_THROWS_AS(PushClient(Settings{.address_exceptions = {"localhost"}}), Failure);
    CHECK_THROWS_WITH_AS(PushClient(Settings{.timeout = std::chrono::milliseconds{0}}),
                         "push time-outs must be above 0", Failure);
  }

  TEST_CASE("a CA file that is missing or no certificate is refused by name") {
    CHECK_THROWS_WITH_AS(
        PushClient(Settings{.ca_file = "/nowhere/ca.pem"}),
        "CA file /nowhere/ca.pem cannot be read: No such file or directory; see push_ca_file",
        Failure);
    CHECK_THROWS_WITH_AS(PushClient(Settings{.ca_file = "/dev/null"}),
                         "CA file /dev/null holds no PEM certificate; see push_ca_file", Failure);
    CHECK_THROWS_AS(PushClient(Settings{.ca_file = "/tmp"}), Failure);
  }
}

}  // namespace
