#pragma once
// A message to one browser, such as the editor's own, before it goes to all.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/test {"endpoint", ...message}: {"result": {"outcome", "reason", "service"}}; 404
/// if no subscription has that endpoint, or it is gone.
Response test_message(const Request&, const AdminPorts&);

/// The same to a subscription that is known; `message` as for a campaign. 404 naming `field` if it
/// is gone or was never there. Its links are not counted, and nothing is recorded.
Response try_on(SubscriptionId, std::string_view field, const json::Object& message,
                const AdminPorts&);

}  // namespace lamppost::web
