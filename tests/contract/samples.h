#pragma once
// Subscriptions to store. The keys are any bytes: a store does not look at them.

#include <algorithm>
#include <random>
#include <string>

#include "lib/core/subscription.h"

namespace lamppost::contract {

inline std::string endpoint_url(std::string_view name) {
  return "https://push.example.com/" + std::string(name);
}

inline core::NewSubscription subscription(std::string_view name, unsigned seed = 0) {
  std::mt19937 source{seed};
  std::uniform_int_distribution<int> any{0, 255};
  const auto byte = [&] { return static_cast<std::uint8_t>(any(source)); };
  crypto::Point point{};
  std::array<std::uint8_t, 16> auth{};
  std::ranges::generate(point, byte);
  std::ranges::generate(auth, byte);
  point.back() = seed % 2 == 0 ? 0 : ' ';  // what a text column would trim
  auth.back() = point.back();
  return {.recipient = {.endpoint = webpush::Endpoint::trusted(endpoint_url(name)),
                        .key = webpush::PublicKey::trusted(point),
                        .auth = webpush::AuthSecret::trusted(auth)},
          .key_id = UINT32_MAX - seed,
          .language = "de-AT",
          .timezone = "Europe/Vienna"};
}

inline bool same_content(const core::Subscription& stored, const core::NewSubscription& given) {
  return stored.recipient.endpoint.url() == given.recipient.endpoint.url() &&
         stored.recipient.key.point() == given.recipient.key.point() &&
         std::ranges::equal(stored.recipient.auth.bytes(), given.recipient.auth.bytes()) &&
         stored.key_id == given.key_id;
}

}  // namespace lamppost::contract
