#include "lib/curl/host_queue.h"

#include <doctest/doctest.h>

using namespace lamppost;
using namespace std::chrono_literals;
using curl::HostQueue;

namespace {

constexpr curl::Instant kStart{};

std::size_t fill(HostQueue& host, curl::Instant now) {
  std::size_t sent = 0;
  for (; host.has_room(now); ++sent) host.sent(now);
  return sent;
}

TEST_SUITE("curl.host_queue") {
  TEST_CASE("a host gets one connection's worth until it answers, then all of its connections'") {
    HostQueue host(10, 4);

    CHECK(fill(host, kStart) == 10);
    host.settled(kStart + 1s, true);
    CHECK(fill(host, kStart + 1s) == 31);
    CHECK(host.in_flight() == 40);
  }

  TEST_CASE("a host that speaks HTTP/1.1 gets one request a connection") {
    HostQueue host(10, 4);
    host.sent(kStart);
    host.speaks_http2 = false;
    host.settled(kStart, true);

    CHECK(fill(host, kStart) == 4);
  }

  TEST_CASE("a host that answers nothing for two seconds is silent and gets nothing more") {
    HostQueue host(10, 4);
    host.sent(kStart);

    CHECK_FALSE(host.is_silent(kStart + 1999ms));
    CHECK(host.is_silent(kStart + 2s));
    CHECK_FALSE(host.has_room(kStart + 2s));
  }

  TEST_CASE("an answer ends the silence, a failure does not") {
    HostQueue host(10, 4);
    for (int i = 0; i < 3; ++i) host.sent(kStart);

    host.settled(kStart + 3s, false);
    CHECK(host.is_silent(kStart + 3s));
    host.settled(kStart + 3s, true);
    CHECK_FALSE(host.is_silent(kStart + 4s));
  }

  TEST_CASE("a host with nothing out is not silent, and its next request starts a new wait") {
    HostQueue host(10, 4);
    host.sent(kStart);
    host.settled(kStart + 8s, false);

    CHECK(host.is_idle());
    CHECK_FALSE(host.is_silent(kStart + 9s));
    host.sent(kStart + 9s);
    CHECK_FALSE(host.is_silent(kStart + 10s));
  }

  TEST_CASE("after a connection that was over the host rests, longer with every start in vain") {
    HostQueue host(10, 4);
    host.waiting.push_back({});
    const auto request = [](int starts) {
      return curl::Queued{.request = {.tag = 7, .url = "", .headers = {}, .body = {}},
                          .starts = starts};
    };

    host.start_again(request(1), kStart);
    CHECK(host.waiting.front().request.tag == 7);
    CHECK_FALSE(host.has_room(kStart + 9ms));
    CHECK(host.has_room(kStart + 10ms));

    host.start_again(request(4), kStart);
    host.start_again(request(1), kStart);
    CHECK(host.paused_until() == kStart + 80ms);
    CHECK_FALSE(host.has_room(kStart + 79ms));
  }
}

}  // namespace
