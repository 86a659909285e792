#pragma once
// What a visitor's page asks the senders for: notifications to its own browser.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/push-subscriptions/test {"endpoint", "auth"}: 202, a notification comes to this
/// browser within seconds; 429 with Retry-After for a second one within the minute.
Response ask_for_test(const Request&, const PublicPorts&);

}  // namespace lamppost::web
