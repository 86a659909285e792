#pragma once
// Subscriptions whose keys a real browser could have: RFC 8291, appendix A.

#include <string>

#include "lib/core/subscription.h"

namespace lamppost::testing {

constexpr std::string_view kP256dh =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr std::string_view kAuth = "BTBZMqHH6r4Tts7J_aSIgg";
constexpr std::uint32_t kKeyId = 1;

/// A push service at push.example.net, and any below .push.example.org.
inline webpush::EndpointPolicy policy() { return {{"push.example.net", ".push.example.org"}}; }

inline std::string endpoint_url(std::string_view name) {
  return "https://push.example.net/" + std::string(name);
}

inline core::NewSubscription subscription(const std::string& url, std::uint32_t key_id = kKeyId) {
  return {.recipient = {webpush::Endpoint::trusted(url), *webpush::PublicKey::parse(kP256dh),
                        *webpush::AuthSecret::parse(kAuth)},
          .key_id = key_id,
          .language = "",
          .timezone = ""};
}

}  // namespace lamppost::testing
