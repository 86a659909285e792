#pragma once
// The admin API over stores in memory and scripted push services.

#include "lib/core/campaign_run.h"
#include "lib/web/api.h"
#include "tests/core/subscribers.h"
#include "tests/fakes/fixed_clock.h"
#include "tests/fakes/memory_campaign_store.h"
#include "tests/fakes/memory_click_store.h"
#include "tests/fakes/memory_push_service_store.h"
#include "tests/fakes/memory_segment_store.h"
#include "tests/fakes/memory_shard_store.h"
#include "tests/fakes/memory_subscription_store.h"
#include "tests/fakes/memory_topic_store.h"
#include "tests/fakes/scripted_push_service.h"
#include "tests/web/answers.h"

namespace lamppost::testing {

constexpr auto kLines = "application/x-ndjson";

struct AdminDesk {
  AdminDesk() { vapid.add(kKeyId, {crypto::KeyPair::generate(), "mailto:push@example.com"}); }
  AdminDesk(const AdminDesk&) = delete;  // the API knows where the parts are
  AdminDesk& operator=(const AdminDesk&) = delete;

  fakes::FixedClock clock;
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryTopicStore topics{subscriptions};
  fakes::MemorySegmentStore segments;
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryClickStore clicks{campaigns};
  fakes::MemoryShardStore shards;
  fakes::MemoryPushServiceStore services;
  fakes::ScriptedPushService push{clock};
  webpush::VapidKeys vapid;
  const webpush::EndpointPolicy policy = testing::policy();
  const core::Site site{.origin = "https://site.example", .click_origins = {}};
  bool stopped = false;
  const core::SendingPorts sending{.subscriptions = subscriptions,
                                   .campaigns = campaigns,
                                   .shards = shards,
                                   .services = services,
                                   .push = push,
                                   .vapid = vapid,
                                   .policy = policy,
                                   .clock = clock};
  const web::Router api = web::make_admin_api({.sending = sending,
                                               .campaigns = campaigns,
                                               .topics = topics,
                                               .segments = segments,
                                               .clicks = clicks,
                                               .site = site,
                                               .defaults = {.ttl = Seconds{600}, .icon = ""},
                                               .version = "1.2.3",
                                               .stop = [this] { return stopped; }});

  SubscriptionId subscribe(const std::string& url, std::uint32_t key_id = kKeyId) {
    return subscriptions.put(subscription(url, key_id), clock.now()).id;
  }
  /// `count` subscriptions named "0", "1" and so on.
  void subscribe_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) subscribe(endpoint_url(std::to_string(i)));
  }

  web::Response ask(web::Method method, std::string path, std::string body = "",
                    std::string accept = "") const {
    auto asked = request(method, std::move(path), std::move(body));
    asked.owner = "anna";
    if (!accept.empty()) asked.headers["accept"] = std::move(accept);
    return api.answer(asked);
  }
  web::Response create(std::string body, std::string accept = "") const {
    return ask(web::Method::Post, "/api/admin/campaigns", std::move(body), std::move(accept));
  }
  web::Response create_with_key(std::string body, std::string key) const {
    auto asked = request(web::Method::Post, "/api/admin/campaigns", std::move(body));
    asked.owner = "anna";
    asked.headers["idempotency-key"] = std::move(key);
    return api.answer(asked);
  }
  /// POST /api/admin/campaigns/{id}/{word}.
  web::Response say(const std::string& word, CampaignId id, std::string body = "",
                    std::string accept = "") const {
    return ask(web::Method::Post, "/api/admin/campaigns/" + std::to_string(id.value) + '/' + word,
               std::move(body), std::move(accept));
  }
  web::Response trigger(std::string body) const {
    return ask(web::Method::Post, "/admin-api/trigger-push-notifications", std::move(body));
  }

  /// As another worker, or the next tick: until it is finished, however long it takes.
  core::Progress go_on(CampaignId id) {
    core::CampaignRun run(sending);
    return run.run(
        id, Seconds{1'000'000}, [] { return false; }, [](const core::Progress&) {});
  }

  /// The database is away with all that is in it, or back.
  void set_away(bool away) {
    subscriptions.away = topics.away = segments.away = campaigns.away = clicks.away = shards.away =
        services.away = away;
  }

  std::vector<core::Campaign> kept() { return campaigns.list({}, {}, 100); }  // newest first

  /// Nothing was kept and nothing sent.
  bool is_untouched() { return kept().empty() && push.requests().empty(); }
};

}  // namespace lamppost::testing
