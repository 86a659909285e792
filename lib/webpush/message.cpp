#include "lib/webpush/message.h"

#include "lib/base/base64url.h"
#include "lib/base/crypto.h"
#include "lib/base/json.h"
#include "lib/webpush/encrypt.h"

#include <algorithm>
#include <array>

namespace lamppost::webpush {
namespace {

constexpr std::array<std::string_view, 4> kUrgencies{"very-low", "low", "normal", "high"};
constexpr std::size_t kTopicSize = 32;

bool is_base64url_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

std::string_view to_text(Urgency urgency) { return kUrgencies[static_cast<std::size_t>(urgency)]; }

Result<Urgency> parse_urgency(std::string_view text) {
  const auto found = std::ranges::find(kUrgencies, text);
  if (found == kUrgencies.end()) return Error{"urgency", "must be very-low, low, normal or high"};
  return static_cast<Urgency>(found - kUrgencies.begin());
}

Result<Message> checked(Message message) {
  if (message.payload.size() > kMaxPlaintext)
    return Error{"payload", "is " + std::to_string(message.payload.size()) +
                                " bytes long, at most " + std::to_string(kMaxPlaintext) +
                                " fit into a push message"};
  if (!message.payload.empty())
    if (const auto json = json::parse(message.payload); !json)
      return Error{"payload", "must be JSON: " + json.error().message};
  if (message.ttl < Seconds{0} || message.ttl > kMaxTtl)
    return Error{"ttl", "must be between 0 and " + std::to_string(kMaxTtl.count()) + " seconds"};
  if (message.topic.size() > kTopicSize || !std::ranges::all_of(message.topic, is_base64url_digit))
    return Error{"topic", "must be at most 32 characters of A-Z a-z 0-9 - _"};
  if (message.topic.size() % 4 == 1)
    return Error{"topic", "must not be of a length that base64 cannot have, Apple refuses it"};
  return message;
}

std::string make_topic(std::string_view name) {
  const auto digest = crypto::sha256(as_bytes(name));
  return encode_base64url(ByteView{digest}.first(kTopicSize * 3 / 4));
}

}  // namespace lamppost::webpush
