// One shard: who is handed out, what becomes of each, and when its round is over.

#include "lib/core/shard.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr const char* kService = "push.example.net";
constexpr Time kNow{Seconds{1'800'000'000}};

Shard shard_of(std::vector<Fate> fates) {
  Shard shard;
  shard.campaign = {7};
  for (std::uint64_t i = 1; i <= fates.size(); ++i) shard.ids.push_back({i});
  shard.fates = std::move(fates);
  return shard;
}

std::vector<std::size_t> positions(const std::vector<Shard::HandedOut>& handed_out) {
  std::vector<std::size_t> positions;
  for (const auto& one : handed_out) positions.push_back(one.position);
  return positions;
}

TEST_SUITE("core.shard") {
  using enum Fate;

  TEST_CASE("the waiting ones are handed out in order, a few at a time, nobody twice") {
    auto shard = shard_of({Waiting, Accepted, Waiting, Waiting, Later, Waiting});
    shard.take_over(kNow);

    CHECK(positions(shard.hand_out(2)) == std::vector<std::size_t>{0, 2});
    CHECK(positions(shard.hand_out(9)) == std::vector<std::size_t>{3, 5});
    CHECK(shard.hand_out(9).empty());
    CHECK(shard.fates == std::vector{HandedOut, Accepted, HandedOut, HandedOut, Later, HandedOut});
  }

  TEST_CASE("what a dead holder had handed out is unsure") {
    auto shard = shard_of({HandedOut, Waiting, HandedOut, Accepted});

    shard.take_over(kNow);

    CHECK(shard.fates == std::vector{Unsure, Waiting, Unsure, Accepted});
  }

  TEST_CASE("a round under way goes on without those that it has tried") {
    auto shard = shard_of({Later, Unsure, HandedOut, Waiting, Accepted});
    shard.take_over(kNow);

    const auto rest = shard.hand_out(9);

    CHECK(positions(rest) == std::vector<std::size_t>{3});
    CHECK_FALSE(rest[0].again);
    CHECK(shard.fates == std::vector{Later, Unsure, Unsure, HandedOut, Accepted});
  }

  TEST_CASE("the next round tries again what is later or unsure, and nothing that is settled") {
    auto shard =
        shard_of({Later, Unsure, HandedOut, Accepted, Gone, Failed, Expired, Skipped, UnsureKept});
    shard.take_over(kNow);

    auto round = shard.hand_out(99);

    std::ranges::sort(round, {}, &Shard::HandedOut::position);
    CHECK(positions(round) == std::vector<std::size_t>{0, 1, 2});
    CHECK_FALSE(round[0].again);
    CHECK(round[1].again);
    CHECK(round[2].again);
    CHECK(shard.fates == std::vector{HandedOut, HandedOut, HandedOut, Accepted, Gone, Failed,
                                     Expired, Skipped, UnsureKept});
  }

  TEST_CASE("who is put off waits on, and is handed out by the next holder") {
    auto shard = shard_of({Waiting, Waiting, Unsure, Later});
    shard.take_over(kNow);
    const auto all = shard.hand_out(9);
    shard.settle(0, Accepted, kService, "");
    shard.put_off(all[1]);

    CHECK(shard.fates == std::vector{Accepted, Waiting, Unsure, Later});
    CHECK(shard.hand_out(9).empty());
    CHECK(shard.is_round_over());
    CHECK_FALSE(shard.is_finished());

    auto next_holder = shard_of(shard.fates);
    next_holder.take_over(kNow);
    CHECK(positions(next_holder.hand_out(9)) == std::vector<std::size_t>{1});
  }

  TEST_CASE("an unsure one that is put off stays unsure") {
    auto shard = shard_of({Unsure});
    shard.take_over(kNow);
    shard.put_off(shard.hand_out(1)[0]);

    CHECK(shard.fates == std::vector{Unsure});
    CHECK(shard.hand_out(9).empty());
    CHECK(shard.is_round_over());
  }

  TEST_CASE("the owner's word sends an unsure one again, and it is known until it is settled") {
    auto shard = shard_of({UnsureKept, Failed, Accepted});
    CHECK(shard.reopen(UnsureKept, UnsureAsked));
    CHECK_FALSE(shard.is_finished());
    shard.take_over(kNow);

    const auto asked = shard.hand_out(9);

    REQUIRE(positions(asked) == std::vector<std::size_t>{0});
    CHECK(asked[0].again);
    CHECK(asked[0].asked);
    shard.put_off(asked[0]);
    CHECK(shard.fates == std::vector{UnsureAsked, Failed, Accepted});
    CHECK(shard.to_try_again() == 1);
    CHECK(shard.counts().unsure() == 1);
    shard.expire_rest();
    CHECK(shard.fates == std::vector{UnsureKept, Failed, Accepted});
  }

  TEST_CASE("the next round begins when it is time, and takes those along who still wait") {
    auto shard = shard_of({Later, Waiting, Unsure, Accepted});
    shard.round_at = kNow + Seconds{1};

    auto early = shard;
    early.take_over(kNow);
    CHECK(positions(early.hand_out(9)) == std::vector<std::size_t>{1});
    CHECK(early.round_at == kNow + Seconds{1});

    shard.take_over(kNow + Seconds{1});
    CHECK(positions(shard.hand_out(9)) == std::vector<std::size_t>{2, 0, 1});
    CHECK(shard.round_at == Time{});
  }

  TEST_CASE("nobody waits for a time when a dead holder left nobody but those that it tried") {
    auto shard = shard_of({HandedOut, Later});
    shard.round_at = kNow + Seconds{1000};

    shard.take_over(kNow);

    CHECK(shard.hand_out(9).size() == 2);
  }

  TEST_CASE("while everybody has been tried once at most, it is one round") {
    auto shard = shard_of({Waiting, Accepted, Gone});
    shard.round_at = kNow - Seconds{1};

    shard.take_over(kNow);

    CHECK(shard.round_at == kNow - Seconds{1});
    CHECK(positions(shard.hand_out(9)) == std::vector<std::size_t>{0});
  }

  TEST_CASE("one that never left may be handed out again in the same round") {
    auto shard = shard_of({Waiting, Unsure, Later});
    shard.take_over(kNow);
    CHECK(positions(shard.hand_out(1)) == std::vector<std::size_t>{0});
    shard.take_back({0, false});

    CHECK(shard.fates == std::vector{Waiting, Unsure, Later});
    CHECK(positions(shard.hand_out(1)) == std::vector<std::size_t>{0});

    auto again = shard_of({Unsure, Accepted});
    again.take_over(kNow);
    const auto one = again.hand_out(1);
    again.take_back(one[0]);
    CHECK(again.fates == std::vector{Unsure, Accepted});
    CHECK_FALSE(again.is_round_over());
    CHECK(again.hand_out(1)[0].again);
  }

  TEST_CASE("a round is over when nobody waits or is in flight, a shard when nothing is open") {
    struct Row {
      std::vector<Fate> fates;
      bool round_over;
      bool finished;
    };
    const std::vector<Row> rows{
        {{Waiting}, false, false},
        {{HandedOut}, false, false},
        {{Later}, true, false},
        {{Unsure}, true, false},
        {{Accepted, Gone, Failed, Expired, Skipped, UnsureKept}, true, true},
        {{Accepted, Later}, true, false}};
    for (const auto& row : rows) {
      CAPTURE(static_cast<int>(row.fates[0]));
      const auto shard = shard_of(row.fates);

      CHECK(shard.is_round_over() == row.round_over);
      CHECK(shard.is_finished() == row.finished);
    }
  }

  TEST_CASE("a shard with unsure ones still to be sent again is not over") {
    auto shard = shard_of({Unsure});
    shard.take_over(kNow);

    CHECK_FALSE(shard.is_round_over());
    CHECK_FALSE(shard.is_finished());
  }

  TEST_CASE("past its time the unsent have expired and the unsure are kept as that") {
    auto shard = shard_of({Waiting, Later, Unsure, HandedOut, Accepted, Failed});

    shard.expire_rest();

    CHECK(shard.fates == std::vector{Expired, Expired, UnsureKept, HandedOut, Accepted, Failed});
    CHECK(shard.hand_out(9).empty());
  }

  TEST_CASE("after the last round what is later has failed and the unsure are kept as that") {
    auto shard = shard_of({Later, Unsure, Accepted, Skipped});

    shard.give_up_rest();

    CHECK(shard.fates == std::vector{Failed, UnsureKept, Accepted, Skipped});
    CHECK(shard.is_finished());
  }

  TEST_CASE("the owner reopens what was closed, and the rounds begin anew") {
    auto shard = shard_of({Waiting, Waiting, Waiting});
    shard.settle(0, Failed, kService, "503");
    shard.settle(1, Failed, kService, "503");
    shard.settle(2, Accepted, kService, "");
    shard.attempt = 12;
    shard.round_at = kNow;

    CHECK(shard.reopen(Failed, Later));

    CHECK(shard.fates == std::vector{Later, Later, Accepted});
    CHECK(shard.attempt == 0);
    CHECK(shard.round_at == Time{});
    CHECK(shard.services.at(kService).counts[Failed] == 0);
    CHECK(shard.services.at(kService).counts[Accepted] == 1);
    CHECK_FALSE(shard.reopen(UnsureKept, Later));
  }

  TEST_CASE("a service's counts are of what is final, its reasons of every try") {
    auto shard = shard_of({Waiting, Waiting, Waiting});
    shard.settle(0, Later, kService, "503");
    shard.settle(0, Later, kService, "503");
    shard.settle(0, Accepted, kService, "");
    shard.settle(1, Unsure, kService, "timed out");
    shard.settle(2, Skipped, "", "");

    REQUIRE(shard.services.size() == 1);
    const auto& service = shard.services.at(kService);
    CHECK(service.counts.audience() == 1);
    CHECK(service.counts[Accepted] == 1);
    CHECK(service.reasons == std::map<std::string, std::uint64_t>{{"503", 2}, {"timed out", 1}});
    CHECK(shard.counts()[Accepted] == 1);
    CHECK(shard.counts()[Unsure] == 1);
    CHECK(shard.counts()[Skipped] == 1);
    CHECK(shard.counts().audience() == 3);
  }

  TEST_CASE("neither strangers' hosts nor a service's words grow without bound") {
    auto shard = shard_of(std::vector<Fate>(300, Waiting));
    for (std::size_t i = 0; i < 150; ++i) {
      shard.settle(i, Failed, kService, "400 request " + std::to_string(i));
      shard.settle(150 + i, Accepted, "h" + std::to_string(i) + ".push.example.org", "");
    }

    CHECK(shard.services.at(kService).reasons.size() == 21);
    CHECK(shard.services.at(kService).reasons.at("other") == 130);
    CHECK(shard.services.size() == 101);
    CHECK(shard.services.at("other").counts[Accepted] == 51);
    CHECK(shard.counts()[Accepted] == 150);
  }
}

}  // namespace
}  // namespace lamppost::core
