#pragma once
// Where links lead in table `click_target`, and how often they were followed in `click`.

#include "lib/core/click_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Clicks final : public core::ClickStore {
 public:
  explicit Clicks(Session& session) : session_(session) {}

  std::optional<Destination> find(const core::MessageId&, std::string_view action) override;
  void count(CampaignId, std::string_view action, Time now) override;
  core::Clicks of(CampaignId) override;
  std::map<CampaignId, std::uint64_t> sums(CampaignId first, CampaignId last) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
