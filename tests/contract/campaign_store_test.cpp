// What every CampaignStore does.

#include <doctest/doctest.h>

#include "lib/mysql/campaigns.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_campaign_store.h"

namespace lamppost::contract {
namespace {

struct Stored {
  std::string state;
  std::string finished_at;  // empty: not
  std::string message;
  std::string owner;
};

struct MemoryCampaigns {
  fakes::MemoryCampaignStore store;

  Stored stored(CampaignId id) {
    const auto& row = store.rows().at(id);
    return {std::string(core::to_text(row.content.state)),
            row.finished_at ? std::to_string(row.finished_at->time_since_epoch().count()) : "",
            row.content.message, row.content.owner};
  }
};

struct RealCampaigns {
  RealCampaigns() { session.execute("DELETE FROM campaign"); }
  mysql::Session session{login()};
  mysql::Campaigns store{session};

  Stored stored(CampaignId id) {
    Stored found;
    session.read(
        "SELECT state, COALESCE(finished_at, ''), message, owner FROM campaign WHERE id = ?", {id},
        [&](const mysql::Row& row) {
          found = {row.text(0), row.text(1), row.text(2), row.text(3)};
        });
    return found;
  }
};

core::NewCampaign campaign(std::uint8_t filling) {
  core::NewCampaign campaign{};
  campaign.message_id.fill(filling);
  campaign.message = "{\"title\":\"Grüße \xf0\x9f\x91\x8b\"}";
  campaign.owner = "ann";
  campaign.state = core::CampaignState::Sending;
  return campaign;
}

constexpr Time kNow{Seconds{1'800'000'000}};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryCampaigns);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealCampaigns);

namespace lamppost::contract {

TEST_SUITE("contract.campaign_store") {
  TEST_CASE_TEMPLATE("a campaign is stored as it was given", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;

    const auto stored = at.stored(at.store.create(campaign(0xfe), kNow));

    CHECK(stored.state == "sending");
    CHECK(stored.finished_at.empty());
    CHECK(stored.message == campaign(0xfe).message);
    CHECK(stored.owner == "ann");
  }

  TEST_CASE_TEMPLATE("the message id makes creating repeatable", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;

    const auto first = at.store.create(campaign(1), kNow);
    const auto again = at.store.create(campaign(1), kNow);
    const auto other = at.store.create(campaign(2), kNow);

    CHECK(again == first);
    CHECK(other > first);
  }

  TEST_CASE_TEMPLATE("only a final state has a time of the end", Stores, MemoryCampaigns,
                     RealCampaigns) {
    Stores at;
    const auto id = at.store.create(campaign(1), kNow);
    const auto other = at.store.create(campaign(2), kNow);

    at.store.set_state(id, core::CampaignState::Paused, kNow);
    CHECK(at.stored(id).state == "paused");
    CHECK(at.stored(id).finished_at.empty());
    at.store.set_state(id, core::CampaignState::Finished, kNow);

    CHECK(at.stored(id).state == "finished");
    CHECK(at.stored(id).finished_at == "1800000000");
    CHECK(at.stored(other).state == "sending");
  }
}

}  // namespace lamppost::contract
