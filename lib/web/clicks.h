#pragma once
// A click on a notification: to where its owner wanted it to go, and nowhere else.

#include "lib/web/api.h"

namespace lamppost::web {

/// GET /api/c/{}: 302 to the stored target of a link that we have signed, counted; 404 for any
/// other. A reader waits: with the database away it is 302 to the site's root.
Response follow_click(const Request&, const Parts&, const PublicPorts&);

/// Whether somebody is there: not for HEAD, what a browser fetches ahead, and programs that say
/// what they are.
bool is_click(const Request&);

}  // namespace lamppost::web
