#pragma once
// Pictures for messages: taken from the owner, shown to everybody.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/images, the file as the body: 201 {"url", "width", "height", "type", "bytes"}.
/// 400 `bad_image` for what is none or too large to show; 415 if it is not of its Content-Type.
Response keep_image(const Request&, const AdminPorts&);

/// GET /api/images/{}: the picture of that SHA-256 in hex, to be kept for ever; 404.
Response show_image(const Request&, const Parts&, const PublicPorts&);

}  // namespace lamppost::web
