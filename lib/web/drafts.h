#pragma once
// Messages that are being written: kept for the desk, by whoever has the login.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/admin/drafts: {"drafts": [{"id", "owner", "version", "updated_at", "title"}]}, the one
/// that was changed last first.
Response list_drafts(const Request&, const AdminPorts&);

/// POST /api/admin/drafts {"content"}, an object of at most 32 KiB: 201 {"id", "version"}.
Response create_draft(const Request&, const AdminPorts&);

/// GET /api/admin/drafts/{}: the draft with its "content".
Response show_draft(const Request&, const Parts&, const AdminPorts&);

/// PUT /api/admin/drafts/{} {"version", "content"}: {"version"}, the next one; 409 `conflict` with
/// the draft as "current" when somebody else has saved it since that version.
Response change_draft(const Request&, const Parts&, const AdminPorts&);

/// DELETE /api/admin/drafts/{}.
Response remove_draft(const Request&, const Parts&, const AdminPorts&);

}  // namespace lamppost::web
