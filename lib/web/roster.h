#pragma once
// The owner's list of subscribers. Neither a whole endpoint nor a key is ever told.

#include "lib/web/api.h"

namespace lamppost::web {

/// What a query asks for: "service", "lang", "topic", "state" (active), "q". Error: the parameter.
Result<core::RosterFilter> read_roster_filter(const Request&);

/// GET /api/admin/subscriptions?after=&limit=50&...: {"subscriptions": [...], "next": id|null}.
Response list_roster(const Request&, const AdminPorts&);

/// GET /api/admin/subscriptions/{id}: one, with "recent": [{"title", "at", "fate"}].
Response show_roster_entry(const Request&, const Parts&, const AdminPorts&);

/// DELETE /api/admin/subscriptions/{id}: gets nothing more; can be undone for RosterStore::kUndo.
Response put_away(const Request&, const Parts&, const AdminPorts&);

/// POST /api/admin/subscriptions/{id}/restore: undoes that.
Response bring_back(const Request&, const Parts&, const AdminPorts&);

/// POST /api/admin/subscriptions/{id}/test <message>: to this one browser, as POST /api/admin/test.
Response test_roster_entry(const Request&, const Parts&, const AdminPorts&);

/// GET /api/admin/subscriptions/export?...: all that pass the filter, as CSV, page by page.
Response export_roster(const Request&, const AdminPorts&);

}  // namespace lamppost::web
