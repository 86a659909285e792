// PushClient and the three functions that it is given: when it asks, reports and ticks.

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "lib/curl/push_client.h"
#include "tests/curl/live_sender.h"

using namespace lamppost;
using curl::PushClient;
using test::accepted;
using test::LiveSender;
using test::send_all;
using test::since;
using namespace std::chrono_literals;

namespace {

auto now() { return std::chrono::steady_clock::now(); }

TEST_SUITE("curl.push_client live order") {
  TEST_CASE("a service that hangs holds up no other, and what waits for it comes back unsent") {
    LiveSender sender;
    const auto dead = sender.control.add_host();
    const auto alive = sender.control.add_host();
    sender.control.script(dead, {{"action", "hang"}});
    auto settings = sender.settings({dead, alive});
    settings.timeout = 6000ms;
    PushClient client(settings);
    const auto to_dead = sender.requests(dead, 600), to_alive = sender.requests(alive, 600);
    std::vector<webpush::PushRequest> requests;  // all of the dead one's come first
    std::set<std::uint64_t> of_alive;
    for (const auto& request : to_dead) requests.push_back(request);
    for (const auto& request : to_alive) {
      of_alive.insert(request.tag);
      requests.push_back(request);
    }
    const auto start = now();
    std::chrono::milliseconds alive_done{};
    std::size_t next = 0, alive_accepted = 0, unsent = 0, unknown = 0;

    client.send(
        [&]() -> std::optional<webpush::PushRequest> {
          if (next == requests.size()) return std::nullopt;
          return requests[next++];
        },
        [&](const webpush::PushReply& reply) {
          if (of_alive.contains(reply.tag)) {
            alive_accepted += reply.status == 201;
            alive_done = since(start);
          } else if (reply.left) {
            ++unknown;
          } else {
            CHECK_FALSE(reply.status);
            CHECK(reply.detail == "not sent: the push service has answered nothing for 2 s");
            ++unsent;
          }
        },
        [] {});

    CHECK(alive_accepted == 600);
    CHECK(alive_done < 4500ms);
    CHECK(unknown == 100);  // one connection's worth
    CHECK(unsent == 500);
  }

  TEST_CASE("of a service that is held back nothing more leaves, and others go on") {
    LiveSender sender;
    const auto throttled = sender.control.add_host();
    const auto other = sender.control.add_host();
    sender.control.script(throttled, {{"status", 429}, {"delay", 100}});
    auto settings = sender.settings({throttled, other});
    settings.connections = 1;
    settings.streams = 20;
    PushClient client(settings);
    std::vector<webpush::PushRequest> requests = sender.requests(throttled, 150);
    for (const auto& request : sender.requests(other, 300)) requests.push_back(request);
    std::size_t next = 0, held_back = 0, answered = 0, others = 0;

    client.send(
        [&]() -> std::optional<webpush::PushRequest> {
          if (next == requests.size()) return std::nullopt;
          return requests[next++];
        },
        [&](const webpush::PushReply& reply) {
          if (reply.status == 429) client.hold_back(throttled);
          answered += reply.status == 429;
          others += reply.status == 201;
          held_back += reply.held_back;
          if (reply.held_back) CHECK_FALSE(reply.left);
        },
        [] {});

    CHECK(others == 300);
    CHECK(answered == 20);  // as many as were out
    CHECK(held_back == 130);
    CHECK(sender.control.count(throttled, "requests") == 20);
  }

  TEST_CASE("who is slow to take a report does not make the service a silent one") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(origin, {{"action", "accept"}, {"delay", 200}, {"times", 10}});
    auto settings = sender.settings({origin});
    settings.streams = 10;
    settings.connections = 1;
    PushClient client(settings);
    const auto requests = sender.requests(origin, 2 * PushClient::kMaxWaiting);
    json::Array first;  // answered at once, while the next nine are out and all others wait
    first.push_back(requests[0].url);
    const json::Object at_once = {{"action", "accept"}};
    sender.control.call("POST", "/script", {{"rules", at_once}, {"endpoints", first}});
    std::size_t next = 0, reports = 0, taken = 0;

    client.send(
        [&]() -> std::optional<webpush::PushRequest> {
          if (next == requests.size()) return std::nullopt;
          return requests[next++];
        },
        [&](const webpush::PushReply& reply) {
          taken += reply.status == 201;
          if (++reports == 1) std::this_thread::sleep_for(2500ms);  // as a database that is slow
        },
        [] {});

    CHECK(reports == requests.size());
    CHECK(taken == requests.size());
  }

  TEST_CASE("the tick comes at least once a second while nothing comes back") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(origin, {{"action", "hang"}});
    auto settings = sender.settings({origin});
    settings.timeout = 3000ms;
    PushClient client(settings);
    auto last = now();
    auto longest = 0ms;

    send_all(client, sender.requests(origin, 3), [&] {
      longest = std::max(longest, since(last));
      last = now();
    });

    CHECK(since(last) <= 1000ms);
    CHECK(longest <= 1000ms);
    CHECK(longest > 100ms);
  }

  TEST_CASE("the tick comes at least once a second while much comes back") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    const auto requests = sender.requests(origin, 4000);
    auto last = now();
    auto longest = 0ms;

    send_all(client, requests, [&] {
      longest = std::max(longest, since(last));
      last = now();
    });

    CHECK(longest <= 1000ms);
  }

  TEST_CASE("a source that has nothing for the moment is asked again after a report") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    const auto requests = sender.requests(origin, 50);
    std::size_t next = 0, out = 0, most_out = 0, done = 0;

    client.send(
        [&]() -> std::optional<webpush::PushRequest> {
          if (next == requests.size() || out == 5) return std::nullopt;
          most_out = std::max(most_out, ++out);
          return requests[next++];
        },
        [&](const webpush::PushReply& reply) {
          CHECK(reply.status == 201);
          --out;
          ++done;
        },
        [] {});

    CHECK(done == 50);
    CHECK(most_out == 5);
  }

  TEST_CASE("no more is pulled than may be in flight or wait") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    sender.control.script(origin, {{"action", "accept"}, {"delay", 300}});
    auto settings = sender.settings({origin});
    settings.connections = 1;
    settings.streams = 10;
    PushClient client(settings);
    const auto requests = sender.requests(origin, 300);
    std::size_t next = 0, done = 0, most_out = 0;

    client.send(
        [&]() -> std::optional<webpush::PushRequest> {
          if (next == requests.size()) return std::nullopt;
          most_out = std::max(most_out, next + 1 - done);
          return requests[next++];
        },
        [&](const webpush::PushReply&) { ++done; }, [] {});

    CHECK(done == 300);
    CHECK(most_out == PushClient::kMaxWaiting + 10);
  }

  TEST_CASE("what the functions throw passes through, and the client can be used again") {
    LiveSender sender;
    const auto origin = sender.control.add_host();
    PushClient client(sender.settings({origin}));
    struct Stop : std::runtime_error {
      using runtime_error::runtime_error;
    };
    for (const std::string& thrower : std::vector<std::string>{"source", "report", "tick"}) {
      CAPTURE(thrower);
      sender.control.script(origin, {{"action", "accept"}, {"delay", 700}, {"times", 20}});
      const auto requests = sender.requests(origin, 60);
      std::size_t next = 0;
      const auto stop_if = [&](bool now) {
        if (now) throw Stop(thrower);
      };

      CHECK_THROWS_AS(client.send(
                          [&]() -> std::optional<webpush::PushRequest> {
                            stop_if(thrower == "source" && next == 40);
                            if (next == requests.size()) return std::nullopt;
                            return requests[next++];
                          },
                          [&](const webpush::PushReply&) { stop_if(thrower == "report"); },
                          [&] { stop_if(thrower == "tick"); }),
                      Stop);

      sender.control.clear_script(origin);
      CHECK(accepted(send_all(client, sender.requests(origin, 200))) == 200);
    }
  }

  TEST_CASE("every request is reported exactly once, whatever happens to it") {
    LiveSender sender;
    std::vector<std::string> origins;
    for (int i = 0; i < 4; ++i) origins.push_back(sender.control.add_host());
    PushClient client(sender.hasty_settings(origins));
    std::vector<webpush::PushRequest> requests;
    for (const auto& origin : origins) {
      for (const char* const action : {"reset", "garbage", "endless", "huge-headers", "hang"})
        sender.control.script(origin, {{"action", action}, {"times", 7}, {"delay", 20}});
      sender.control.script(origin, {{"status", 503}, {"times", 30}});
      for (const auto& request : sender.requests(origin, 300)) requests.push_back(request);
    }
    sender.control.script(origins[3], {{"action", "goaway"}, {"after", 3}});

    const auto replies = send_all(client, requests);  // which checks it

    CHECK(accepted(replies) > 300);
    CHECK(accepted(replies) < 1200);
  }
}

}  // namespace
