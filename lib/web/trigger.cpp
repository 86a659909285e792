#include "lib/web/trigger.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/campaign_run.h"

namespace lamppost::web {
namespace {

void stream_results(Sink& sink, CampaignId id, const webpush::Message& message,
                    const AdminPorts& ports) {
  sink.write(R"({"status":"success","result":[)");
  bool first = true;
  const auto settled = [&](std::span<const core::Fate> fates) {
    std::string text;
    for (const auto fate : fates) {
      if (!first) text += ',';
      first = false;
      text += fate == core::Fate::Accepted ? "true" : "false";
    }
    sink.write(text);
  };
  try {
    core::CampaignRun run(ports.subscriptions, ports.push, ports.vapid, ports.policy, ports.clock);
    const auto done = run.run(id, message, ports.stop, settled, [](const core::Progress&) {});
    ports.campaigns.set_state(id, done.state, ports.clock.now());
    if (done.state == core::CampaignState::Finished) sink.write("]}");
  } catch (const Failure& failure) {
    log::error("send_interrupted", {{"campaign", id.value}, {"reason", failure.what()}});
  }
}

}  // namespace

Response trigger(const Request& request, const AdminPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  const auto notification = core::parse_notification(*body, ports.site, ports.defaults);
  if (!notification) return bad_input(notification.error());
  const auto message_id = core::make_message_id();
  const auto message = core::make_message(*notification, message_id);
  if (!message) return bad_input(message.error());

  const auto id = ports.campaigns.create(
      {.message_id = message_id, .message = json::write(*body), .owner = request.owner},
      ports.clock.now());
  Response response{.headers = {}, .body = {}, .stream = {}};
  response.stream = [id, message = *message, ports](Sink& sink) {
    stream_results(sink, id, message, ports);
  };
  return response;
}

}  // namespace lamppost::web
