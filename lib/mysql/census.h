#pragma once
// Counting, by the indexes of `subscription` alone, and by `departure`.

#include "lib/core/census.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Census final : public core::CensusStore {
 public:
  explicit Census(Session& session) : session_(session) {}

  std::vector<core::CensusGroup> active() override;
  std::vector<core::CensusGroup> active_at(Time) override;
  core::Turnover turnover(Time from, Time to) override;
  core::Generation generation(Time from, Time to) override;
  std::optional<Time> first_joined() override;
  std::vector<CampaignId> begun(Time from, Time to) override;
  std::vector<core::HourClicks> clicks(Time from, Time to) override;

 private:
  std::uint64_t left_of_generation(Time from, Time to);
  Session& session_;
};

}  // namespace lamppost::mysql
