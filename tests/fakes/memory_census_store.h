#pragma once
// Counting, over subscriptions and campaigns in memory. Passes the same contract suite as the real
// store.

#include <algorithm>
#include <map>

#include "lib/core/census.h"
#include "lib/core/service.h"
#include "tests/fakes/memory_campaign_store.h"
#include "tests/fakes/memory_subscription_store.h"

namespace lamppost::fakes {

class MemoryCensusStore final : public core::CensusStore, public Disturbance {
 public:
  MemoryCensusStore(MemorySubscriptionStore& subscriptions, MemoryCampaignStore& campaigns)
      : subscriptions_(subscriptions), campaigns_(campaigns) {}

  struct Departure {
    Time left_at, joined_at;
    std::string service;
  };
  std::vector<Departure> departures;
  std::map<Time, std::uint64_t> hours;  // clicks of all campaigns

  std::vector<core::CensusGroup> active() override {
    return call("active", [&] { return groups([](const auto& row) { return !row.gone_at; }); });
  }

  std::vector<core::CensusGroup> active_at(Time at) override {
    return call("active_at", [&] {
      auto found = groups([&](const auto& row) {
        return row.created_at < at && (!row.gone_at || *row.gone_at >= at);
      });
      for (const auto& [left_at, joined_at, service] : departures)
        if (left_at >= at && joined_at < at) found.push_back({service, "", 1});
      return found;
    });
  }

  core::Turnover turnover(Time from, Time to) override {
    return call("turnover", [&]() -> core::Turnover {
      const auto [active, gone] = of_generation(from, to);
      const auto left = std::ranges::count_if(
          departures, [&](const auto& one) { return one.left_at >= from && one.left_at < to; });
      return {active + gone, static_cast<std::uint64_t>(left)};
    });
  }

  core::Generation generation(Time from, Time to) override {
    return call("generation", [&] { return of_generation(from, to); });
  }

  std::optional<Time> first_joined() override {
    return call("first_joined", [&] {
      std::optional<Time> first;
      for (const auto& [id, row] : subscriptions_.rows())
        first = std::min(first.value_or(row.created_at), row.created_at);
      return first;
    });
  }

  std::vector<CampaignId> begun(Time from, Time to) override {
    return call("begun", [&] {
      std::vector<CampaignId> ids;
      for (const auto& campaign : campaigns_.list({}, {}, SIZE_MAX))
        if (campaign.started_at && *campaign.started_at >= from && *campaign.started_at < to)
          ids.insert(ids.begin(), campaign.id);
      return ids;
    });
  }

  std::vector<core::HourClicks> clicks(Time from, Time to) override {
    return call("clicks", [&] {
      std::vector<core::HourClicks> found;
      for (const auto& [hour, clicks] : hours)
        if (hour >= from && hour < to) found.push_back({hour, clicks});
      return found;
    });
  }

 private:
  template <class Counts>
  std::vector<core::CensusGroup> groups(const Counts& counts) {
    std::map<std::pair<std::string, std::string>, std::uint64_t> sums;
    for (const auto& [id, row] : subscriptions_.rows()) {
      const auto host = row.content.recipient.endpoint.host();
      if (counts(row)) ++sums[{std::string(core::service_of(host)), row.content.language}];
    }
    std::vector<core::CensusGroup> found;
    for (const auto& [key, count] : sums) found.push_back({key.first, key.second, count});
    return found;
  }

  core::Generation of_generation(Time from, Time to) {
    core::Generation generation{};
    for (const auto& [id, row] : subscriptions_.rows())
      if (row.created_at >= from && row.created_at < to)
        ++(row.gone_at ? generation.gone : generation.active);
    for (const auto& one : departures)
      if (one.joined_at >= from && one.joined_at < to) ++generation.gone;
    return generation;
  }

  MemorySubscriptionStore& subscriptions_;
  MemoryCampaignStore& campaigns_;
};

}  // namespace lamppost::fakes
