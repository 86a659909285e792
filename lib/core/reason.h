#pragma once
// The words in which reports tell of a push service and its answers.

#include <string>

#include "lib/core/subscription.h"
#include "lib/webpush/push_service.h"

namespace lamppost::core {

/// The host and port of a subscription's endpoint; "unknown" of a bad row that has none, where part
/// of the endpoint would stand in the report instead.
std::string service_of(const Subscription&);

/// The reason of a reply as reports show it: "403 BadJwtToken", "could not connect"; empty for 2xx.
std::string to_reason(const webpush::PushReply&);

}  // namespace lamppost::core
