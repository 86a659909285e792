#pragma once
// A message looked at before it is sent.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/preview: a message, whose title may be missing, gets {"bytes", "limit",
/// "payload", "audience": {"expression", "count", "services", "sample", "paused"}, "warnings":
/// [{"code", "field", "message"}]}. Keeps and sends nothing. Too long is a warning here.
Response preview(const Request&, const AdminPorts&);

}  // namespace lamppost::web
