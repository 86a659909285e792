#pragma once
// What the page snippet needs to know, whether all is well, and who is logged in.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/config: what the page needs to know; 503 without a VAPID key.
Response show_config(const Request&, const PublicPorts&);

/// GET /api/health: 200, or 503 with the reason.
Response show_health(const Request&, const PublicPorts&);

/// GET /api/admin/me: {"name", "version"}.
Response show_login(const Request&, const AdminPorts&);

}  // namespace lamppost::web
