#include "lib/web/trigger.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/order.h"
#include "lib/web/sending.h"

namespace lamppost::web {
namespace {

void write_results(Sink& sink, CampaignId id, core::ShardStore& shards) {
  bool first = true;
  for (std::uint32_t number = 0;; ++number) {
    const auto fates = shards.fates(id, number);
    if (!fates) return;
    std::string text;
    for (const auto fate : *fates) {
      if (!first) text += ',';
      first = false;
      text += fate == core::Fate::Accepted ? "true" : "false";
    }
    sink.write(text);
  }
}

void stream_results(Sink& sink, CampaignId id, const AdminPorts& ports) {
  sink.write(R"({"status":"success","result":[)");
  try {
    // White space is nothing to a JSON reader, and tells nginx that we are alive.
    const auto progress = send_within_budget(id, ports, [&] { sink.write(" "); });
    if (progress.state == core::CampaignState::Preparing)
      throw Failure("stopped before it was known who is in the audience");
    write_results(sink, id, ports.sending.shards);
    sink.write("]}");
  } catch (const Failure& failure) {
    log::error("send_interrupted", {{"campaign", id.value}, {"reason", failure.what()}});
  }
}

}  // namespace

Response trigger(const Request& request, const Parts&, const AdminPorts& ports) {
  const auto given = json::parse_object(request.body);
  if (!given) return bad_input(given.error());
  const auto now = ports.sending.clock.now();
  const auto delivery = core::parse_delivery(*given, ports.segments, ports.topics, now);
  if (!delivery) return bad_input(delivery.error());
  if (delivery->send_at) return bad_input({"send_at", "is not for this call, which sends at once"});
  const auto order =
      core::order_campaign(*given, ports.site, ports.defaults, request.owner, *delivery);
  if (!order) return bad_input(order.error());
  const auto id = ports.campaigns.create(*order, now).id;
  Response response{.headers = {}, .body = {}, .stream = {}};
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream = [id, ports](Sink& sink) { stream_results(sink, id, ports); };
  return response;
}

}  // namespace lamppost::web
