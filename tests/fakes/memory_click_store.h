#pragma once
// Clicks in memory. Passes the same contract suite as the real store.

#include <map>
#include <string>
#include <tuple>

#include "lib/core/click_store.h"
#include "tests/fakes/disturbance.h"
#include "tests/fakes/memory_campaign_store.h"

namespace lamppost::fakes {

class MemoryClickStore final : public core::ClickStore, public Disturbance {
 public:
  explicit MemoryClickStore(const MemoryCampaignStore& campaigns) : campaigns_(campaigns) {}

  std::optional<Destination> find(const core::MessageId& message,
                                  std::string_view action) override {
    return call("find", [&]() -> std::optional<Destination> {
      for (const auto& linked : campaigns_.links())
        for (const auto& target : linked.targets)
          if (linked.message == message && target.action == action)
            return Destination{target.url,
                               linked.begun ? std::optional(linked.campaign) : std::nullopt};
      return std::nullopt;
    });
  }

  void count(CampaignId campaign, std::string_view action, Time now) override {
    call("count", [&] {
      const auto hour = now - now.time_since_epoch() % std::chrono::hours{1};
      return ++counted_[{campaign, std::string(action), hour}];
    });
  }

  core::Clicks of(CampaignId campaign) override {
    return call("of", [&] {
      core::Clicks clicks;
      for (const auto& linked : campaigns_.links())
        if (linked.campaign == campaign) clicks.targets = linked.targets;
      for (const auto& [key, n] : counted_) {
        const auto& [of, action, hour] = key;
        if (of != campaign) continue;
        clicks.actions[action] += n;
        clicks.hours[hour] += n;
      }
      return clicks;
    });
  }

  std::map<CampaignId, std::uint64_t> sums(CampaignId first, CampaignId last) override {
    return call("sums", [&] {
      std::map<CampaignId, std::uint64_t> sums;
      for (const auto& [key, n] : counted_)
        if (const auto of = std::get<0>(key); of >= first && of <= last) sums[of] += n;
      return sums;
    });
  }

 private:
  const MemoryCampaignStore& campaigns_;
  std::map<std::tuple<CampaignId, std::string, Time>, std::uint64_t> counted_;
};

}  // namespace lamppost::fakes
