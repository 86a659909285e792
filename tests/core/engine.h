#pragma once
// Everything that a campaign run uses, in memory, with a watch on what must hold at every moment:
// who is sent to is marked in the store, no more than a window is, and what is settled stays.

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lib/core/campaign_run.h"
#include "tests/core/subscribers.h"
#include "tests/core/timed_push_service.h"
#include "tests/fakes/fixed_clock.h"
#include "tests/fakes/memory_campaign_store.h"
#include "tests/fakes/memory_push_service_store.h"
#include "tests/fakes/memory_shard_store.h"
#include "tests/fakes/memory_subscription_store.h"

namespace lamppost::testing {

constexpr const char* kService = "push.example.net";  // of endpoint_url()

inline bool is_open(core::Fate fate) {
  using enum core::Fate;
  return fate == Waiting || fate == HandedOut || fate == Later || fate == Unsure ||
         fate == UnsureAsked;
}

// Shards, where everybody stands in them, and how they may change.
class WatchedShards final : public core::ShardStore {
 public:
  struct Place {
    std::uint32_t number;
    std::size_t position;
  };

  fakes::MemoryShardStore rows;
  std::map<SubscriptionId, Place> places;
  std::uint64_t most_handed_out = 0;             // in one shard at once
  std::vector<std::pair<Time, Time>> freed;      // when, and the time of its next round
  std::vector<std::uint64_t> handed_out_at_end;  // in a shard when it was freed

  explicit WatchedShards(unsigned seed = 7) : rows(seed) {}

  /// Looks without disturbance.
  template <class Look>
  auto quietly(const Look& look) {
    const auto none = [](std::string_view) {};
    auto before = std::exchange(rows.before, none);
    auto after = std::exchange(rows.after, none);
    const bool away = std::exchange(rows.away, false);
    auto seen = look();
    rows.before = std::move(before);
    rows.after = std::move(after);
    rows.away = away;
    return seen;
  }

  Cut cut_so_far(CampaignId id) override { return rows.cut_so_far(id); }
  bool cut(CampaignId id, std::uint32_t number, std::span<const SubscriptionId> ids) override {
    const bool known = quietly([&] { return rows.fates(id, number).has_value(); });
    // Before the call: its answer may get lost.
    for (std::size_t i = 0; !known && i < ids.size(); ++i) places[ids[i]] = {number, i};
    return rows.cut(id, number, ids);
  }
  Claim claim(CampaignId id, const core::LeaseOwner& owner, Time now, Time until) override {
    auto claim = rows.claim(id, owner, now, until);
    if (const auto* shard = std::get_if<core::Shard>(&claim)) on_claim(*shard);
    return claim;
  }
  bool advance(const core::Shard& shard, Time now, Time until, Time next_at) override {
    const auto before = quietly([&] { return rows.fates(shard.campaign, shard.number); });
    if (!rows.advance(shard, now, until, next_at)) return false;
    most_handed_out = std::max(most_handed_out, shard.count(core::Fate::HandedOut));
    for (std::size_t i = 0; i < shard.fates.size(); ++i)
      if (!is_open((*before)[i]) && shard.fates[i] != (*before)[i])
        FAIL_CHECK("a settled one changed in shard " << shard.number << " at " << i);
    on_advance(shard);
    if (until > now) return true;
    freed.emplace_back(now, next_at);
    handed_out_at_end.push_back(shard.count(core::Fate::HandedOut));
    return true;
  }
  core::Progress sum(CampaignId id) override { return rows.sum(id); }
  std::vector<core::Progress> sums(std::span<const CampaignId> ids) override {
    return rows.sums(ids);
  }
  std::optional<std::vector<core::Fate>> fates(CampaignId id, std::uint32_t number) override {
    return rows.fates(id, number);
  }
  std::uint64_t reopen(CampaignId id, core::Fate from, core::Fate to, Time now) override {
    return rows.reopen(id, from, to, now);
  }

  std::function<void(const core::Shard&)> on_claim = [](const core::Shard&) {};
  std::function<void(const core::Shard&)> on_advance = [](const core::Shard&) {};
};

struct Engine {
  explicit Engine(unsigned seed = 7) : shards(seed), push(clock, seed) {
    vapid.add(kKeyId, {crypto::KeyPair::generate(), "mailto:push@example.com"});
    push.on_request = [this](const TimedPushService::Request& request) { check_marked(request); };
  }

  fakes::FixedClock clock;
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryCampaignStore campaigns;
  WatchedShards shards;
  fakes::MemoryPushServiceStore services;
  TimedPushService push;
  webpush::VapidKeys vapid;
  webpush::EndpointPolicy policy{
      {"push.example.net", ".push.example.org", ".push.apple.com", "other.example.net"}};
  core::SendingPorts ports{subscriptions, campaigns, shards, services, push, vapid, policy, clock};

  CampaignId campaign{};
  std::vector<std::pair<Time, core::Progress>> told;
  StopCheck stop = [] { return false; };
  std::map<std::string, SubscriptionId> ids;  // by endpoint

  SubscriptionId subscribe(const std::string& url, std::uint32_t key_id = kKeyId) {
    return ids[url] = subscriptions.put(subscription(url, key_id), clock.now()).id;
  }
  /// `count` subscriptions named "0", "1" and so on.
  void subscribe_many(std::size_t count, std::size_t first = 0) {
    for (std::size_t i = first; i < first + count; ++i) subscribe(endpoint_url(std::to_string(i)));
  }

  /// A campaign that is to be prepared. Without a payload nothing has to be encrypted.
  CampaignId create(Seconds ttl = Seconds{86'400}, const std::string& payload = "") {
    core::NewCampaign order{};
    order.message_id[0] = ++created_;
    order.message.payload = payload;
    order.message.ttl = ttl;
    return campaign = campaigns.create(order, clock.now()).id;
  }

  core::Progress run(Seconds patience = Seconds{1'000'000}) {
    core::CampaignRun run(ports);
    return run.run(campaign, patience, stop,
                   [&](const core::Progress& one) { told.emplace_back(clock.now(), one); });
  }
  core::Progress create_and_run(Seconds ttl = Seconds{86'400}) {
    create(ttl);
    return run();
  }

  /// Sets what happens before each call of any store; its name is "shards.advance" and so on.
  void before_each_call(const std::function<void(const std::string&)>& then) {
    each_store([&](const std::string& store, fakes::Disturbance& calls) {
      calls.before = [then, store](std::string_view call) { then(store + std::string(call)); };
    });
  }
  void after_each_call(const std::function<void(const std::string&)>& then) {
    each_store([&](const std::string& store, fakes::Disturbance& calls) {
      calls.after = [then, store](std::string_view call) { then(store + std::string(call)); };
    });
  }
  void set_away(bool away) {
    each_store([&](const std::string&, fakes::Disturbance& calls) { calls.away = away; });
  }

  /// Who is marked as gone.
  std::vector<SubscriptionId> gone() const {
    std::vector<SubscriptionId> gone;
    for (const auto& [id, row] : subscriptions.rows())
      if (row.gone_at) gone.push_back(id);
    return gone;
  }
  core::Fate fate(SubscriptionId id) {
    const auto place = shards.places.at(id);
    return shards.quietly([&] { return shards.fates(campaign, place.number); })->at(place.position);
  }
  core::Fate fate(const std::string& url) { return fate(ids.at(url)); }
  core::Progress sum() {
    return shards.quietly([&] { return shards.sum(campaign); });
  }
  core::CampaignState state() { return *campaigns.state(campaign); }

 private:
  void check_marked(const TimedPushService::Request& request) {
    const auto id = ids.at(request.url);
    if (!shards.places.contains(id))
      FAIL_CHECK("sent to one who is not of the audience: " << request.url);
    else if (fate(id) != core::Fate::HandedOut)
      FAIL_CHECK("sent before it was marked in the store: " << request.url);
  }
  void each_store(const std::function<void(const std::string&, fakes::Disturbance&)>& use) {
    use("subscriptions.", subscriptions);
    use("campaigns.", campaigns);
    use("shards.", shards.rows);
    use("services.", services);
  }
  std::uint8_t created_ = 0;
};

}  // namespace lamppost::testing
