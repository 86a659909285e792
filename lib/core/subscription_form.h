#pragma once
// What a browser hands over when its owner agrees: PushSubscription.toJSON() (Push API, 8), read
// strictly.

#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/core/members.h"
#include "lib/webpush/recipient.h"

namespace lamppost::core {

/// Reads {"endpoint", "expirationTime", "keys": {"p256dh", "auth"}}; other members are ignored.
/// Error: the member, with `prefix` before its name ("subscription.").
Result<webpush::Recipient> parse_recipient(const json::Object&, const webpush::EndpointPolicy&,
                                           const std::string& prefix);

/// The same in the form in which browsers write it.
json::Object to_json(const webpush::Recipient&);

/// An endpoint that may be of a push service that is no longer allowed: only its characters matter.
/// Empty when the member is missing.
std::string parse_known_endpoint(Members&, const std::string& name);

/// A language tag (BCP 47, at most 35 bytes) or nothing. Error (no field).
Result<std::string> parse_language(std::string_view text);
/// An IANA time zone name (at most 64 bytes) or nothing; whether it exists is not checked. Error
/// (no field).
Result<std::string> parse_timezone(std::string_view text);

}  // namespace lamppost::core
