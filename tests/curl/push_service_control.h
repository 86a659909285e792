#pragma once
// The live push service of tests/rig, steered over its control address
// (tests/rig/push/control.mjs).

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/json.h"
#include "lib/webpush/recipient.h"

namespace lamppost::test {

inline std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  if (!value)
    throw std::runtime_error(std::string(name) +
                             " is not set: run it under tests/rig/with_push_service.mjs");
  return value;
}

class PushServiceControl {
 public:
  PushServiceControl() : url_(environment("LAMPPOST_TEST_PUSH_CONTROL")) {}

  /// What the service answers; throws its words when it refuses.
  json::Value call(std::string_view method, std::string_view path,
                   const json::Object& body = {}) const {
    const auto text = json::write(json::Value(body));
    const auto answer =
        exchange(std::string(method) + " " + std::string(path) +
                 " HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Length: " +
                 std::to_string(text.size()) + "\r\n\r\n" + text);
    const auto end = answer.find("\r\n\r\n");
    if (end == std::string::npos) throw std::runtime_error("control address: no answer");
    const auto value = json::parse(std::string_view(answer).substr(end + 4));
    if (!value) throw std::runtime_error("control address: " + value.error().message);
    if (!answer.starts_with("HTTP/1.1 200 "))
      throw std::runtime_error("control address: " + answer);
    return *value;
  }

  /// `count` subscriptions at a host whose keys the service knows.
  std::vector<webpush::Recipient> subscribe(std::string_view origin, int count) const {
    const auto made =
        call("POST", "/subscriptions", {{"host", origin}, {"count", count}, {"keyPairs", 4}});
    std::vector<webpush::Recipient> recipients;
    for (const auto& one : *made.array()) {
      const auto& keys = *one.object()->find("keys")->object();
      recipients.push_back({webpush::Endpoint::trusted(*one.object()->find("endpoint")->text()),
                            *webpush::PublicKey::parse(*keys.find("p256dh")->text()),
                            *webpush::AuthSecret::parse(*keys.find("auth")->text())});
    }
    return recipients;
  }

  std::string add_host(const json::Object& options = {}) const {
    return *call("POST", "/hosts", options).object()->find("origin")->text();
  }

  void script(std::string_view origin, json::Object rule) const {
    call("POST", "/script", {{"host", origin}, {"rules", std::move(rule)}});
  }
  void clear_script(std::string_view origin) const {
    call("DELETE", "/script", {{"host", origin}});
  }

  /// One number of a host's statistics: "connections", "requests", "mostStreams", ...
  std::int64_t count(std::string_view origin, std::string_view name) const {
    const auto statistics = call("GET", "/statistics");
    for (const auto& host : *statistics.object()->find("hosts")->array())
      if (*host.object()->find("origin")->text() == origin)
        return *host.object()->find(name)->integer();
    throw std::runtime_error("control address: no host " + std::string(origin));
  }

 private:
  std::string exchange(std::string_view request) const {
    const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(peer);
      throw std::runtime_error("control address " + url_ + " cannot be reached");
    }
    std::string answer;
    while (!request.empty()) {
      const auto sent = ::send(peer, request.data(), request.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      request.remove_prefix(static_cast<std::size_t>(sent));
    }
    char part[65536];
    for (ssize_t size = 0; (size = recv(peer, part, sizeof part, 0)) > 0;)
      answer.append(part, static_cast<std::size_t>(size));
    close(peer);
    return answer;
  }

  std::string url_;
};

}  // namespace lamppost::test
