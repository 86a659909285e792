#pragma once
// Numbers over time.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/admin/stats?days=30: at most 400, with today. Days are those of UTC.
Response show_statistics(const Request&, const AdminPorts&);

}  // namespace lamppost::web
