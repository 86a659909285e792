#pragma once
// What is wrong with the installation, and how it is set up.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/admin/doctor: {"checks": [{"name", "state", "detail", "remedy"}]}; 200 whatever it
/// finds, a database that is away among it.
Response show_doctor(const Request&, const AdminPorts&);

/// GET /api/admin/settings: {"settings": [{"key", "value", "default", "meaning"}],
/// "vapid_public_key", "version"}.
Response show_settings(const Request&, const AdminPorts&);

}  // namespace lamppost::web
