#pragma once
// The public API over stores in memory.

#include "lib/web/api.h"
#include "tests/core/subscribers.h"
#include "tests/fakes/fixed_clock.h"
#include "tests/fakes/memory_subscription_store.h"
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
  fakes::MemoryVapidKeyStore vapid_keys;
  const core::VapidPublicKey key = new_vapid_key();
  const webpush::EndpointPolicy policy = testing::policy();
  const core::Site site{.origin = "https://site.example",
                        .click_origins = {"https://shop.example"}};
  const web::Router api = web::make_public_api({.subscriptions = subscriptions,
                                                .vapid_keys = vapid_keys,
                                                .clock = clock,
                                                .policy = policy,
                                                .site = site,
                                                .site_name = "The \"Lamp\""});

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

/// {"subscription": <form of "a">, <more>}.
inline std::string wrapped(const std::string& more = "") {
  return R"({"subscription":)" + form(endpoint_url("a")) + (more.empty() ? "" : ',' + more) + '}';
}

}  // namespace lamppost::testing
