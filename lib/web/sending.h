#pragma once
// Sending inside the request that asked for it. The request is a worker on the campaign, never its
// owner: others may work on it too, and go on when the request ends.

#include "lib/web/api.h"

namespace lamppost::web {

constexpr Seconds kBudget{
    50};  // for one that wants a single answer; nginx waits for 60 s by default

/// Works on the campaign. Accept: application/x-ndjson gets a line of progress at once and at least
/// every 5 s, the last one the whole campaign, or {"state":"interrupted"} when others must go on.
/// Anybody else gets the campaign: 200 when all is settled, 202 when the budget ran out.
Response send_campaign(const Request&, CampaignId, const AdminPorts&);

/// Works on it for the budget at most, with `keep_alive` called every few seconds.
core::Progress send_within_budget(CampaignId, const AdminPorts&,
                                  const std::function<void()>& keep_alive);

/// How often the links of that campaign were followed.
std::uint64_t count_clicks(CampaignId, const AdminPorts&);

/// The campaign as it stands; 404 if there is none.
Response show_standing(CampaignId, int status, const AdminPorts&);

/// 404.
Response no_such_campaign();

}  // namespace lamppost::web
