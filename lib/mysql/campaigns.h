#pragma once
// Campaigns in table `campaign`.

#include "lib/core/campaign_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Campaigns final : public core::CampaignStore {
 public:
  explicit Campaigns(Session& session) : session_(session) {}

  Created create(const core::NewCampaign&, Time now) override;
  std::optional<core::Campaign> read(CampaignId) override;
  std::optional<core::CampaignState> state(CampaignId) override;
  std::vector<core::Campaign> list(const core::CampaignFilter&, CampaignId before,
                                   std::size_t limit) override;
  std::optional<CampaignId> find_same(const std::string& owner, const crypto::Digest& body_sha,
                                      Time since) override;
  bool set_state(CampaignId, std::initializer_list<core::CampaignState> from,
                 core::CampaignState to, const std::string& reason, Time now) override;
  bool lease_cut(CampaignId, const core::LeaseOwner&, Time now, Time until) override;
  std::vector<CampaignId> due(Time now) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
