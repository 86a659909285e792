#pragma once
// The owner's list of topics.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/admin/topics: {"topics": [{"name", "label", "default"}]}.
Response list_topics(const Request&, const AdminPorts&);

/// PUT /api/admin/topics: the same as the body takes the place of the list; answers as list_topics.
Response replace_topics(const Request&, const AdminPorts&);

}  // namespace lamppost::web
