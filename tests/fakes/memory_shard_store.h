#pragma once
// Shards in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "lib/core/shard_store.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryShardStore final : public core::ShardStore, public Disturbance {
 public:
  /// seed  of the choice among the free shards: the same one, the same history
  explicit MemoryShardStore(unsigned seed = 7) : random_(seed) {}

  Cut cut_so_far(CampaignId campaign) override {
    return call("cut_so_far", [&]() -> Cut {
      const auto end = rows_.upper_bound({campaign, UINT32_MAX});
      if (end == rows_.begin() || std::prev(end)->first.first != campaign) return {0, {}};
      const auto& [key, highest] = *std::prev(end);
      return {.shards = key.second + 1, .last = highest.ids.back()};
    });
  }

  bool cut(CampaignId campaign, std::uint32_t number,
           std::span<const SubscriptionId> ids) override {
    return call("cut", [&] {
      Row row;
      row.ids.assign(ids.begin(), ids.end());
      row.fates.assign(ids.size(), core::Fate::Waiting);
      return rows_.try_emplace({campaign, number}, std::move(row)).second;
    });
  }

  Claim claim(CampaignId campaign, const core::LeaseOwner& owner, Time now, Time until) override {
    return call("claim", [&]() -> Claim {
      std::vector<std::uint32_t> free;
      std::optional<Time> next;
      for (auto& [number, row] : of(campaign)) {
        if (row->done) continue;
        const auto at = std::max(row->next_at, row->lease_until);
        if (at <= now) free.push_back(number);
        next = std::min(next.value_or(at), at);
      }
      if (!next) return core::AllDone{};
      if (free.empty()) return core::RestUntil{*next};
      std::uniform_int_distribution<std::size_t> any{0, free.size() - 1};
      const auto number = free[any(random_)];
      auto& row = rows_.at({campaign, number});
      row.owner = owner;
      row.lease_until = until;
      return to_shard(campaign, number, row);
    });
  }

  bool advance(const core::Shard& shard, Time now, Time until, Time next_at) override {
    return call("advance", [&] {
      const auto at = rows_.find({shard.campaign, shard.number});
      if (at == rows_.end()) return false;
      auto& row = at->second;
      if (row.owner != shard.owner || row.lease_until == Time{}) return false;
      record(row, shard);
      row.next_at = next_at;
      row.lease_until = until > now ? until : Time{};
      return true;
    });
  }

  core::Progress sum(CampaignId campaign) override {
    return call("sum", [&] { return added_up(campaign); });
  }

  std::vector<core::Progress> sums(std::span<const CampaignId> campaigns) override {
    return call("sums", [&] {
      std::vector<core::Progress> sums;
      for (const auto id : campaigns) sums.push_back(added_up(id));
      return sums;
    });
  }

  std::optional<std::vector<core::Fate>> fates(CampaignId campaign, std::uint32_t number) override {
    return call("fates", [&]() -> std::optional<std::vector<core::Fate>> {
      const auto at = rows_.find({campaign, number});
      if (at == rows_.end()) return std::nullopt;
      return at->second.fates;
    });
  }

  std::uint64_t reopen(CampaignId campaign, core::Fate from, core::Fate to, Time now) override {
    return call("reopen", [&] {
      std::uint64_t reopened = 0;
      for (auto& [number, row] : of(campaign)) {
        if (row->lease_until > now) continue;
        auto shard = to_shard(campaign, number, *row);
        if (!shard.reopen(from, to)) continue;
        ++reopened;
        record(*row, shard);
        row->next_at = now;
        row->lease_until = Time{};
        row->owner = {};
      }
      return reopened;
    });
  }

  /// None: it is not in that audience.
  std::optional<core::Fate> fate_of(CampaignId campaign, SubscriptionId id) {
    for (const auto& [number, row] : of(campaign))
      if (const auto at = std::ranges::find(row->ids, id); at != row->ids.end())
        return row->fates[static_cast<std::size_t>(at - row->ids.begin())];
    return std::nullopt;
  }

 private:
  struct Row {
    std::vector<SubscriptionId> ids;
    std::vector<core::Fate> fates;
    std::map<std::string, core::ServiceProgress> services;
    std::uint32_t attempt = 0;
    Time round_at{};
    bool done = false;
    Time next_at{};
    core::LeaseOwner owner{};
    Time lease_until{};
  };

  core::Progress added_up(CampaignId campaign) {
    core::Progress progress;
    progress.id = campaign;
    for (const auto& [number, row] : of(campaign)) {
      for (const auto fate : row->fates) ++progress.counts[fate];
      for (const auto& [name, service] : row->services) {
        auto& sum = progress.services[name];
        sum.counts.add(service.counts);
        for (const auto& [reason, n] : service.reasons) sum.reasons[reason] += n;
      }
    }
    return progress;
  }

  // What a holder keeps in mind beside the fates is not stored.
  static core::Shard to_shard(CampaignId campaign, std::uint32_t number, const Row& row) {
    core::Shard shard;
    shard.campaign = campaign;
    shard.number = number;
    shard.ids = row.ids;
    shard.fates = row.fates;
    shard.attempt = row.attempt;
    shard.round_at = row.round_at;
    shard.owner = row.owner;
    shard.services = row.services;
    return shard;
  }

  static void record(Row& row, const core::Shard& shard) {
    row.fates = shard.fates;
    row.services = shard.services;
    row.attempt = shard.attempt;
    row.round_at = shard.round_at;
    row.done = shard.is_finished();
  }

  std::vector<std::pair<std::uint32_t, Row*>> of(CampaignId campaign) {
    std::vector<std::pair<std::uint32_t, Row*>> found;
    for (auto at = rows_.lower_bound({campaign, 0});
         at != rows_.end() && at->first.first == campaign; ++at)
      found.emplace_back(at->first.second, &at->second);
    return found;
  }

  std::mt19937 random_;
  std::map<std::pair<CampaignId, std::uint32_t>, Row> rows_;
};

}  // namespace lamppost::fakes
