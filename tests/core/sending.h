#pragma once
// Everything that a campaign run uses, in memory, and what it said.

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "lib/core/campaign_run.h"
#include "tests/core/subscribers.h"
#include "tests/fakes/fixed_clock.h"
#include "tests/fakes/memory_subscription_store.h"
#include "tests/fakes/scripted_push_service.h"

namespace lamppost::testing {

// The store, with a list of what was asked of it, and something to do at each page.
class WatchedSubscriptions final : public core::SubscriptionStore {
 public:
  fakes::MemorySubscriptionStore rows;
  std::vector<std::vector<SubscriptionId>> marked_gone;  // a call each
  std::size_t largest_page = 0;
  std::function<void()> before_read = [] {};

  Put put(const core::NewSubscription& one, Time now) override { return rows.put(one, now); }
  bool remove(std::string_view endpoint) override { return rows.remove(endpoint); }
  std::vector<core::Subscription> read(std::span<const SubscriptionId> ids) override {
    before_read();
    return rows.read(ids);
  }
  void mark_gone(std::span<const SubscriptionId> ids, Time now) override {
    marked_gone.emplace_back(ids.begin(), ids.end());
    rows.mark_gone(ids, now);
  }
  std::vector<SubscriptionId> select(SubscriptionId after, std::size_t limit) override {
    auto ids = rows.select(after, limit);
    largest_page = std::max(largest_page, ids.size());
    return ids;
  }
};

struct Sending {
  Sending() { vapid.add(kKeyId, {crypto::KeyPair::generate(), "mailto:push@example.com"}); }

  fakes::FixedClock clock;
  WatchedSubscriptions subscriptions;
  fakes::ScriptedPushService push{clock};
  webpush::VapidKeys vapid;
  const webpush::EndpointPolicy policy = testing::policy();
  const webpush::Message message{.payload = "{}"};

  std::vector<core::Fate> fates;   // as settled, page by page
  std::vector<std::size_t> pages;  // their sizes
  std::vector<core::Progress> told;
  std::function<void()> after_page = [] {};
  StopCheck stop = [] { return false; };

  SubscriptionId subscribe(const std::string& url, std::uint32_t key_id = kKeyId) {
    return subscriptions.put(subscription(url, key_id), clock.now()).id;
  }
  /// `count` subscriptions named "0", "1" and so on.
  void subscribe_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) subscribe(endpoint_url(std::to_string(i)));
  }

  core::Progress run() {
    core::CampaignRun run(subscriptions, push, vapid, policy, clock);
    return run.run(
        CampaignId{7}, message, stop,
        [&](std::span<const core::Fate> page) {
          fates.insert(fates.end(), page.begin(), page.end());
          pages.push_back(page.size());
          after_page();
        },
        [&](const core::Progress& progress) { told.push_back(progress); });
  }
};

}  // namespace lamppost::testing
