#pragma once
// One message to one subscription, to see what comes of it: nothing of it is recorded.

#include "lib/core/shard_run.h"
#include "lib/webpush/outcome.h"

namespace lamppost::core {

struct Trial {
  webpush::Outcome outcome;
  std::string reason;   // "201 Created", or the push service's own words as in reports
  std::string service;  // its host
};
std::string_view to_text(webpush::Outcome);  // "accepted"

/// Sends it now, whatever rests: somebody is waiting to see whether it works again. What cannot be
/// sent at all is refused (a bad endpoint) or denied (a VAPID key that is not held here).
Trial try_message(const webpush::Message&, const Subscription&, const SendingPorts&);

}  // namespace lamppost::core
