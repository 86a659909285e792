#pragma once
// Erasing what is no longer needed, in batches.

#include "lib/core/tidy.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Tidying final : public core::TidyStore {
 public:
  explicit Tidying(Session& session) : session_(session) {}

  Walk erase(SubscriptionId after, std::size_t limit, Time gone_before, Time seen_before) override;
  std::vector<CampaignId> with_old_fates(Time before, std::size_t limit) override;
  void keep_sums(CampaignId) override;
  bool drop_shards(CampaignId, std::size_t limit) override;
  std::size_t forget_departures(Time before, std::size_t limit) override;

 private:
  void erase_these(std::span<const SubscriptionId> ids, Time gone_before, Time seen_before);
  Session& session_;
};

}  // namespace lamppost::mysql
