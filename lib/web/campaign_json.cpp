#include "lib/web/campaign_json.h"

#include <algorithm>

namespace lamppost::web {
namespace {

using core::CampaignState;
using core::Fate;

json::Value seconds(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return std::int64_t{time->time_since_epoch().count()};
}

json::Object service_json(const std::string& name, const core::ServiceProgress& progress,
                          const std::vector<core::PushServiceState>& states) {
  auto counts = to_json(progress.counts, CampaignState::Sending);
  json::Object reasons;
  for (const auto& [reason, n] : progress.reasons) reasons.append(reason, n);
  json::Object service{
      {"service", name}, {"counts", std::move(counts)}, {"reasons", std::move(reasons)}};
  const auto state = std::ranges::find(states, name, &core::PushServiceState::service);
  if (state != states.end() && !state->reason.empty()) {
    service.append("resting_until", seconds(state->rest_until));
    service.append("resting_because", state->reason);
  }
  return service;
}

// The words on a button of the message; none for the notification itself.
std::string label_of(const core::Campaign& campaign, const std::string& action) {
  const auto given = json::parse_object(campaign.given);
  const auto* buttons = given ? given->find("actions") : nullptr;
  const auto place = action == "0" ? 0u : 1u;
  if (action.empty() || !buttons || !buttons->array() || buttons->array()->size() <= place)
    return {};
  const auto* button = (*buttons->array())[place].object();
  const auto* title = button ? button->find("title") : nullptr;
  return title && title->text() ? *title->text() : std::string{};
}

}  // namespace

json::Object to_json(const core::Counts& counts, CampaignState state) {
  const bool dropped = state == CampaignState::Cancelled;
  return {{"audience", counts.audience()},
          {"waiting", dropped ? 0 : counts.waiting()},
          {"accepted", counts[Fate::Accepted]},
          {"gone", counts[Fate::Gone]},
          {"failed", counts[Fate::Failed]},
          {"expired", counts[Fate::Expired]},
          {"unsure", counts.unsure()},
          {"skipped", counts[Fate::Skipped] + (dropped ? counts.waiting() : 0)}};
}

json::Object to_json(const core::Campaign& campaign, const core::Progress& progress,
                     const std::vector<core::PushServiceState>& states, std::uint64_t clicks) {
  json::Array services;
  for (const auto& [name, service] : progress.services)
    services.push_back(service_json(name, service, states));
  const auto given = json::parse(campaign.given);
  // As it was given, with the segments by their names.
  const auto* object = given ? given->object() : nullptr;
  const auto* audience = object ? object->find("audience") : nullptr;
  return {{"id", campaign.id.value},
          {"state", core::to_text(campaign.state)},
          {"reason", campaign.reason},
          {"owner", campaign.owner},
          {"message", given ? *given : json::Value{}},
          {"audience", audience && audience->text() ? *audience->text() : ""},
          {"send_at", seconds(campaign.send_at)},
          {"created_at", seconds(campaign.created_at)},
          {"started_at", seconds(campaign.started_at)},
          {"finished_at", seconds(campaign.finished_at)},
          {"counts", to_json(progress.counts, campaign.state)},
          {"services", std::move(services)},
          {"clicks", clicks}};
}

void append_clicks(json::Object& json, const core::Campaign& campaign, const core::Clicks& clicks) {
  json::Array actions;
  for (const auto& [action, target] : clicks.targets) {
    const auto found = clicks.actions.find(action);
    actions.push_back(
        json::Object{{"action", action},
                     {"label", label_of(campaign, action)},
                     {"target", target},
                     {"clicks", found == clicks.actions.end() ? std::uint64_t{0} : found->second}});
  }
  json::Array hours;
  for (const auto& [hour, n] : clicks.hours)
    hours.push_back(json::Object{{"at", seconds(hour)}, {"clicks", n}});
  json.append("click_actions", std::move(actions));
  json.append("click_hours", std::move(hours));
}

json::Object progress_line(const core::Progress& progress, std::string_view state,
                           std::uint64_t rate) {
  auto line = to_json(progress.counts, progress.state);
  line.set("id", progress.id.value);
  line.set("state", state);
  line.set("rate", rate);
  return line;
}

}  // namespace lamppost::web
