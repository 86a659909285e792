#pragma once
// Campaigns in memory. Passes the same contract suite as the real store.

#include <map>
#include <optional>

#include "lib/base/failure.h"
#include "lib/core/campaign.h"

namespace lamppost::fakes {

class MemoryCampaignStore final : public core::CampaignStore {
 public:
  bool away = false;  // every call throws StoreFailure

  CampaignId create(const core::NewCampaign& campaign, Time now) override {
    require_present();
    for (const auto& [id, row] : rows_)
      if (row.content.message_id == campaign.message_id) return id;
    const CampaignId id{rows_.size() + 1};
    rows_.emplace(id, Row{campaign, now, std::nullopt});
    return id;
  }

  void set_state(CampaignId id, core::CampaignState state, Time now) override {
    require_present();
    const auto at = rows_.find(id);
    if (at == rows_.end()) return;
    using enum core::CampaignState;
    const bool final = state == Finished || state == Cancelled || state == Expired;
    at->second.content.state = state;
    at->second.finished_at = final ? std::optional(now) : std::nullopt;
  }

  struct Row {
    core::NewCampaign content;  // its state is the present one
    Time created_at;
    std::optional<Time> finished_at;
  };
  const std::map<CampaignId, Row>& rows() const noexcept { return rows_; }

 private:
  void require_present() const {
    if (away) throw StoreFailure("database: away, because the test says so");
  }
  std::map<CampaignId, Row> rows_;
};

}  // namespace lamppost::fakes
