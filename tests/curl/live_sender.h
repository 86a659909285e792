#pragma once
// What the live suites share: real requests to simulated subscriptions, and the count of their
// replies.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lib/curl/push_client.h"
#include "lib/webpush/request.h"
#include "tests/curl/push_service_control.h"

namespace lamppost::test {

using namespace std::chrono_literals;

inline std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

class LiveSender {
 public:
  LiveSender() { control.call("POST", "/forget"); }

  PushServiceControl control;

  /// Settings that reach these origins.
  curl::Settings settings(const std::vector<std::string>& origins) const {
    curl::Settings settings;
    settings.ca_file = environment("LAMPPOST_TEST_PUSH_CA");
    for (const auto& origin : origins)
      settings.address_exceptions.push_back("127.0.0.1:" + origin.substr(origin.rfind(':') + 1));
    return settings;
  }

  /// The same for tests that wait for a time-out.
  curl::Settings hasty_settings(const std::vector<std::string>& origins) const {
    auto settings = this->settings(origins);
    settings.connect_timeout = 1000ms;
    settings.timeout = 2000ms;
    return settings;
  }

  webpush::PushRequest request(const webpush::Recipient& recipient) {
    const webpush::Message message{.payload = R"({"web_push":8030})", .ttl = 60s, .topic = {}};
    const auto now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
    return webpush::compose(next_tag_++, message, recipient, vapid_, now);
  }

  /// `count` requests to as many new subscriptions at `origin`.
  std::vector<webpush::PushRequest> requests(const std::string& origin, int count) {
    std::vector<webpush::PushRequest> made;
    for (const auto& recipient : control.subscribe(origin, count))
      made.push_back(request(recipient));
    return made;
  }

 private:
  webpush::Vapid vapid_{crypto::KeyPair::generate(), "mailto:push@example.com"};
  std::uint64_t next_tag_ = 1;
};

/// The replies in the order of the requests, after checking that each was reported exactly once.
inline std::vector<webpush::PushReply> send_all(
    webpush::PushService& client, const std::vector<webpush::PushRequest>& requests,
    const std::function<void()>& tick = [] {}) {
  std::map<std::uint64_t, std::vector<webpush::PushReply>> replies;
  std::size_t next = 0;
  client.send(
      [&]() -> std::optional<webpush::PushRequest> {
        if (next == requests.size()) return std::nullopt;
        return requests[next++];
      },
      [&](const webpush::PushReply& reply) { replies[reply.tag].push_back(reply); }, tick);
  REQUIRE(replies.size() == requests.size());
  std::vector<webpush::PushReply> ordered;
  for (const auto& request : requests) {
    CAPTURE(request.tag);
    REQUIRE(replies[request.tag].size() == 1);
    ordered.push_back(replies[request.tag][0]);
  }
  return ordered;
}

inline webpush::PushReply send_one(webpush::PushService& client,
                                   const webpush::PushRequest& request) {
  return send_all(client, {request})[0];
}

inline std::size_t accepted(const std::vector<webpush::PushReply>& replies) {
  return static_cast<std::size_t>(std::count_if(
      replies.begin(), replies.end(), [](const auto& reply) { return reply.status == 201; }));
}

}  // namespace lamppost::test
