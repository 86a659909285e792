#include "lib/web/campaigns.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/campaign_run.h"
#include "lib/core/members.h"

#include <algorithm>

namespace lamppost::web {
namespace {

using core::CampaignState;
using core::Fate;

struct Campaign {
  CampaignId id;
  json::Object given;
  Time created_at;
};

json::Array services_json(const core::Progress& progress) {
  json::Array services;
  for (const auto& [host, service] : progress.services) {
    json::Object reasons;
    for (const auto& [reason, count] : service.reasons) reasons.append(reason, count);
    services.push_back(json::Object{
        {"service", host}, {"counts", to_json(service.counts)}, {"reasons", std::move(reasons)}});
  }
  return services;
}

json::Object campaign_json(const Campaign& campaign, const core::Progress& progress, Time now) {
  json::Object body{{"id", campaign.id.value},
                    {"state", core::to_text(progress.state)},
                    {"message", campaign.given},
                    {"created_at", campaign.created_at.time_since_epoch().count()}};
  if (progress.state != CampaignState::Draft)
    body.append("started_at", campaign.created_at.time_since_epoch().count());
  if (progress.state == CampaignState::Finished)
    body.append("finished_at", now.time_since_epoch().count());
  body.append("counts", to_json(progress.counts));
  body.append("services", services_json(progress));
  return body;
}

core::Progress send(const Campaign& campaign, const webpush::Message& message,
                    const AdminPorts& ports, const core::CampaignRun::Tell& tell) {
  core::CampaignRun run(ports.subscriptions, ports.push, ports.vapid, ports.policy, ports.clock);
  auto progress = run.run(
      campaign.id, message, ports.stop, [](auto) {}, tell);
  ports.campaigns.set_state(campaign.id, progress.state, ports.clock.now());
  return progress;
}

// A line at once, since nginx holds the headers back until the first byte; then at least every 5 s.
void stream_lines(Sink& sink, const Campaign& campaign, const webpush::Message& message,
                  const AdminPorts& ports) {
  const auto write_line = [&](json::Object line) {
    sink.write(json::write(std::move(line)) + '\n');
  };
  const auto progress_line = [&](const core::Progress& progress, std::string_view state) {
    auto line = to_json(progress.counts);
    line.set("id", campaign.id.value);
    line.set("state", state);
    const auto elapsed = std::max(ports.clock.now() - campaign.created_at, Seconds{1});
    const auto settled = progress.counts.audience() - progress.counts.waiting();
    line.set("rate", settled / static_cast<std::uint64_t>(elapsed.count()));  // a second
    return line;
  };
  core::Progress last;
  write_line(progress_line(last, "sending"));
  try {
    const auto tell = [&](const core::Progress& progress) {
      last = progress;
      write_line(progress_line(progress, "sending"));
    };
    const auto done = send(campaign, message, ports, tell);
    if (done.state == CampaignState::Finished)
      write_line(campaign_json(campaign, done, ports.clock.now()));
    else
      write_line(progress_line(done, "interrupted"));
  } catch (const Failure& failure) {
    log::error("send_interrupted", {{"campaign", campaign.id.value}, {"reason", failure.what()}});
    write_line(progress_line(last, "interrupted"));
  }
}

}  // namespace

json::Object to_json(const core::Counts& counts) {
  return {{"audience", counts.audience()},      {"waiting", counts.waiting()},
          {"accepted", counts[Fate::Accepted]}, {"gone", counts[Fate::Gone]},
          {"failed", counts[Fate::Failed]},     {"expired", counts[Fate::Expired]},
          {"unsure", counts[Fate::Unsure]},     {"skipped", counts[Fate::Skipped]}};
}

Response create_campaign(const Request& request, const AdminPorts& ports) {
  const auto given = json::parse_object(request.body);
  if (!given) return bad_input(given.error());
  core::Members members(*given, "");
  const bool send_now = members.boolean("send");
  if (members.error()) return bad_input(*members.error());
  const auto notification = core::parse_notification(*given, ports.site, ports.defaults);
  if (!notification) return bad_input(notification.error());
  const auto id = core::make_message_id();
  const auto message = core::make_message(*notification, id);
  if (!message) return bad_input(message.error());

  Campaign campaign{.id = {}, .given = *given, .created_at = ports.clock.now()};
  campaign.id =
      ports.campaigns.create({.message_id = id,
                              .message = json::write(*given),
                              .owner = request.owner,
                              .state = send_now ? CampaignState::Sending : CampaignState::Draft},
                             campaign.created_at);
  if (!send_now) {
    core::Progress draft;
    draft.state = CampaignState::Draft;
    return answer(201, campaign_json(campaign, draft, ports.clock.now()));
  }
  if (request.header("accept").find("application/x-ndjson") != std::string_view::npos) {
    Response response{.type = "application/x-ndjson", .headers = {}, .body = {}, .stream = {}};
    response.headers.emplace_back("X-Accel-Buffering", "no");
    response.stream = [campaign, message = *message, ports](Sink& sink) {
      stream_lines(sink, campaign, message, ports);
    };
    return response;
  }
  const auto progress = send(campaign, *message, ports, [](const core::Progress&) {});
  return answer(200, campaign_json(campaign, progress, ports.clock.now()));
}

}  // namespace lamppost::web
