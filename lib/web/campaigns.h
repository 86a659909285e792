#pragma once
// Campaigns: created here, sent inside the very request that asked for it.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/admin/campaigns: a message, and "send": true to send it now. 200 with the campaign
/// when all is settled, or a stream of progress lines for Accept: application/x-ndjson; 201 with
/// a draft without "send".
Response create_campaign(const Request&, const AdminPorts&);

/// The counts in the product's words: audience, waiting, accepted, gone, failed, expired, unsure,
/// skipped.
json::Object to_json(const core::Counts&);

}  // namespace lamppost::web
