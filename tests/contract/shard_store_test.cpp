// What every ShardStore does. Many connections at once are in shard_crowd_test.cpp.

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "lib/mysql/shards.h"
#include "tests/contract/database.h"
#include "tests/contract/shard_samples.h"
#include "tests/fakes/memory_shard_store.h"

namespace lamppost::contract {
namespace {

using core::Fate;
using core::Shard;
using core::ShardStore;

struct MemoryShards {
  fakes::MemoryShardStore store;
};

struct RealShards {
  RealShards() {
    session.execute("DELETE FROM shard_audience");
    session.execute("DELETE FROM shard");
  }
  mysql::Session session{login()};
  mysql::Shards store{session};
};

// A claim at second `now`, for a minute.
ShardStore::Claim claim(ShardStore& store, const core::LeaseOwner& owner, int now = 0) {
  return store.claim(kCampaign, owner, at(now), at(now + 60));
}

Shard held(ShardStore& store, const core::LeaseOwner& owner, int now = 0) {
  auto claimed = claim(store, owner, now);
  REQUIRE(std::holds_alternative<Shard>(claimed));
  return std::get<Shard>(std::move(claimed));
}

// The second until which nothing is free; -1: a shard was to be had, or all is done.
std::int64_t rest(ShardStore& store, int now) {
  const auto claimed = claim(store, kCarl, now);
  const auto* until = std::get_if<core::RestUntil>(&claimed);
  return until ? (until->time - at(0)).count() : -1;
}

bool is_done(ShardStore& store, int now) {
  return std::holds_alternative<core::AllDone>(claim(store, kCarl, now));
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryShards);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealShards);

namespace lamppost::contract {

TEST_SUITE("contract.shard_store") {
  TEST_CASE_TEMPLATE("a campaign without shards is done, and has no sums", Stores, MemoryShards,
                     RealShards) {
    Stores it;
    it.store.cut(kOther, 0, ids(3));

    CHECK(it.store.cut_so_far(kCampaign).shards == 0);
    CHECK(it.store.cut_so_far(kCampaign).last == SubscriptionId{});
    CHECK(is_done(it.store, 0));
    CHECK(it.store.sum(kCampaign).counts.audience() == 0);
    CHECK_FALSE(it.store.fates(kCampaign, 0));
    CHECK(it.store.reopen(kCampaign, Fate::Failed, Fate::Later, at(0)) == 0);
  }

  TEST_CASE_TEMPLATE("the cut goes on after the last id of the highest shard", Stores, MemoryShards,
                     RealShards) {
    Stores it;

    CHECK(it.store.cut(kCampaign, 0, ids(3, 10)));
    CHECK(it.store.cut_so_far(kCampaign).shards == 1);
    CHECK(it.store.cut_so_far(kCampaign).last == SubscriptionId{12});
    CHECK(it.store.cut(kOther, 5, ids(1, 999)));
    for (std::uint32_t number = 1; number < 12; ++number)
      it.store.cut(kCampaign, number, ids(2, 100 * number));

    CHECK(it.store.cut_so_far(kCampaign).shards == 12);
    CHECK(it.store.cut_so_far(kCampaign).last == SubscriptionId{1101});
  }

  TEST_CASE_TEMPLATE("a shard is cut once: a second one of its number changes nothing", Stores,
                     MemoryShards, RealShards) {
    Stores it;
    CHECK(it.store.cut(kCampaign, 0, ids(3)));

    CHECK_FALSE(it.store.cut(kCampaign, 0, ids(3)));
    CHECK_FALSE(it.store.cut(kCampaign, 0, ids(4, 50)));
    CHECK(held(it.store, kAnn).ids == ids(3));
    CHECK_FALSE(it.store.cut(kCampaign, 0, ids(4, 50)));

    CHECK(it.store.sum(kCampaign).counts.audience() == 3);
  }

  TEST_CASE_TEMPLATE("two who cut in turns cut nobody twice and leave nobody out", Stores,
                     MemoryShards, RealShards) {
    Stores it;
    const auto all = ids(35);
    std::mt19937 order{3};

    // Each goes on from what it saw when it was last its turn.
    ShardStore::Cut seen[2]{};
    for (;;) {
      const auto who = order() % 2;
      const auto next = part_after(all, seen[who].last, 4);
      if (next.empty()) break;
      it.store.cut(kCampaign, seen[who].shards, next);
      seen[order() % 2] = it.store.cut_so_far(kCampaign);
    }

    std::vector<SubscriptionId> cut;
    for (int i = 0; i < 9; ++i)
      for (const auto id : held(it.store, kAnn).ids) cut.push_back(id);
    std::ranges::sort(cut);
    CHECK(cut == all);
  }

  TEST_CASE_TEMPLATE("5 000 ids come back as they went, whatever lies between them", Stores,
                     MemoryShards, RealShards) {
    Stores it;
    std::mt19937_64 source{5};
    auto some = std::vector<std::vector<SubscriptionId>>{
        ids(5000),                                  // dense
        ids(5000, 7, 3),                            // a Galera node's
        ids(5000, (1ull << 63) - 5000 * 127, 127),  // up to 2^63
        {{1}, {128}, {129}, {16'513}, {1ull << 32}, {1ull << 63}},
        {{UINT64_MAX}}};
    std::set<SubscriptionId> scattered;
    while (scattered.size() < 5000) scattered.insert({source() >> 1 | 1});
    some.emplace_back(scattered.begin(), scattered.end());

    for (std::uint32_t i = 0; i < some.size(); ++i) {
      CAPTURE(i);
      const CampaignId campaign{100 + i};
      CHECK(it.store.cut(campaign, 0, some[i]));
      const auto claimed = it.store.claim(campaign, kAnn, at(0), at(60));
      REQUIRE(std::holds_alternative<Shard>(claimed));
      CHECK(std::get<Shard>(claimed).ids == some[i]);
      CHECK(it.store.cut_so_far(campaign).last == some[i].back());
    }
  }

  TEST_CASE_TEMPLATE("a new shard is whole: everybody waits and nothing was tried", Stores,
                     MemoryShards, RealShards) {
    Stores it;
    it.store.cut(kOther, 0, ids(1));
    it.store.cut(kCampaign, 0, ids(5000, 11));

    const auto shard = held(it.store, kAnn);

    CHECK(shard.campaign == kCampaign);
    CHECK(shard.number == 0);
    CHECK(shard.ids == ids(5000, 11));
    CHECK(shard.fates == std::vector(5000, Fate::Waiting));
    CHECK(shard.attempt == 0);
    CHECK(shard.round_at == Time{});
    CHECK(shard.owner == kAnn);
    CHECK(shard.services.empty());
    CHECK(it.store.fates(kCampaign, 0) == shard.fates);
    CHECK_FALSE(it.store.fates(kCampaign, 1));
  }

  TEST_CASE_TEMPLATE("each claim is another shard, in no order, until all are held", Stores,
                     MemoryShards, RealShards) {
    Stores it;
    for (std::uint32_t number = 0; number < 20; ++number)
      it.store.cut(kCampaign, number, ids(1, number + 1));

    std::vector<std::uint32_t> claimed;
    for (int i = 0; i < 20; ++i) claimed.push_back(held(it.store, i % 2 ? kAnn : kBob, i).number);

    CHECK_FALSE(std::ranges::is_sorted(claimed));
    CHECK(std::set(claimed.begin(), claimed.end()).size() == 20);
    CHECK(rest(it.store, 20) == 60);  // when the first lease ends
  }

  TEST_CASE_TEMPLATE("a lease that ran out is taken by the next one, who finds the shard as it was",
                     Stores, MemoryShards, RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(4));
    auto ann = held(it.store, kAnn);
    ann.hand_out(2);
    ann.settle(0, Fate::Accepted, "push.example.net", "");
    CHECK(it.store.advance(ann, at(10), at(70), at(10)));

    CHECK(rest(it.store, 10) == 70);
    CHECK(rest(it.store, 69) == 70);
    const auto bob = held(it.store, kBob, 70);

    CHECK(bob.fates == std::vector{Fate::Accepted, Fate::HandedOut, Fate::Waiting, Fate::Waiting});
    CHECK(bob.owner == kBob);
    CHECK(bob.services.at("push.example.net").counts[Fate::Accepted] == 1);
  }

  TEST_CASE_TEMPLATE("who lost the lease changes nothing, and is told", Stores, MemoryShards,
                     RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(2));
    auto ann = held(it.store, kAnn);
    auto bob = held(it.store, kBob, 60);
    ann.hand_out(2);
    ann.settle(0, Fate::Gone, "push.example.net", "410");
    ann.attempt = 7;

    CHECK_FALSE(it.store.advance(ann, at(61), at(200), at(61)));
    CHECK_FALSE(it.store.advance(ann, at(61), at(61), at(61)));

    CHECK(it.store.fates(kCampaign, 0) == std::vector(2, Fate::Waiting));
    CHECK(it.store.sum(kCampaign).services.empty());
    CHECK(rest(it.store, 62) == 120);  // still Bob's
    bob.settle(0, Fate::Accepted, "", "");
    CHECK(it.store.advance(bob, at(70), at(70), at(70)));
    // Nor after Bob has given it back.
    CHECK_FALSE(it.store.advance(ann, at(71), at(200), at(71)));
    CHECK(it.store.fates(kCampaign, 0) == std::vector{Fate::Accepted, Fate::Waiting});
    CHECK(held(it.store, kCarl, 71).attempt == 0);
  }

  TEST_CASE_TEMPLATE("who gave a shard back has it no more", Stores, MemoryShards, RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(1));
    auto ann = held(it.store, kAnn);
    CHECK(it.store.advance(ann, at(5), at(5), at(5)));

    ann.fates[0] = Fate::Failed;
    CHECK_FALSE(it.store.advance(ann, at(5), at(65), at(5)));

    CHECK(it.store.fates(kCampaign, 0) == std::vector{Fate::Waiting});
    CHECK(held(it.store, kBob, 5).owner == kBob);
  }

  TEST_CASE_TEMPLATE("a late holder whose shard nobody took still has it", Stores, MemoryShards,
                     RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(1));
    auto ann = held(it.store, kAnn);

    ann.fates[0] = Fate::HandedOut;
    CHECK(it.store.advance(ann, at(100), at(160), at(100)));

    CHECK(it.store.fates(kCampaign, 0) == std::vector{Fate::HandedOut});
    CHECK(rest(it.store, 101) == 160);
  }

  TEST_CASE_TEMPLATE("an advance that changes nothing is still the holder's", Stores, MemoryShards,
                     RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(1));
    const auto ann = held(it.store, kAnn);

    for (int i = 0; i < 3; ++i) CHECK(it.store.advance(ann, at(0), at(60), at(0)));
  }

  TEST_CASE_TEMPLATE("a shard that is given back waits for its time", Stores, MemoryShards,
                     RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(1));
    it.store.cut(kCampaign, 1, ids(1, 2));
    const auto first = held(it.store, kAnn), second = held(it.store, kAnn);

    CHECK(it.store.advance(first, at(10), at(10), at(500)));
    CHECK(rest(it.store, 11) == 60);
    CHECK(it.store.advance(second, at(11), at(11), at(300)));
    CHECK(rest(it.store, 12) == 300);
    CHECK(rest(it.store, 299) == 300);

    const auto bobs = held(it.store, kBob, 300);
    CHECK(bobs.number == second.number);
    CHECK(rest(it.store, 301) == 360);
    CHECK(it.store.advance(bobs, at(301), at(301), at(1000)));
    CHECK(rest(it.store, 302) == 500);
    CHECK(held(it.store, kBob, 500).number == first.number);
  }

  TEST_CASE_TEMPLATE("what is recorded comes back whole, and in the sums", Stores, MemoryShards,
                     RealShards) {
    Stores it;
    const auto all = every_fate(5000);
    it.store.cut(kOther, 0, ids(9));
    it.store.cut(kCampaign, 0, ids(5000));
    it.store.cut(kCampaign, 1, ids(7, 5001));
    auto shard = held(it.store, kAnn);
    while (shard.number != 0) shard = held(it.store, kAnn);
    shard.fates = all;
    shard.attempt = 11;
    shard.round_at = at(9);
    auto& service = shard.services["push.example.net:9443"];
    service.counts[Fate::Accepted] = 1'000'000'000'000;
    service.counts[Fate::UnsureKept] = 1;
    service.reasons["403 \"Bad\\Jwt\" {}\t\xc3\xa9"] = 4'000'000'000;
    shard.services["b"].reasons[""] = 1;

    CHECK(it.store.advance(shard, at(1), at(1), at(1)));

    CHECK(it.store.fates(kCampaign, 0) == all);
    std::vector<Shard> claimed;
    while (claimed.empty() || claimed.back().number != 0)
      claimed.push_back(held(it.store, kBob, 61 + 61 * static_cast<int>(claimed.size())));
    CHECK(claimed.back().fates == all);
    CHECK(claimed.back().attempt == 11);
    CHECK(claimed.back().round_at == at(9));
    const auto sums = it.store.sum(kCampaign);
    CHECK(sums.id == kCampaign);
    for (std::size_t i = 0; i < core::kFates; ++i) {
      CAPTURE(i);
      const auto fate = static_cast<Fate>(i);
      const auto waiting = fate == Fate::Waiting ? 7 : 0;
      CHECK(sums.counts[fate] == static_cast<std::uint64_t>(std::ranges::count(all, fate)) +
                                     static_cast<std::uint64_t>(waiting));
    }
    for (const auto& services : {claimed.back().services, sums.services}) {
      REQUIRE(services.size() == 2);
      const auto& stored = services.at("push.example.net:9443");
      CHECK(stored.counts[Fate::Accepted] == 1'000'000'000'000);
      CHECK(stored.counts.audience() == 1'000'000'000'001);
      CHECK(stored.reasons == service.reasons);
      CHECK(services.at("b").reasons.at("") == 1);
    }
  }

  TEST_CASE_TEMPLATE("the sums of many campaigns are each one's own, in the order asked for",
                     Stores, MemoryShards, RealShards) {
    Stores it;
    const SubscriptionId ids[] = {{1}, {2}, {3}};
    it.store.cut({5}, 0, ids);
    it.store.cut({5}, 1, std::span(ids).first(2));
    it.store.cut({9}, 0, std::span(ids).first(1));
    std::vector<CampaignId> asked{{9}, {7}, {5}};

    const auto sums = it.store.sums(asked);

    REQUIRE(sums.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(sums[i].id == asked[i]);
    CHECK(sums[0].counts.audience() == 1);
    CHECK(sums[1].counts.audience() == 0);
    CHECK(sums[2].counts.audience() == 5);
    CHECK(it.store.sums({}).empty());
    asked.resize(100, {5});
    std::ranges::generate(asked, [n = std::uint64_t{0}]() mutable { return CampaignId{++n}; });
    CHECK(it.store.sums(asked).at(8).counts.audience() == 1);
  }

  TEST_CASE_TEMPLATE("the sums are those of all shards, by service and reason", Stores,
                     MemoryShards, RealShards) {
    Stores it;
    for (std::uint32_t number = 0; number < 3; ++number) {
      it.store.cut(kCampaign, number, ids(2, 10 * number + 1));
      auto shard = held(it.store, kAnn);
      shard.hand_out(2);
      shard.settle(0, Fate::Accepted, "a.example", "");
      shard.settle(1, Fate::Gone, number == 0 ? "a.example" : "b.example", "410");
      it.store.advance(shard, at(0), at(0), at(0));
    }

    const auto sums = it.store.sum(kCampaign);

    CHECK(sums.counts[Fate::Accepted] == 3);
    CHECK(sums.counts[Fate::Gone] == 3);
    CHECK(sums.counts.audience() == 6);
    CHECK(sums.services.at("a.example").counts[Fate::Accepted] == 3);
    CHECK(sums.services.at("a.example").reasons.at("410") == 1);
    CHECK(sums.services.at("b.example").counts[Fate::Gone] == 2);
    CHECK(sums.services.at("b.example").reasons.at("410") == 2);
  }

  TEST_CASE_TEMPLATE("all is done when every fate is final, not before", Stores, MemoryShards,
                     RealShards) {
    using enum Fate;
    for (const auto open : {Waiting, HandedOut, Later, Unsure}) {
      CAPTURE(static_cast<int>(open));
      Stores it;
      it.store.cut(kCampaign, 0, ids(7));
      auto shard = held(it.store, kAnn);
      shard.fates = {Accepted, Gone, Failed, Expired, Skipped, UnsureKept, open};

      CHECK(it.store.advance(shard, at(0), at(60), at(0)));
      CHECK_FALSE(is_done(it.store, 1));
      shard.fates[6] = Accepted;
      CHECK(it.store.advance(shard, at(1), at(1), at(500)));

      CHECK(is_done(it.store, 2));
      CHECK(is_done(it.store, 1000));
    }
  }

  TEST_CASE_TEMPLATE("what was closed is opened again, and can be claimed at once", Stores,
                     MemoryShards, RealShards) {
    using enum Fate;
    Stores it;
    it.store.cut(kCampaign, 0, ids(4));
    it.store.cut(kCampaign, 1, ids(1, 5));
    it.store.cut(kOther, 0, ids(1));
    for (int i = 0; i < 2; ++i) {
      auto shard = held(it.store, kAnn);
      shard.attempt = 12;
      if (shard.number == 0) {
        for (std::size_t one = 0; one < 4; ++one)
          shard.settle(one, std::array{Failed, UnsureKept, Accepted, Failed}[one], "a.example", "");
      } else {
        shard.fates = {Accepted};
      }
      CHECK(it.store.advance(shard, at(1), at(1), at(9999)));
    }
    CHECK(is_done(it.store, 2));

    CHECK(it.store.reopen(kCampaign, Gone, Later, at(2)) == 0);
    CHECK(is_done(it.store, 2));
    CHECK(it.store.reopen(kCampaign, Failed, Later, at(3)) == 1);
    CHECK(it.store.fates(kCampaign, 0) == std::vector{Later, UnsureKept, Accepted, Later});
    CHECK(it.store.reopen(kCampaign, UnsureKept, UnsureAsked, at(3)) == 1);
    CHECK(it.store.reopen(kCampaign, UnsureKept, UnsureAsked, at(3)) == 0);

    const auto shard = held(it.store, kBob, 3);
    CHECK(shard.number == 0);
    CHECK(shard.fates == std::vector{Later, UnsureAsked, Accepted, Later});
    CHECK(shard.attempt == 0);
    CHECK(shard.services.at("a.example").counts[Failed] == 0);
    CHECK(shard.services.at("a.example").counts[Accepted] == 1);
    CHECK(it.store.fates(kCampaign, 1) == std::vector{Accepted});
    CHECK(it.store.fates(kOther, 0) == std::vector{Waiting});
    CHECK(rest(it.store, 4) == 63);
  }

  TEST_CASE_TEMPLATE("what somebody holds is not opened again", Stores, MemoryShards, RealShards) {
    Stores it;
    it.store.cut(kCampaign, 0, ids(1));
    auto ann = held(it.store, kAnn);
    ann.fates[0] = Fate::Failed;
    CHECK(it.store.advance(ann, at(1), at(61), at(1)));

    CHECK(it.store.reopen(kCampaign, Fate::Failed, Fate::Later, at(60)) == 0);
    CHECK(it.store.advance(ann, at(60), at(120), at(60)));
    CHECK(it.store.reopen(kCampaign, Fate::Failed, Fate::Later, at(120)) == 1);

    CHECK_FALSE(it.store.advance(ann, at(121), at(181), at(121)));
    CHECK(it.store.fates(kCampaign, 0) == std::vector{Fate::Later});
  }

  TEST_CASE("who cuts on after one that died in the middle of a shard makes it whole") {
    RealShards it;
    it.store.cut(kCampaign, 0, ids(3));
    it.store.cut(kCampaign, 1, ids(2, 4));
    it.session.execute("DELETE FROM shard WHERE number = 1");

    CHECK_FALSE(it.store.cut(kCampaign, 1, ids(2, 4)));
    CHECK(it.store.cut_so_far(kCampaign).shards == 2);
    CHECK(it.store.cut_so_far(kCampaign).last == SubscriptionId{5});

    CHECK(it.store.sum(kCampaign).counts[Fate::Waiting] == 5);
    CHECK(held(it.store, kAnn).ids.size() + held(it.store, kAnn).ids.size() == 5);
    CHECK(rest(it.store, 1) == 60);
  }

  TEST_CASE("a shard that was spoilt is a failure, not a guess") {
    for (const auto* spoil :
         {"UPDATE shard SET fates = 'x'", "UPDATE shard SET sums = '{'",
          "UPDATE shard SET fates = ''", "UPDATE shard_audience SET ids = ''",
          "UPDATE shard_audience SET ids = 'abc'", "UPDATE shard_audience SET ids = x'80'"}) {
      CAPTURE(spoil);
      RealShards it;
      it.store.cut(kCampaign, 0, ids(2));
      it.session.execute(spoil);

      CHECK_FALSE(failure_of([&] { claim(it.store, kAnn); }).empty());
    }
  }
}

}  // namespace lamppost::contract
