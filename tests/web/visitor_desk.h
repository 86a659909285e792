#pragma once
// The public API over stores in memory.

#include "lib/web/api.h"
#include "tests/base/hex.h"
#include "tests/core/subscribers.h"
#include "tests/fakes/fixed_clock.h"
#include "tests/fakes/memory_click_store.h"
#include "tests/fakes/memory_errand_store.h"
#include "tests/fakes/memory_event_store.h"
#include "tests/fakes/memory_preference_store.h"
#include "tests/fakes/memory_recent_store.h"
#include "tests/fakes/memory_subscription_store.h"
#include "tests/fakes/memory_topic_store.h"
#include "tests/fakes/memory_vapid_key_store.h"
#include "tests/web/answers.h"

namespace lamppost::testing {

inline core::VapidPublicKey new_vapid_key() {
  const auto point = crypto::KeyPair::generate().public_point();
  return {webpush::vapid_key_id(point), point};
}

struct VisitorDesk {
  VisitorDesk() { vapid_keys.add(key, clock.now()); }

  fakes::FixedClock clock;
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryTopicStore topics{subscriptions};
  fakes::MemoryPreferenceStore preferences{subscriptions, topics};
  fakes::MemoryCampaignStore campaigns;
  fakes::MemoryShardStore shards;
  fakes::MemoryRecentStore recent{campaigns, shards};
  fakes::MemoryErrandStore errands;
  fakes::MemoryEventStore events;
  fakes::MemoryClickStore clicks{campaigns};
  const core::ClickLinks click_links{"oyster oyster oyster"};
  const core::Identity identity{"walrus walrus walrus"};
  fakes::MemoryVapidKeyStore vapid_keys;
  const core::VapidPublicKey key = new_vapid_key();
  const webpush::EndpointPolicy policy = testing::policy();
  const core::Site site{.origin = "https://site.example",
                        .click_origins = {"https://shop.example"}};
  const web::Router api = web::make_public_api(ports(vapid_keys, identity));

  web::PublicPorts ports(core::VapidKeyStore& keys, const core::Identity& who) {
    return {.subscriptions = subscriptions,
            .preferences = preferences,
            .topics = topics,
            .recent = recent,
            .identity = who,
            .vapid_keys = keys,
            .clock = clock,
            .policy = policy,
            .site = site,
            .site_name = "The \"Lamp\"",
            .errands = errands,
            .events = events,
            .welcome = true,
            .report_events = true,
            .clicks = clicks,
            .click_links = click_links,
            .click_counting = true};
  }
  web::Response change(std::string body) const {
    return api.answer(request(web::Method::Patch, "/api/push-subscriptions", std::move(body)));
  }
  web::Response mine(std::string body) const {
    return api.answer(request(web::Method::Post, "/api/push-subscriptions/mine", std::move(body)));
  }
  web::Response subscribe(std::string body) const {
    return api.answer(request(web::Method::Post, "/api/push-subscriptions", std::move(body)));
  }
  web::Response unsubscribe(std::string body) const {
    return api.answer(request(web::Method::Delete, "/api/push-subscriptions", std::move(body)));
  }
  void put(const std::string& url) { subscriptions.put(subscription(url), clock.now()); }
};

/// toJSON() as we write it.
inline std::string form(std::string_view url, std::string_view p256dh = kP256dh,
                        std::string_view auth = kAuth) {
  return R"({"endpoint":")" + std::string(url) + R"(","expirationTime":null,"keys":{"p256dh":")" +
         std::string(p256dh) + R"(","auth":")" + std::string(auth) + R"("}})";
}

/// {"subscription_json": "<text>"}.
inline std::string posted(std::string_view text) {
  return json::write(json::Object{{"subscription_json", text}});
}

/// {"endpoint": <of that name>, "auth": <the right one>, <more>}.
inline std::string held(std::string_view name, const std::string& more = "",
                        std::string_view auth = kAuth) {
  return R"({"endpoint":")" + endpoint_url(name) + R"(","auth":")" + std::string(auth) + '"' +
         (more.empty() ? "" : ',' + more) + '}';
}

/// {"id", "signature"} as the site signs it.
inline std::string user(std::string_view id) {
  const auto digest = crypto::hmac_sha256(as_bytes("walrus walrus walrus"), as_bytes(id));
  return json::write(json::Object{{"id", id}, {"signature", to_hex(digest)}});
}

/// {"subscription": <form of "a">, <more>}.
inline std::string wrapped(const std::string& more = "") {
  return R"({"subscription":)" + form(endpoint_url("a")) + (more.empty() ? "" : ',' + more) + '}';
}

}  // namespace lamppost::testing
