#pragma once
// Campaigns in table `campaign`.

#include "lib/core/campaign.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Campaigns final : public core::CampaignStore {
 public:
  explicit Campaigns(Session& session) : session_(session) {}

  CampaignId create(const core::NewCampaign&, Time now) override;
  void set_state(CampaignId, core::CampaignState, Time now) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
