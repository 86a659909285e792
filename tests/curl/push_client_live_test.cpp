// PushClient against a real push service on this machine: what goes well, and how much at once.

#include "lib/curl/push_client.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "tests/curl/live_sender.h"

using namespace lamppost;
using curl::PushClient;
using test::accepted;
using test::LiveSender;
using test::send_all;
using test::send_one;
using namespace std::chrono_literals;

namespace {

// Memory that this process has in RAM.
std::size_t resident_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) / 1024;
  FAIL("/proc/self/status has no VmRSS");
  return 0;
}

TEST_SUITE("curl.push_client live") {
  TEST_CASE(
      "1000 requests are accepted over HTTP/2, on no more connections and streams than allowed") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    auto settings = sender.settings({origin});
    settings.connections = 2;
    settings.streams = 20;
    PushClient client(settings);

    // Fewer than 800 on each connection, after which the service sends it away.
    const auto replies = send_all(client, sender.requests(origin, 1000));

    CHECK(accepted(replies) == 1000);
    CHECK(sender.control.count(origin, "requests") == 1000);
    CHECK(sender.control.count(origin, "accepted") == 1000);
    CHECK(sender.control.count(origin, "connections") <= 2);
    CHECK(sender.control.count(origin, "h2") == sender.control.count(origin, "connections"));
    CHECK(sender.control.count(origin, "mostStreams") <= 20);
    CHECK(sender.control.count(origin, "mostStreams") > 10);
  }

  TEST_CASE("the connections stay for the next send") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));

    for (int i = 0; i < 5; ++i)
      CHECK(send_one(client, sender.requests(origin, 1)[0]).status == 201);

    CHECK(sender.control.count(origin, "connections") == 1);
  }

  TEST_CASE("an accepted reply says that it left and asks for no wait") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));

    const auto reply = send_one(client, sender.requests(origin, 1)[0]);

    CHECK(reply.status == 201);
    CHECK(reply.left);
    CHECK(reply.retry_after == 0s);
    CHECK(reply.detail.empty());
  }

  TEST_CASE("status, wait and reason of a refusal come back") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(origin, {{"status", 429},
                                   {"headers", json::Object{{"Retry-After", "17"}}},
                                   {"body", R"({"reason":"TooManyRequests"})"}});
    PushClient client(sender.settings({origin}));

    const auto reply = send_one(client, sender.requests(origin, 1)[0]);

    CHECK(reply.status == 429);
    CHECK(reply.left);
    CHECK(reply.retry_after == 17s);
    CHECK(reply.detail == R"({"reason":"TooManyRequests"})");
  }

  TEST_CASE("of a long answer 200 printable bytes are kept") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(origin, {{"status", 400}, {"body", "\x1b[31m" + std::string(5000, 'x')}});
    PushClient client(sender.settings({origin}));

    const auto reply = send_one(client, sender.requests(origin, 1)[0]);

    CHECK(reply.detail == "?[31m" + std::string(195, 'x'));
  }

  TEST_CASE("the Windows service's reason comes from its header") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(
        origin, {{"status", 400},
                 {"headers", json::Object{{"X-WNS-Error-Description", "Ttl value conflicts"}}}});
    PushClient client(sender.settings({origin}));

    CHECK(send_one(client, sender.requests(origin, 1)[0]).detail == "Ttl value conflicts");
  }

  TEST_CASE("of two Retry-After headers over HTTP/1.1 the later counts, garbage does not") {
    LiveSender sender;
    const auto origin = sender.control.add_host({{"protocols", json::Array{"http/1.1"}}});
    sender.control.script(
        origin, {{"status", 503},
                 {"headers", json::Object{{"Retry-After", json::Array{"3", "7", "soon"}}}}});
    PushClient client(sender.settings({origin}));

    CHECK(send_one(client, sender.requests(origin, 1)[0]).retry_after == 7s);
  }

  TEST_CASE("the path goes out byte for byte") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    for (const std::string& path : std::vector<std::string>{
             "/", "//a//b", "/a/../b/./c", "/a%2fb%2Bc%7e", "/?", "/a?b=c&d=%2e",
             "/a?b?c/d:e@f;g=h!$()*,~", "/w/?token=BQYAAAA%2bLo%3d"}) {
      CAPTURE(path);
      sender.control.call("POST", "/forget");

      const auto reply =
          send_one(client, {.tag = 1, .url = origin + path, .headers = {"TTL: 1"}, .body = {}});

      CHECK(reply.status == 404);
      const auto refusals = sender.control.call("GET", "/refusals");
      REQUIRE(refusals.array()->size() == 1);
      CHECK(*refusals.array()->front().object()->find("endpoint")->text() == path);
    }
  }

  TEST_CASE("only the composed headers go out, and the user agent when there is one") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    auto settings = sender.settings({origin});
    settings.user_agent = "Lamppost/0";
    PushClient client(settings);
    sender.control.call("POST", "/forget");

    send_one(client, {.tag = 1, .url = origin + "/none", .headers = {"TTL: 1"}, .body = {}});

    const auto refusals = sender.control.call("GET", "/refusals");
    std::vector<std::string> names;
    for (const auto& [name, value] :
         refusals.array()->front().object()->find("headers")->object()->members())
      names.push_back(name);
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{":authority", ":method", ":path", ":scheme",
                                            "content-length", "ttl", "user-agent"});
  }

  TEST_CASE("a service that speaks HTTP/1.1 only is served too, one request a connection") {
    LiveSender sender;
    const auto origin = sender.control.add_host({{"protocols", json::Array{"http/1.1"}}});
    auto settings = sender.settings({origin});
    settings.connections = 3;
    PushClient client(settings);

    const auto replies = send_all(client, sender.requests(origin, 300));

    CHECK(accepted(replies) == 300);
    CHECK(sender.control.count(origin, "connections") <= 3);
  }

  TEST_CASE("requests to more services than may be connected to at once all arrive") {
    LiveSender sender;
    std::vector<std::string> origins;
    for (std::size_t i = 0; i < PushClient::kMaxHosts + 16; ++i)
      origins.push_back(sender.control.add_host());
    PushClient client(sender.settings(origins));
    std::vector<webpush::PushRequest> requests;
    for (int round = 0; round < 4; ++round)
      for (const auto& origin : origins) requests.push_back(sender.requests(origin, 1)[0]);

    CHECK(accepted(send_all(client, requests)) == requests.size());
  }

  TEST_CASE("a thousand requests in flight take no more than 45 MB") {
    LiveSender sender;
    std::vector<std::string> origins;
    std::vector<webpush::PushRequest> first, many;
    for (int i = 0; i < 3; ++i) {
      origins.push_back(sender.control.add_host());
      for (auto& request : sender.requests(origins.back(), 1)) first.push_back(request);
      for (auto& request : sender.requests(origins.back(), 400)) many.push_back(request);
    }
    auto settings = sender.settings(origins);
    settings.timeout = 8000ms;
    PushClient client(settings);
    send_all(client, first);  // a host that has not answered gets a hundred only
    for (const auto& origin : origins)
      sender.control.script(origin, {{"action", "accept"}, {"delay", 1200}});
    const auto before = resident_megabytes();
    std::size_t most = 0;

    const auto replies =
        send_all(client, many, [&] { most = std::max(most, resident_megabytes()); });

    CHECK(accepted(replies) == many.size());
    for (const auto& origin : origins) {
      CHECK(sender.control.count(origin, "connections") <= 4);
      CHECK(sender.control.count(origin, "mostStreams") == 100);
    }
#ifndef __SANITIZE_ADDRESS__  // which has memory of its own
    CHECK(most <= 45);
#endif
    CHECK(most > before + 5);  // it was measured while they were out
  }
}

}  // namespace
