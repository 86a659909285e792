#pragma once
// What a service worker reports of a notification, where the site's owner wants to know.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/events {"id": the message's, "event": "shown"|"clicked"|"closed", "action": "0"|"1" of
/// a click on a button}: 204, counted. 404 where reports are not wanted, or the message is not
/// known.
Response report_event(const Request&, const PublicPorts&);

}  // namespace lamppost::web
