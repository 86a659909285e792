#pragma once
// A campaign and its standing in the words of the API.

#include "lib/base/json.h"
#include "lib/core/breaker.h"
#include "lib/core/campaign_store.h"

namespace lamppost::web {

/// {"audience","waiting","accepted","gone","failed","expired","unsure","skipped"}. What waits in a
/// cancelled campaign is never sent, and so skipped.
json::Object to_json(const core::Counts&, core::CampaignState);

/// The whole campaign as lists show it.
json::Object to_json(const core::Campaign&, const core::Progress&,
                     const std::vector<core::PushServiceState>&, std::uint64_t clicks);

/// "click_actions": [{"action", "label", "target", "clicks"}], the notification itself and its
/// buttons; "click_hours": [{"at", "clicks"}], those with a click.
void append_clicks(json::Object& campaign, const core::Campaign&, const core::Clicks&);

/// A line of progress: the counts, the id, the state and how many are settled a second.
json::Object progress_line(const core::Progress&, std::string_view state, std::uint64_t rate);

}  // namespace lamppost::web
