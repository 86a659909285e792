#pragma once
// The ports of the sending engine, with an instant before and after each call at which the process
// may end. Each hands on what it is asked to the real one.

#include <algorithm>
#include <utility>

#include "lib/core/shard_run.h"
#include "tests/crash/failpoint.h"

namespace lamppost::crash {

class FailingCampaigns final : public core::CampaignStore {
 public:
  FailingCampaigns(core::CampaignStore& real, Failpoint& point) : real_(real), point_(point) {}

  Created create(const core::NewCampaign& campaign, Time now) override {
    return point_.around("campaigns.create", [&] { return real_.create(campaign, now); });
  }
  std::optional<core::Campaign> read(CampaignId id) override {
    return point_.around("campaigns.read", [&] { return real_.read(id); });
  }
  std::optional<core::CampaignState> state(CampaignId id) override { return real_.state(id); }
  std::vector<core::Campaign> list(const core::CampaignFilter& filter, CampaignId before,
                                   std::size_t limit) override {
    return real_.list(filter, before, limit);
  }
  std::optional<CampaignId> find_same(const std::string& owner, const crypto::Digest& body,
                                      Time since) override {
    return real_.find_same(owner, body, since);
  }
  bool set_state(CampaignId id, std::initializer_list<core::CampaignState> from,
                 core::CampaignState to, const std::string& reason, Time now) override {
    return point_.around("campaigns.set_state",
                         [&] { return real_.set_state(id, from, to, reason, now); });
  }
  bool lease_cut(CampaignId id, const core::LeaseOwner& owner, Time now, Time until) override {
    return point_.around("campaigns.lease_cut",
                         [&] { return real_.lease_cut(id, owner, now, until); });
  }
  std::vector<CampaignId> due(Time now) override { return real_.due(now); }

 private:
  core::CampaignStore& real_;
  Failpoint& point_;
};

class FailingShards final : public core::ShardStore {
 public:
  FailingShards(core::ShardStore& real, Failpoint& point) : real_(real), point_(point) {}

  Cut cut_so_far(CampaignId id) override {
    return point_.around("shards.cut_so_far", [&] { return real_.cut_so_far(id); });
  }
  bool cut(CampaignId id, std::uint32_t number, std::span<const SubscriptionId> ids) override {
    return point_.around("shards.cut", [&] { return real_.cut(id, number, ids); });
  }
  Claim claim(CampaignId id, const core::LeaseOwner& owner, Time now, Time until) override {
    return point_.around("shards.claim", [&] { return real_.claim(id, owner, now, until); });
  }
  bool advance(const core::Shard& shard, Time now, Time until, Time next_at) override {
    return point_.around("shards.advance",
                         [&] { return real_.advance(shard, now, until, next_at); });
  }
  core::Progress sum(CampaignId id) override { return real_.sum(id); }
  std::vector<core::Progress> sums(std::span<const CampaignId> ids) override {
    return real_.sums(ids);
  }
  std::optional<std::vector<core::Fate>> fates(CampaignId id, std::uint32_t number) override {
    return real_.fates(id, number);
  }
  std::uint64_t reopen(CampaignId id, core::Fate from, core::Fate to, Time now) override {
    return real_.reopen(id, from, to, now);
  }

 private:
  core::ShardStore& real_;
  Failpoint& point_;
};

class FailingSubscriptions final : public core::SubscriptionStore {
 public:
  /// shard_size  the most that one select() gives, so that a few people are several shards
  FailingSubscriptions(core::SubscriptionStore& real, Failpoint& point, std::size_t shard_size)
      : real_(real), point_(point), shard_size_(shard_size) {}

  Put put(const core::NewSubscription& it, Time now) override { return real_.put(it, now); }
  bool remove(std::string_view endpoint) override { return real_.remove(endpoint); }
  std::vector<core::Subscription> read(std::span<const SubscriptionId> ids) override {
    return point_.around("subscriptions.read", [&] { return real_.read(ids); });
  }
  void mark_gone(std::span<const SubscriptionId> ids, Time now) override {
    point_.around("subscriptions.mark_gone", [&] { real_.mark_gone(ids, now); });
  }
  std::vector<SubscriptionId> select(const core::Audience& audience, SubscriptionId after,
                                     std::size_t limit, Time now) override {
    return point_.around("subscriptions.select", [&] {
      return real_.select(audience, after, std::min(limit, shard_size_), now);
    });
  }
  core::AudienceCount count(const core::Audience& audience, Time now) override {
    return real_.count(audience, now);
  }

 private:
  core::SubscriptionStore& real_;
  Failpoint& point_;
  std::size_t shard_size_;
};

class FailingPushService final : public webpush::PushService {
 public:
  FailingPushService(webpush::PushService& real, Failpoint& point) : real_(real), point_(point) {}

  /// push.request: one is taken from its source, and not sent yet. push.reply: its answer has come,
  /// and the engine is told of it.
  void send(const Source& next, const Report& done, const Tick& tick) override {
    real_.send(
        [&] {
          auto request = next();
          if (request) point_.pass("push.request");
          return request;
        },
        [&](const webpush::PushReply& reply) { point_.around("push.reply", [&] { done(reply); }); },
        tick);
  }
  void hold_back(std::string_view origin) override { real_.hold_back(origin); }

 private:
  webpush::PushService& real_;
  Failpoint& point_;
};

}  // namespace lamppost::crash
