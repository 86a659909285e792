#pragma once
// Named audiences, as the owner lists them.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/admin/segments: {"segments": [{"name", "label", "audience"}]}.
Response list_segments(const Request&, const AdminPorts&);
/// PUT /api/admin/segments: the same takes the place of what was there; answers as GET.
Response replace_segments(const Request&, const AdminPorts&);

}  // namespace lamppost::web
