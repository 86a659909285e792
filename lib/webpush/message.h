#pragma once
// What is pushed, and its limits (RFC 8030, 5.2 to 5.4; RFC 8291, 4).

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace lamppost::webpush {

enum class Urgency { VeryLow, Low, Normal, High };  // RFC 8030, 5.3

/// "very-low", "low", "normal", "high".
std::string_view to_text(Urgency);
/// Error: field "urgency".
Result<Urgency> parse_urgency(std::string_view text);

constexpr Seconds kMaxTtl{2'419'200};  // four weeks: the least that the services agree on

struct Message {
  std::string payload{};  // UTF-8 JSON, at most kMaxPlaintext bytes
  Seconds ttl{86'400};    // 0 to kMaxTtl; 0: only if the browser is connected now (RFC 8030, 5.2)
  Urgency urgency = Urgency::Normal;
  std::string topic{};  // a newer message replaces an undelivered one of its topic (RFC 8030, 5.4):
                        // at most 32 base64url characters; empty: none
  std::size_t padded_to = 0;  // payload and padding together are at least this long
};

/// The message, if its payload is JSON and fits, and ttl and topic are within their limits.
/// Errors: fields "payload", "ttl", "topic".
Result<Message> checked(Message);

/// The Topic of a name that the owner chose: 32 characters, the form that all services take
/// (Apple decodes a topic as base64, so its length matters).
std::string make_topic(std::string_view name);

}  // namespace lamppost::webpush
