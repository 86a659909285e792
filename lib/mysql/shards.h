#pragma once
// Shards in tables `shard_audience`, written once, and `shard`, written with every step.

#include "lib/core/shard_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Shards final : public core::ShardStore {
 public:
  explicit Shards(Session& session) : session_(session) {}

  Cut cut_so_far(CampaignId) override;
  bool cut(CampaignId, std::uint32_t number, std::span<const SubscriptionId> ids) override;
  Claim claim(CampaignId, const core::LeaseOwner&, Time now, Time until) override;
  bool advance(const core::Shard&, Time now, Time until, Time next_at) override;
  core::Progress sum(CampaignId) override;
  std::vector<core::Progress> sums(std::span<const CampaignId>) override;
  std::optional<std::vector<core::Fate>> fates(CampaignId, std::uint32_t number) override;
  std::uint64_t reopen(CampaignId, core::Fate from, core::Fate to, Time now) override;

 private:
  void add_fates(CampaignId, std::uint32_t number, std::size_t recipients);
  std::optional<core::Shard> read(CampaignId, std::uint32_t number, const core::LeaseOwner&);
  Session& session_;
};

}  // namespace lamppost::mysql
