// Campaigns of many connections at once, and of many campaigns.

#include <doctest/doctest.h>

#include "lib/mysql/campaigns.h"
#include "tests/contract/campaign_samples.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"

namespace lamppost::contract {
namespace {

using enum core::CampaignState;

struct RealCampaigns {
  RealCampaigns() { session.execute("DELETE FROM campaign"); }
  mysql::Session session{login()};
  mysql::Campaigns store{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};

}  // namespace

TEST_SUITE("contract.campaign_crowd") {
  TEST_CASE("of fifty who post with one request key one creates, and all learn of it") {
    RealCampaigns at;

    const auto members = crowd<core::CampaignStore::Created>(50, [](unsigned i, const auto& start) {
      mysql::Session session{login()};
      connection_of(session);
      auto order = with_key(static_cast<std::uint8_t>(i), "one");
      order.body_sha = {};
      start();
      return mysql::Campaigns{session}.create(order, kNow);
    });

    CHECK(failures_of<core::CampaignStore::Created>(members) == std::vector<std::string>{});
    const auto id = at.store.list({}, {}, 10).at(0).id;
    CHECK(at.store.list({}, {}, 10).size() == 1);
    CHECK(std::ranges::all_of(members, [&](const auto& it) { return it.answer.id == id; }));
    CHECK(std::ranges::all_of(members, [](const auto& it) { return it.answer.same_body; }));
    CHECK(std::ranges::count_if(members, [](const auto& it) { return it.answer.fresh; }) == 1);
  }

  TEST_CASE("of eight who finish a campaign at once one has finished it") {
    RealCampaigns at;
    const auto id = at.store.create(campaign(1, Sending), kNow).id;

    const auto members = crowd<bool>(8, [&](unsigned, const auto& start) {
      mysql::Session session{login()};
      connection_of(session);
      start();
      return mysql::Campaigns{session}.set_state(id, {Sending}, Finished, "", kNow);
    });

    CHECK(failures_of<bool>(members) == std::vector<std::string>{});
    CHECK(std::ranges::count_if(members, [](const auto& it) { return it.answer; }) == 1);
  }

  TEST_CASE("of ten ticks at once one starts what is scheduled") {
    RealCampaigns at;
    auto later = campaign(1, Scheduled);
    later.send_at = kNow;
    const auto id = at.store.create(later, kNow).id;

    const auto members = crowd<bool>(10, [&](unsigned i, const auto& start) {
      mysql::Session session{login()};
      mysql::Campaigns store{session};
      connection_of(session);
      start();
      const auto due = store.due(kNow + Seconds{i});
      return due == std::vector{id} &&
             store.set_state(id, {Scheduled}, Preparing, "", kNow + Seconds{i});
    });

    CHECK(failures_of<bool>(members) == std::vector<std::string>{});
    CHECK(std::ranges::count_if(members, [](const auto& it) { return it.answer; }) == 1);
  }

  TEST_CASE("one that moves between two allowed states is not missed on its way") {
    RealCampaigns at;
    const auto id = at.store.create(campaign(1, Sending), kNow).id;

    const auto members = crowd<int>(2, [&](unsigned i, const auto& start) {
      mysql::Session session{login()};
      mysql::Campaigns store{session};
      connection_of(session);
      start();
      int missed = 0;
      for (int round = 0; round < 300; ++round) {
        const auto to = i == 0 && round % 2 == 0 ? Paused : Sending;
        missed += !store.set_state(id, {Sending, Paused}, to, std::to_string(i), kNow);
      }
      return missed;
    });

    CHECK(failures_of<int>(members) == std::vector<std::string>{});
    for (const auto& member : members) CHECK(member.answer == 0);
  }

  TEST_CASE("what is asked for often looks at few campaigns, however many there were") {
    RealCampaigns at;
    at.session.execute(
        "INSERT INTO campaign (message_id, body_sha, owner, given, payload, ttl, urgency, topic,"
        " state, reason, created_at, cut_until, turn) SELECT UNHEX(MD5(seq)), UNHEX(SHA2(seq, "
        "256)),"
        " 'ann', '{}', REPEAT('x', 1000), 60, 'normal', '', 'finished', '', seq, 0, 0"
        " FROM seq_1_to_20000");
    at.session.execute("ANALYZE TABLE campaign");
    at.store.create(campaign(1), kNow);
    const auto looks = [&](const auto& work) { return rows_looked_at(at.session, work); };

    CHECK(looks([&] { at.store.find_same("ann", campaign(9).body_sha, Time{}); }) < 10);
    CHECK(looks([&] { at.store.due(kNow); }) < 10);
    CHECK(looks([&] { at.store.list({}, {}, 20); }) < 30);
    CHECK(looks([&] { at.store.list({}, {10'000}, 20); }) < 30);
    CHECK(at.store.due(kNow).size() == 1);
  }
}

}  // namespace lamppost::contract
