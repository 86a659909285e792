#pragma once
// Campaigns: asked for and looked at. What is done with one that is there: campaign_control.h.

#include <optional>

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/campaigns: a message, and "send": true to send it now (see sending.h); 201 with
/// a draft without, and with a scheduled one where the message has a "send_at". Idempotency-Key:
/// the same key and message find the same campaign (a draft is sent if that is asked for now),
/// another message is 422 `key_reused`. Without a key, the same message of the same login within a
/// minute is 409 `duplicate`, unless "force": true.
Response create_campaign(const Request&, const Parts&, const AdminPorts&);

/// GET /api/admin/campaigns[?before=ID&limit=1..100&q=TEXT&from=T&to=T]: {"campaigns":[...],
/// "next": what to ask for `before`, or null}, the newest first, 50 unless told.
Response list_campaigns(const Request&, const Parts&, const AdminPorts&);
/// GET /api/admin/campaigns/{id}.
Response show_campaign(const Request&, const Parts&, const AdminPorts&);

/// The id in a path or a query; none: it cannot be one.
std::optional<CampaignId> read_campaign_id(std::string_view text);

}  // namespace lamppost::web
