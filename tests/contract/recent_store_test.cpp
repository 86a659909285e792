// What every RecentStore does.

#include <doctest/doctest.h>

#include "lib/mysql/campaigns.h"
#include "lib/mysql/recent.h"
#include "lib/mysql/shards.h"
#include "tests/contract/database.h"
#include "tests/contract/shard_samples.h"
#include "tests/fakes/memory_recent_store.h"

namespace lamppost::contract {
namespace {

using core::Fate;

struct MemoryRecent {
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryShardStore shards;
  fakes::MemoryRecentStore store{campaigns, shards};
};

struct RealRecent {
  RealRecent() {
    for (const auto* table : {"campaign", "shard", "shard_audience"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Campaigns campaigns{session};
  mysql::Shards shards{session};
  mysql::Recent store{session};
};

// The `number`th one, which begins at that second and says so in its payload.
template <class Stores>
CampaignId start(Stores& stores, int number,
                 core::CampaignState state = core::CampaignState::Preparing) {
  core::NewCampaign campaign{};
  campaign.message_id[0] = static_cast<std::uint8_t>(number);
  campaign.message.payload = "payload " + std::to_string(number);
  campaign.state = state;
  return stores.campaigns.create(campaign, at(number)).id;
}

template <class Stores>
void settle(Stores& stores, CampaignId campaign, const std::vector<Fate>& fates) {
  auto shard = std::get<core::Shard>(stores.shards.claim(campaign, kAnn, at(0), at(60)));
  shard.fates = fates;
  REQUIRE(stores.shards.advance(shard, at(0), at(0), at(0)));
}

std::vector<std::string> payloads(const std::vector<core::RecentMessage>& recent) {
  std::vector<std::string> payloads;
  for (const auto& message : recent) payloads.push_back(message.payload);
  return payloads;
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryRecent);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealRecent);

namespace lamppost::contract {

TEST_SUITE("contract.recent_store") {
  TEST_CASE_TEMPLATE("each recipient finds its own fate", Stores, MemoryRecent, RealRecent) {
    Stores stores;
    const auto campaign = start(stores, 1);
    stores.shards.cut(campaign, 0, ids(3, 10, 10));
    settle(stores, campaign, {Fate::Accepted, Fate::Gone, Fate::UnsureKept});

    for (const auto& [id, fate] : {std::pair{10U, Fate::Accepted}, std::pair{20U, Fate::Gone},
                                   std::pair{30U, Fate::UnsureKept}}) {
      const auto recent = stores.store.of({id}, 5);
      REQUIRE(recent.size() == 1);
      CHECK(recent[0].fate == fate);
      CHECK(recent[0].payload == "payload 1");
      CHECK(recent[0].at == at(1));
    }
    for (const auto nobody : {0U, 1U, 9U, 11U, 29U, 31U, 4'000'000'000U})
      CHECK(stores.store.of({nobody}, 5).empty());
  }

  TEST_CASE_TEMPLATE("the newest come first, no more than asked for, without those it was not in",
                     Stores, MemoryRecent, RealRecent) {
    Stores stores;
    for (int number = 1; number <= 8; ++number) {
      const auto campaign = start(stores, number);
      stores.shards.cut(campaign, 0, ids(1, number % 2 == 0 ? 7 : 8));
    }

    CHECK(payloads(stores.store.of({7}, 3)) ==
          std::vector<std::string>{"payload 8", "payload 6", "payload 4"});
    CHECK(payloads(stores.store.of({8}, 5)) ==
          std::vector<std::string>{"payload 7", "payload 5", "payload 3", "payload 1"});
    CHECK(stores.store.of({8}, 0).empty());
    CHECK(stores.store.of({8}, 5)[0].fate == Fate::Waiting);
  }

  TEST_CASE_TEMPLATE("somebody is found in whichever shard it is", Stores, MemoryRecent,
                     RealRecent) {
    for (std::uint32_t shards = 1; shards <= 9; ++shards) {
      Stores stores;
      const auto campaign = start(stores, 1);
      for (std::uint32_t number = 0; number < shards; ++number)
        stores.shards.cut(campaign, number, ids(3, 100 * (number + 1), 10));

      for (std::uint32_t number = 0; number < shards; ++number)
        for (const auto id : {100U, 110U, 120U}) {
          CAPTURE(shards);
          CAPTURE(number);
          CHECK(stores.store.of({100 * number + id}, 5).size() == 1);
          CHECK(stores.store.of({100 * number + id + 1}, 5).empty());
        }
    }
  }

  TEST_CASE_TEMPLATE("what has not begun is not told", Stores, MemoryRecent, RealRecent) {
    Stores stores;
    const auto draft = start(stores, 1, core::CampaignState::Draft);
    stores.shards.cut(draft, 0, ids(1, 7));
    start(stores, 2);

    CHECK(stores.store.of({7}, 5).empty());
  }

  TEST_CASE_TEMPLATE("only the newest are looked at", Stores, MemoryRecent, RealRecent) {
    Stores stores;
    stores.shards.cut(start(stores, 1), 0, ids(1, 7));
    for (int number = 2; number <= 50; ++number) start(stores, number);

    CHECK(stores.store.of({7}, 5).size() == 1);
    start(stores, 51);
    CHECK(stores.store.of({7}, 5).empty());
  }

  TEST_CASE("many campaigns are one statement, and of their audiences an index is read") {
    RealRecent stores;
    for (int begun = 1; begun <= 20; ++begun) {
      const auto campaign = start(stores, begun);
      for (std::uint32_t shard = 0; shard < 64; ++shard)
        stores.shards.cut(campaign, shard, ids(10, 1 + 10 * shard));
    }
    const auto executed = [&] {
      return number(stores.session,
                    "SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.session_status"
                    " WHERE variable_name = 'com_stmt_execute'");
    };
    CHECK(stores.store.of({SubscriptionId{5}}, 50).size() == 20);

    std::size_t found = 0;
    const auto before = executed();
    const auto rows = rows_looked_at(
        stores.session, [&] { found = stores.store.of({SubscriptionId{1}}, 50).size(); });

    CHECK(found == 20);
    CHECK(executed() - before == 5);  // one, three that count rows, and this
    CHECK(rows <= 20 * (64 + 64 + 8));
  }
}

}  // namespace lamppost::contract
