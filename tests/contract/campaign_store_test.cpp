// What every CampaignStore does.

#include <doctest/doctest.h>

#include "lib/mysql/campaigns.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_campaign_store.h"

namespace lamppost::contract {
namespace {

using core::CampaignState;
using enum core::CampaignState;

struct MemoryCampaigns {
  fakes::MemoryCampaignStore store;
};

struct RealCampaigns {
  RealCampaigns() { session.execute("DELETE FROM campaign"); }
  mysql::Session session{login()};
  mysql::Campaigns store{session};
};

core::NewCampaign campaign(std::uint8_t filling, CampaignState state = Preparing) {
  core::NewCampaign campaign{};
  campaign.message_id.fill(filling);
  campaign.body_sha.fill(filling);
  campaign.body_sha.back() = filling % 2 == 0 ? 0 : ' ';  // what a text column would trim
  campaign.owner = "J\xc3\xb6rg";
  campaign.given =
      "{\"title\":\"Gr\xc3\xbc\xc3\x9f"
      "e \xf0\x9f\x91\x8b\"}";
  campaign.message = {.payload = "{\"web_push\":8030,\"x\":\"\xf0\x9f\x91\x8b\"}",
                      .ttl = webpush::kMaxTtl,
                      .urgency = webpush::Urgency::VeryLow,
                      .topic = std::string(32, 'T')};
  campaign.state = state;
  return campaign;
}

core::NewCampaign with_key(std::uint8_t filling, std::string key) {
  auto keyed = campaign(filling);
  keyed.request_key = std::move(key);
  return keyed;
}

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr Seconds kMinute{60};
constexpr core::LeaseOwner kAnn{1}, kBob{2};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryCampaigns);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealCampaigns);

namespace lamppost::contract {

TEST_SUITE("contract.campaign_store") {
  TEST_CASE_TEMPLATE("a campaign is stored as it was given", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;

    const auto created = at.store.create(campaign(0xfe), kNow);
    const auto draft = at.store.create(campaign(0xff, Draft), kNow);

    CHECK(created.fresh);
    CHECK(created.same_body);
    const auto stored = at.store.read(created.id);
    REQUIRE(stored);
    CHECK(stored->id == created.id);
    CHECK(stored->body_sha == campaign(0xfe).body_sha);
    CHECK(stored->owner == campaign(0xfe).owner);
    CHECK(stored->given == campaign(0xfe).given);
    CHECK(stored->message.payload == campaign(0xfe).message.payload);
    CHECK(stored->message.ttl == webpush::kMaxTtl);
    CHECK(stored->message.urgency == webpush::Urgency::VeryLow);
    CHECK(stored->message.topic == std::string(32, 'T'));
    CHECK(stored->state == Preparing);
    CHECK(stored->reason.empty());
    CHECK(stored->created_at == kNow);
    CHECK(stored->started_at == kNow);
    CHECK_FALSE(stored->finished_at);
    CHECK(stored->audience.empty());
    CHECK_FALSE(stored->send_at);
    CHECK(at.store.state(draft.id) == Draft);
    CHECK_FALSE(at.store.read(draft.id)->started_at);
  }

  TEST_CASE_TEMPLATE("one that is not there is none, and nothing can be done to it", Stores,
                     MemoryCampaigns, RealCampaigns) {
    Stores at;
    const CampaignId other{at.store.create(campaign(1), kNow).id.value + 1};

    CHECK_FALSE(at.store.read(other));
    CHECK_FALSE(at.store.state(other));
    CHECK_FALSE(at.store.set_state(other, {Draft, Preparing}, Sending, "", kNow));
    CHECK_FALSE(at.store.lease_cut(other, kAnn, kNow, kNow + kMinute));
  }

  TEST_CASE_TEMPLATE("the message id makes creating repeatable", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;

    const auto first = at.store.create(with_key(1, "k"), kNow);
    const auto again = at.store.create(with_key(1, "k"), kNow + kMinute);
    const auto other = at.store.create(campaign(2), kNow);

    CHECK(again.id == first.id);
    CHECK(again.fresh);
    CHECK(again.same_body);
    CHECK(other.id > first.id);
    CHECK(at.store.read(first.id)->created_at == kNow);
  }

  TEST_CASE_TEMPLATE("a request key finds the campaign that it made, and tells another body",
                     Stores, MemoryCampaigns, RealCampaigns) {
    Stores at;
    const auto first = at.store.create(with_key(1, "Key"), kNow);
    auto retried = with_key(2, "Key");
    retried.body_sha = campaign(1).body_sha;

    const auto same = at.store.create(retried, kNow + kMinute);
    const auto another = at.store.create(with_key(3, "Key"), kNow + kMinute);
    const auto lower = at.store.create(with_key(4, "key"), kNow);

    CHECK(same.id == first.id);
    CHECK_FALSE(same.fresh);
    CHECK(same.same_body);
    CHECK(another.id == first.id);
    CHECK_FALSE(another.fresh);
    CHECK_FALSE(another.same_body);
    CHECK(lower.fresh);
    CHECK(at.store.read(first.id)->created_at == kNow);
    CHECK(at.store.list({}, {}, 10).size() == 2);
  }

  TEST_CASE_TEMPLATE("without a request key each is its own", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;

    CHECK(at.store.create(campaign(1), kNow).fresh);
    CHECK(at.store.create(campaign(2), kNow).fresh);

    CHECK(at.store.list({}, {}, 10).size() == 2);
  }

  TEST_CASE_TEMPLATE("its state changes from an allowed one only", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;
    const auto id = at.store.create(campaign(1), kNow).id;
    const auto other = at.store.create(campaign(2), kNow).id;

    CHECK_FALSE(at.store.set_state(id, {Draft, Paused, Sending}, Cancelled, "no", kNow));
    CHECK(at.store.state(id) == Preparing);
    CHECK(at.store.read(id)->reason.empty());
    CHECK(at.store.set_state(
        id, {Draft, Scheduled, Preparing, Sending, Paused, Finished, Cancelled, Expired}, Sending,
        "because", kNow));

    CHECK(at.store.state(id) == Sending);
    CHECK(at.store.read(id)->reason == "because");
    CHECK(at.store.state(other) == Preparing);
    CHECK_FALSE(at.store.set_state(id, {}, Paused, "", kNow));
  }

  TEST_CASE_TEMPLATE("from a state to itself is a change like any other", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;
    const auto id = at.store.create(campaign(1), kNow).id;

    CHECK(at.store.set_state(id, {Preparing, Sending}, Preparing, "", kNow));
    CHECK(at.store.set_state(id, {Preparing}, Preparing, "", kNow));

    CHECK(at.store.read(id)->started_at == kNow);
  }

  TEST_CASE_TEMPLATE("it starts once, and ends with a final state until it is taken up again",
                     Stores, MemoryCampaigns, RealCampaigns) {
    Stores at;
    const auto id = at.store.create(campaign(1, Draft), kNow).id;
    const auto step = [&](CampaignState from, CampaignState to, int minute) {
      CHECK(at.store.set_state(id, {from}, to, "", kNow + minute * kMinute));
      return *at.store.read(id);
    };

    CHECK_FALSE(step(Draft, Scheduled, 1).started_at);
    CHECK(step(Scheduled, Preparing, 2).started_at == kNow + 2 * kMinute);
    CHECK_FALSE(step(Preparing, Sending, 3).finished_at);
    CHECK_FALSE(step(Sending, Paused, 4).finished_at);
    CHECK_FALSE(step(Paused, Sending, 5).finished_at);
    const auto finished = step(Sending, Finished, 6);
    CHECK(finished.finished_at == kNow + 6 * kMinute);
    CHECK_FALSE(step(Finished, Preparing, 7).finished_at);
    const auto cancelled = step(Preparing, Cancelled, 8);
    CHECK(cancelled.finished_at == kNow + 8 * kMinute);
    CHECK(cancelled.started_at == kNow + 2 * kMinute);
    CHECK(step(Cancelled, Expired, 9).finished_at == kNow + 9 * kMinute);
  }

  TEST_CASE_TEMPLATE("one cuts at a time, as long as the lease is renewed", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;
    const auto id = at.store.create(campaign(1), kNow).id;
    const auto lease = [&](const core::LeaseOwner& owner, int second) {
      const auto now = kNow + Seconds{second};
      return at.store.lease_cut(id, owner, now, now + kMinute);
    };

    CHECK(lease(kAnn, 0));
    CHECK(lease(kAnn, 0));  // nothing changes, and it is hers all the same
    CHECK_FALSE(lease(kBob, 0));
    CHECK(lease(kAnn, 30));
    CHECK_FALSE(lease(kBob, 60));
    CHECK_FALSE(lease(kBob, 89));
    CHECK(lease(kBob, 90));
    CHECK_FALSE(lease(kAnn, 91));
  }

  TEST_CASE_TEMPLATE("only what is being prepared is cut", Stores, MemoryCampaigns, RealCampaigns) {
    Stores at;
    const auto id = at.store.create(campaign(1), kNow).id;
    CHECK(at.store.lease_cut(id, kAnn, kNow, kNow + kMinute));

    at.store.set_state(id, {Preparing}, Sending, "", kNow);

    CHECK_FALSE(at.store.lease_cut(id, kAnn, kNow, kNow + kMinute));
    CHECK_FALSE(at.store.lease_cut(id, kBob, kNow + 2 * kMinute, kNow + 3 * kMinute));
  }

  TEST_CASE_TEMPLATE("due is what is prepared or sent, the oldest first", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;
    std::vector<CampaignId> due;
    for (const auto state :
         {Sending, Draft, Scheduled, Preparing, Paused, Finished, Cancelled, Expired, Sending}) {
      const auto filling = static_cast<std::uint8_t>(at.store.list({}, {}, 10).size());
      const auto id = at.store.create(campaign(filling, state), kNow).id;
      if (state == Sending || state == Preparing) due.push_back(id);
    }

    CHECK(due.size() == 3);
    CHECK(at.store.due(kNow) == due);
  }

  TEST_CASE_TEMPLATE("a scheduled one is due from its time on, and keeps whom it is for", Stores,
                     MemoryCampaigns, RealCampaigns) {
    Stores at;
    auto later = campaign(1, Scheduled);
    later.audience = "user:\"N\xc3\xa4\xf0\x9f\x91\x8b\" && !news";
    later.send_at = kNow + kMinute;
    const auto id = at.store.create(later, kNow).id;
    at.store.create(campaign(2, Scheduled), kNow);  // without a time it never goes by itself

    const auto stored = at.store.read(id);
    CHECK(stored->audience == later.audience);
    CHECK(stored->send_at == later.send_at);
    CHECK_FALSE(stored->started_at);
    CHECK(at.store.list({}, {}, 10).at(1).send_at == later.send_at);
    CHECK(at.store.due(kNow + kMinute - Seconds{1}).empty());
    CHECK(at.store.due(kNow + kMinute) == std::vector{id});
    CHECK(at.store.due(kNow + 100 * kMinute) == std::vector{id});
    CHECK(at.store.set_state(id, {Scheduled}, Preparing, "", kNow + kMinute));
    CHECK_FALSE(at.store.set_state(id, {Scheduled}, Preparing, "", kNow + kMinute));
    CHECK(at.store.read(id)->started_at == kNow + kMinute);
    CHECK(at.store.due(kNow) == std::vector{id});
  }

  TEST_CASE_TEMPLATE("the list is searched by title and body, small and capital, and by time",
                     Stores, MemoryCampaigns, RealCampaigns) {
    Stores at;
    std::vector<CampaignId> ids;
    const auto add = [&](const std::string& given) {
      const auto n = static_cast<std::uint8_t>(ids.size());
      auto one = campaign(n);
      one.given = given;
      ids.push_back(at.store.create(one, kNow + n * kMinute).id);
    };
    add(R"({"title":"Market day","body":"From 8 on"})");
    add(R"({"title":"100 % off_","body":"at the MARKET, \"now\" \\ then"})");
    add("{\"title\":\"Gr\xc3\xbc\xc3\x9f"
        "e\",\"url\":\"/market\"}");
    using Found = std::vector<CampaignId>;
    const auto found = [&](const core::CampaignFilter& filter) {
      Found found;
      for (const auto& one : at.store.list(filter, {}, 10)) found.push_back(one.id);
      return found;
    };
    const auto with = [&](const std::string& text) { return found({text, {}, {}}); };

    CHECK(with("market") == Found{ids[1], ids[0]});
    CHECK(with("DAY") == Found{ids[0]});
    CHECK(with("\"now\" \\ t") == Found{ids[1]});
    CHECK(with("%") == Found{ids[1]});
    CHECK(with("off_") == Found{ids[1]});
    CHECK(with("Mark_t").empty());
    CHECK(with("gr\xc3\xbc\xc3\x9f") == Found{ids[2]});
    CHECK(with("title").empty());
    CHECK(with("' OR 1 = 1 -- ").empty());
    CHECK(found({"", kNow + kMinute, {}}) == Found{ids[2], ids[1]});
    CHECK(found({"", {}, kNow + kMinute}) == Found{ids[1], ids[0]});
    CHECK(found({"market", kNow + kMinute, kNow + kMinute}) == Found{ids[1]});
    CHECK(at.store.list({"market", {}, {}}, ids[1], 10).size() == 1);
  }

  TEST_CASE_TEMPLATE("the list begins with the newest and goes on below an id", Stores,
                     MemoryCampaigns, RealCampaigns) {
    Stores at;
    std::vector<CampaignId> ids;
    for (std::uint8_t i = 0; i < 5; ++i) ids.push_back(at.store.create(campaign(i), kNow).id);
    const auto page = [&](CampaignId before, std::size_t limit) {
      std::vector<CampaignId> page;
      for (const auto& campaign : at.store.list({}, before, limit)) page.push_back(campaign.id);
      return page;
    };

    CHECK(page({}, 2) == std::vector{ids[4], ids[3]});
    CHECK(page(ids[3], 2) == std::vector{ids[2], ids[1]});
    CHECK(page(ids[1], 2) == std::vector{ids[0]});
    CHECK(page(ids[0], 2).empty());
    CHECK(page({UINT64_MAX}, 100).size() == 5);
  }

  TEST_CASE_TEMPLATE("the same again is found by login, body and time", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;
    const auto same = [&](Time since) {
      return at.store.find_same(campaign(1).owner, campaign(1).body_sha, since);
    };
    const auto again = [&](std::uint8_t filling, CampaignState state, Time now) {
      auto twin = campaign(filling, state);
      twin.body_sha = campaign(1).body_sha;
      return at.store.create(twin, now).id;
    };
    CHECK_FALSE(same(kNow));
    const auto first = at.store.create(campaign(1), kNow).id;
    at.store.create(campaign(2), kNow);

    CHECK(same(kNow) == first);
    CHECK(same(kNow - kMinute) == first);
    CHECK_FALSE(same(kNow + Seconds{1}));
    CHECK_FALSE(at.store.find_same("J\xc3\xb6rgen", campaign(1).body_sha, kNow));
    CHECK_FALSE(at.store.find_same("j\xc3\xb6rg", campaign(1).body_sha, kNow));
    again(3, Draft, kNow);
    again(4, Cancelled, kNow);
    CHECK(same(kNow) == first);
    const auto second = again(5, Finished, kNow + Seconds{1});
    CHECK(same(kNow) == second);
    CHECK(same(kNow + Seconds{1}) == second);
  }

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
