#include "lib/web/campaign_control.h"

#include "lib/core/members.h"
#include "lib/web/campaigns.h"
#include "lib/web/sending.h"

#include <algorithm>

namespace lamppost::web {
namespace {

using core::CampaignState;

Response bad_state(std::string_view message) { return refusal(409, "bad_state", "", message); }

// Sets the campaign's state and goes on with `then`, also where somebody else was quicker, whose
// word has brought it into one of `since`; 409 if it is in another state than these.
Response change_state(const Parts& parts, const AdminPorts& ports,
                      std::initializer_list<CampaignState> from, CampaignState to,
                      std::initializer_list<CampaignState> since,
                      const std::function<Response(CampaignId)>& then) {
  const auto id = read_campaign_id(parts[0]);
  if (!id) return no_such_campaign();
  auto& campaigns = ports.campaigns;
  if (campaigns.set_state(*id, from, to, "", ports.sending.clock.now())) return then(*id);
  const auto state = campaigns.state(*id);
  if (!state) return no_such_campaign();
  if (*state == to || std::ranges::find(since, *state) != since.end()) return then(*id);
  return bad_state("The campaign is " + std::string(core::to_text(*state)) + " and cannot become " +
                   std::string(core::to_text(to)));
}

}  // namespace

// Whoever asks for what is under way joins it; of a finished one it is told the end.
Response start_campaign(const Request& request, const Parts& parts, const AdminPorts& ports) {
  using enum CampaignState;
  return change_state(parts, ports, {Draft, Scheduled}, Preparing, {Sending, Finished},
                      [&](CampaignId id) { return send_campaign(request, id, ports); });
}

Response pause_campaign(const Request&, const Parts& parts, const AdminPorts& ports) {
  return change_state(parts, ports, {CampaignState::Sending}, CampaignState::Paused, {},
                      [&](CampaignId id) { return show_standing(id, 200, ports); });
}

Response resume_campaign(const Request& request, const Parts& parts, const AdminPorts& ports) {
  using enum CampaignState;
  return change_state(parts, ports, {Paused}, Sending, {Finished},
                      [&](CampaignId id) { return send_campaign(request, id, ports); });
}

Response cancel_campaign(const Request&, const Parts& parts, const AdminPorts& ports) {
  using enum CampaignState;
  return change_state(parts, ports, {Draft, Scheduled, Preparing, Sending, Paused}, Cancelled, {},
                      [&](CampaignId id) { return show_standing(id, 200, ports); });
}

Response retry_campaign(const Request& request, const Parts& parts, const AdminPorts& ports) {
  const auto given = request.body.empty() ? json::Object{} : json::parse_object(request.body);
  if (!given) return bad_input(given.error());
  core::Members members(*given, "");
  const bool unsure = members.boolean("unsure");
  if (members.error()) return bad_input(*members.error());

  const auto id = read_campaign_id(parts[0]);
  const auto campaign = id ? ports.campaigns.read(*id) : std::nullopt;
  if (!campaign) return no_such_campaign();
  if (campaign->state != CampaignState::Finished)
    return bad_state("The campaign is " + std::string(core::to_text(campaign->state)) +
                     "; only of a finished one is tried again what has failed");
  const auto now = ports.sending.clock.now();
  if (const auto end = campaign->expires_at(); end && now >= *end)
    return bad_state("The time of the campaign is over; nothing of it is sent any more");
  // First the shards: in the state of sending somebody could find nothing to do, and finish it.
  auto& shards = ports.sending.shards;
  shards.reopen(*id, core::Fate::Failed, core::Fate::Later, now);
  if (unsure) shards.reopen(*id, core::Fate::UnsureKept, core::Fate::UnsureAsked, now);
  ports.campaigns.set_state(*id, {CampaignState::Finished}, CampaignState::Sending, "", now);
  return send_campaign(request, *id, ports);
}

}  // namespace lamppost::web
