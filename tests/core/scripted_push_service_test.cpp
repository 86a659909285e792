// The fake keeps the port's promises (lib/webpush/push_service.h), as the live suite of the real
// adapter proves them of that.

#include "tests/fakes/scripted_push_service.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace lamppost::fakes {
namespace {

using webpush::PushReply;
using webpush::PushRequest;

PushRequest request(std::uint64_t tag) {
  return {.tag = tag,
          .url = "https://push.example.net/" + std::to_string(tag),
          .headers = {},
          .body = {}};
}

TEST_SUITE("fakes.scripted_push_service") {
  TEST_CASE("every request is reported exactly once, in any order and with any room") {
    using enum ScriptedPushService::Order;
    for (const auto order : {AsAsked, Reversed, Shuffled})
      for (const std::size_t streams : {1u, 7u, 1000u}) {
        CAPTURE(static_cast<int>(order));
        CAPTURE(streams);
        FixedClock clock;
        ScriptedPushService push{clock};
        push.order = order;
        push.streams = streams;
        std::uint64_t next = 0;
        std::map<std::uint64_t, int> reported;
        std::size_t out = 0, most = 0;

        push.send(
            [&]() -> std::optional<PushRequest> {
              if (next == 100) return std::nullopt;
              most = std::max(most, ++out);
              return request(next++);
            },
            [&](const PushReply& reply) { ++reported[reply.tag], --out; }, [] {});

        CHECK(reported.size() == 100);
        CHECK(std::ranges::all_of(reported, [](const auto& entry) { return entry.second == 1; }));
        CHECK(most == std::min<std::size_t>(streams, 100));
        CHECK(push.requests().size() == 100);
      }
  }

  TEST_CASE("answers are the script's, and a report may make more to send") {
    FixedClock clock;
    ScriptedPushService push{clock};
    push.script[request(1).url] = {.status = 429, .detail = "slow", .retry_after = Seconds{9}};
    push.script[request(2).url] = ScriptedPushService::no_answer(false, "no route");
    std::vector<std::uint64_t> ready{0};
    std::vector<PushReply> replies;

    push.send(
        [&]() -> std::optional<PushRequest> {
          if (ready.empty()) return std::nullopt;
          const auto tag = ready.back();
          ready.pop_back();
          return request(tag);
        },
        [&](const PushReply& reply) {
          replies.push_back(reply);
          if (reply.tag < 2) ready.push_back(reply.tag + 1);
        },
        [] {});

    REQUIRE(replies.size() == 3);
    CHECK(replies[0].status == 201);
    CHECK(replies[0].left);
    CHECK(replies[1].status == 429);
    CHECK(replies[1].retry_after == Seconds{9});
    CHECK(replies[1].detail == "slow");
    CHECK_FALSE(replies[2].status);
    CHECK_FALSE(replies[2].left);
  }

  TEST_CASE("it ticks for every second that passes and never in none") {
    for (const int seconds : {0, 1}) {
      CAPTURE(seconds);
      FixedClock clock;
      ScriptedPushService push{clock};
      push.reply_time = Seconds{seconds};
      std::uint64_t next = 0;
      int ticks = 0;

      push.send(
          [&]() -> std::optional<PushRequest> {
            if (next == 5) return std::nullopt;
            return request(next++);
          },
          [](const PushReply&) {}, [&] { ++ticks; });

      CHECK(ticks == 5 * seconds);
    }
  }

  TEST_CASE("what the three functions throw passes through") {
    FixedClock clock;
    ScriptedPushService push{clock};
    push.reply_time = Seconds{1};
    const auto one = [] { return std::optional(request(1)); };
    const auto fail = [] { throw std::runtime_error("no"); };
    const auto nothing = [](const PushReply&) {};

    CHECK_THROWS_AS(
        push.send([&]() -> std::optional<PushRequest> { throw std::runtime_error("no"); }, nothing,
                  [] {}),
        std::runtime_error);
    CHECK_THROWS_AS(push.send(
                        one, [&](const PushReply&) { fail(); }, [] {}),
                    std::runtime_error);
    CHECK_THROWS_AS(push.send(one, nothing, fail), std::runtime_error);
  }
}

}  // namespace
}  // namespace lamppost::fakes
