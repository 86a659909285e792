#pragma once
// One shard, from its claim to the end of a round: marks a window of recipients, sends to them,
// records what came back, in one stream without gaps.

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "lib/base/time_zone.h"
#include "lib/core/breaker.h"
#include "lib/core/campaign_store.h"
#include "lib/core/gone.h"
#include "lib/core/shard_store.h"
#include "lib/core/subscription.h"
#include "lib/webpush/push_service.h"
#include "lib/webpush/vapid.h"

namespace lamppost::core {

// What a campaign is worked on with. All are used, none is owned.
struct SendingPorts {
  SubscriptionStore& subscriptions;
  CampaignStore& campaigns;
  ShardStore& shards;
  PushServiceStore& services;
  webpush::PushService& push;
  webpush::VapidKeys& vapid;
  const webpush::EndpointPolicy& policy;
  Clock& clock;
};

class ShardRun {
 public:
  static constexpr std::size_t kWindow = 500;  // marked and not settled: what a crash makes unsure
  static constexpr std::size_t kStep = 250;    // settled before the next ones are marked
  static constexpr Seconds kLease{60};
  // Without the store nothing is sent for longer: what is in flight has to settle within the lease.
  static constexpr Seconds kStoreAway{50};

  /// next_tag  numbers all requests of a run, shard after shard: the breaker goes by their order
  /// shard     claimed and taken over
  /// tick      called at least once a second
  ShardRun(const SendingPorts&, const Campaign&, Breaker&, std::uint64_t& next_tag, Shard shard,
           const StopCheck& stop, std::function<void()> tick);

  enum class End {
    Recorded,  // the round is over or `stop` said so; the shard is free again
    Left,      // the lease is lost: another holder goes on
    Halted,    // the campaign was paused or cancelled; the shard is free again
  };
  /// Throws StoreFailure when the store was away for so long that the lease ran out.
  End run();

 private:
  struct Sending {  // one that was handed out
    Shard::HandedOut one;
    Subscription subscription;
  };

  void step();
  void hand_out_more();
  void look_at_campaign(Time now);
  std::vector<Subscription> mark_next(Time now, std::vector<Shard::HandedOut>& marked);
  void queue(const std::vector<Shard::HandedOut>&, std::vector<Subscription>);
  bool advance(Time now, Time until, Time next_at);
  std::optional<webpush::PushRequest> next();
  std::optional<webpush::PushRequest> compose(Sending, Time now);
  void report(const webpush::PushReply&);
  void note(const std::string& service, const webpush::PushReply&, webpush::Outcome, Time now);
  void settle(const Shard::HandedOut&, Fate, const std::string& service, const std::string& reason);
  void put_off(const Shard::HandedOut&, Time until);
  void try_again(const Sending&, bool unsure, const std::string& service, const std::string& reason,
                 Seconds wait);
  void mark_gone();
  void stop_handing_out();
  void end_round(Time now);
  End free_shard();
  Time next_at(Time now) const;
  bool is_held(Time now) const;
  bool is_tried_once() const;
  bool is_past_its_time(Time now) const;
  Seconds ttl_left(Time now) const;
  std::optional<Time> quiet_until(const Subscription&, Time now);

  const SendingPorts& ports_;
  const Campaign& campaign_;
  Breaker& breaker_;
  std::uint64_t& next_tag_;
  Shard shard_;
  const StopCheck& stop_;
  std::function<void()> tick_;

  std::deque<Sending> queue_;             // marked, to be composed
  std::map<std::uint64_t, Sending> out_;  // given to the push client, by tag
  std::size_t settled_ = 0;               // since the last advance
  std::uint64_t tried_ = 0;
  bool handing_out_ = true;
  bool lost_ = false;
  bool halted_ = false;
  Time advanced_at_{};
  Time well_at_{};                    // when the store last did all that was asked
  std::optional<Time> ask_store_at_;  // it was away: not before
  std::optional<Time> rest_until_;    // the first of the times that somebody was put off until
  std::optional<Time> retry_from_;    // the earliest time at which one may be tried again
  Gone gone_;
  TimeZones zones_;
};

}  // namespace lamppost::core
