// The shards of one campaign under many connections at once, and what they cost.

#include <doctest/doctest.h>

#include "lib/mysql/shards.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/contract/shard_samples.h"

namespace lamppost::contract {
namespace {

using core::Fate;
using core::Shard;

constexpr unsigned kWorkers = 8;
constexpr std::uint32_t kShards = 200;

struct Claimed {  // by one worker
  unsigned count;
  std::uint32_t numbers[kShards];
  unsigned refused;  // advances
};

core::LeaseOwner owner(unsigned worker) { return {static_cast<std::uint8_t>(worker + 1)}; }

struct Campaign {
  Campaign(std::uint32_t shards, std::size_t size) {
    session.execute("DELETE FROM shard_audience");
    session.execute("DELETE FROM shard");
    for (std::uint32_t number = 0; number < shards; ++number)
      store.cut(kCampaign, number, ids(size, number * size + 1));
  }
  mysql::Session session{login()};
  mysql::Shards store{session};
};

std::vector<std::uint32_t> sorted_numbers(const std::vector<Member<Claimed>>& members) {
  std::vector<std::uint32_t> numbers;
  for (const auto& member : members)
    numbers.insert(numbers.end(), member.answer.numbers,
                   member.answer.numbers + member.answer.count);
  std::ranges::sort(numbers);
  return numbers;
}

std::vector<std::uint32_t> every_number() {
  std::vector<std::uint32_t> all;
  for (std::uint32_t number = 0; number < kShards; ++number) all.push_back(number);
  return all;
}

}  // namespace

TEST_SUITE("contract.shard_crowd") {
  TEST_CASE("eight workers claim two hundred shards, each of them once") {
    Campaign campaign{kShards, 20};

    const auto members = crowd<Claimed>(kWorkers, [](unsigned i, const auto& start) {
      mysql::Session session{login()};
      mysql::Shards store{session};
      Claimed mine{};
      connection_of(session);
      start();
      for (;;) {
        const auto claim = store.claim(kCampaign, owner(i), at(0), at(60));
        const auto* shard = std::get_if<Shard>(&claim);
        if (!shard) return mine;
        mine.numbers[mine.count++] = shard->number;
      }
    });

    CHECK(failures_of<Claimed>(members) == std::vector<std::string>{});
    CHECK(sorted_numbers(members) == every_number());
    for (const auto& member : members) CHECK(member.answer.count > 0);
  }

  TEST_CASE("eight workers send a campaign together: all is recorded, nothing refused") {
    Campaign campaign{kShards, 20};

    const auto members = crowd<Claimed>(kWorkers, [](unsigned i, const auto& start) {
      mysql::Session session{login()};
      mysql::Shards store{session};
      Claimed mine{};
      connection_of(session);
      start();
      for (;;) {
        auto claim = store.claim(kCampaign, owner(i), at(0), at(60));
        auto* shard = std::get_if<Shard>(&claim);
        if (!shard) return mine;
        mine.numbers[mine.count++] = shard->number;
        for (int step = 0; step < 4; ++step) {
          for (const auto& one : shard->hand_out(5))
            shard->settle(one.position, Fate::Accepted, "push.example.net", "");
          const auto until = step == 3 ? at(0) : at(60);
          mine.refused += !store.advance(*shard, at(0), until, at(0));
        }
      }
    });

    CHECK(failures_of<Claimed>(members) == std::vector<std::string>{});
    CHECK(sorted_numbers(members) == every_number());
    for (const auto& member : members) CHECK(member.answer.refused == 0);
    const auto sums = campaign.store.sum(kCampaign);
    CHECK(sums.counts[Fate::Accepted] == 20 * kShards);
    CHECK(sums.counts.audience() == 20 * kShards);
    CHECK(sums.services.at("push.example.net").counts[Fate::Accepted] == 20 * kShards);
    CHECK(std::holds_alternative<core::AllDone>(
        campaign.store.claim(kCampaign, owner(9), at(0), at(60))));
  }

  TEST_CASE("four who cut at once, without a lease, cut everybody once") {
    Campaign campaign{0, 0};
    const auto all = ids(2000, 3, 3);

    const auto members = crowd<unsigned>(4, [&](unsigned, const auto& start) {
      mysql::Session session{login()};
      mysql::Shards store{session};
      unsigned cut = 0;
      connection_of(session);
      start();
      for (;;) {
        const auto [shards, last] = store.cut_so_far(kCampaign);
        const auto next = part_after(all, last, 20);
        if (next.empty()) return cut;
        cut += store.cut(kCampaign, shards, next);
      }
    });

    CHECK(failures_of<unsigned>(members) == std::vector<std::string>{});
    unsigned cut = 0;
    for (const auto& member : members) cut += member.answer;
    CHECK(cut == 100);
    std::vector<SubscriptionId> stored;
    for (int i = 0; i < 100; ++i) {
      const auto claim = campaign.store.claim(kCampaign, kAnn, at(0), at(60));
      REQUIRE(std::holds_alternative<Shard>(claim));
      const auto& shard = std::get<Shard>(claim);
      stored.insert(stored.end(), shard.ids.begin(), shard.ids.end());
    }
    std::ranges::sort(stored);
    CHECK(stored == all);
  }

  TEST_CASE("a step looks at one shard, a claim at a page of them, however many there are") {
    Campaign campaign{1000, 10};
    campaign.session.execute("ANALYZE TABLE shard");
    auto& store = campaign.store;
    const auto looks = [&](const auto& work) { return rows_looked_at(campaign.session, work); };
    std::optional<Shard> held;
    const auto claim = [&](int second) {
      auto claimed = store.claim(kCampaign, kAnn, at(second), at(second + 60));
      REQUIRE(std::holds_alternative<Shard>(claimed));
      held = std::get<Shard>(std::move(claimed));
    };

    CHECK(looks([&] { claim(0); }) < 80);
    CHECK(looks([&] { store.advance(*held, at(1), at(61), at(1)); }) < 10);
    CHECK(looks([&] { store.fates(kCampaign, 999); }) < 10);
    CHECK(looks([&] { store.cut_so_far(kCampaign); }) < 10);
    CHECK(looks([&] { store.cut(kCampaign, 999, ids(1)); }) < 10);
    // Near the end, when most of them are done, and in the middle, when they wait for a retry.
    campaign.session.execute("UPDATE shard SET done = 1 WHERE number < 900");
    CHECK(looks([&] { claim(2); }) < 80);
    campaign.session.execute("UPDATE shard SET done = 0, lease_until = 0, next_at = " +
                             std::to_string(at(500).time_since_epoch().count()) +
                             " WHERE number <> 500");
    campaign.session.execute("UPDATE shard SET done = 0, lease_until = 0 WHERE number = 500");
    CHECK(looks([&] { claim(100); }) < 80);
    CHECK(held->number == 500);
  }

  TEST_CASE("a recipient takes three bytes at most, with all that belongs to its shard") {
    // Enough of them, since a table grows by a megabyte at a time.
    constexpr std::size_t kMany = 200;
    const auto bytes = [](mysql::Session& session) {  // of whole pages
      session.execute("ANALYZE TABLE shard, shard_audience");
      return number(session,
                    "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE"
                    " table_schema = DATABASE() AND table_name IN ('shard', 'shard_audience')");
    };
    Campaign campaign{0, 0};
    // What other tests have deleted would still lie in the pages.
    for (const auto* table : {"shard", "shard_audience"})
      campaign.session.execute(std::string("TRUNCATE TABLE ") + table);
    const auto before = bytes(campaign.session);
    for (std::uint32_t number = 0; number < kMany; ++number) {
      campaign.store.cut(kCampaign, number, ids(core::kShardSize, number * core::kShardSize + 1));
      auto shard = std::get<Shard>(campaign.store.claim(kCampaign, kAnn, at(0), at(60)));
      for (const auto& one : shard.hand_out(core::kShardSize)) {
        const bool gone = one.position % 50 == 0;
        shard.settle(one.position, gone ? Fate::Gone : Fate::Accepted, "fcm.googleapis.com",
                     gone ? "410" : "");
      }
      campaign.store.advance(shard, at(0), at(0), at(0));
    }

    CHECK(campaign.store.sum(kCampaign).counts.audience() == kMany * core::kShardSize);
    const auto used = bytes(campaign.session) - before;
    CHECK(used > kMany * core::kShardSize);
    CHECK(used <= 3 * kMany * core::kShardSize);
  }
}

}  // namespace lamppost::contract
