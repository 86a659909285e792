#pragma once
// Campaigns: asked for, sent, paused, looked at.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/campaigns: a message, and "send": true to send it now (see sending.h); 201 with
/// a draft without. Idempotency-Key: the same key and message find the same campaign, another
/// message is 422 `key_reused`. Without a key, the same message of the same login within a minute
/// is 409 `duplicate`, unless "force": true.
Response create_campaign(const Request&, const Parts&, const AdminPorts&);

/// GET /api/admin/campaigns[?before=ID]: {"campaigns":[...]}, the newest 50.
Response list_campaigns(const Request&, const Parts&, const AdminPorts&);
/// GET /api/admin/campaigns/{id}.
Response show_campaign(const Request&, const Parts&, const AdminPorts&);

/// POST /api/admin/campaigns/{id}/...: 409 `bad_state` where it does not fit the state.
Response start_campaign(const Request&, const Parts&, const AdminPorts&);  // send: also joins
Response pause_campaign(const Request&, const Parts&, const AdminPorts&);
Response resume_campaign(const Request&, const Parts&, const AdminPorts&);  // and works on it
Response cancel_campaign(const Request&, const Parts&, const AdminPorts&);
/// What has failed is tried again, and with "unsure": true what is unsure too, at the risk of a
/// twin.
Response retry_campaign(const Request&, const Parts&, const AdminPorts&);

}  // namespace lamppost::web
