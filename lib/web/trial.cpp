#include "lib/web/trial.h"

#include "lib/core/delivery.h"
#include "lib/core/members.h"
#include "lib/core/order.h"
#include "lib/core/trial.h"
#include "lib/webpush/endpoint.h"

#include <array>

namespace lamppost::web {
namespace {

Response no_such_subscription(std::string_view field) {
  return refusal(404, "not_found", field, "There is no such subscription, or it has ended");
}

}  // namespace

Response try_on(SubscriptionId id, std::string_view field, const json::Object& message,
                const AdminPorts& ports) {
  const auto now = ports.sending.clock.now();
  const auto delivery = core::parse_delivery(message, ports.segments, ports.topics, now);
  if (!delivery) return bad_input(delivery.error());
  // It has to fit as it would in a campaign, with counted links in it.
  if (const auto order = core::order_campaign(message, ports.site, ports.defaults, "", *delivery);
      !order)
    return bad_input(order.error());
  auto defaults = ports.defaults;
  defaults.clicks = {};
  const auto order = core::order_campaign(message, ports.site, defaults, "", *delivery);
  if (!order) return bad_input(order.error());
  const std::array ids{id};
  const auto found = ports.sending.subscriptions.read(ids);
  if (found.empty()) return no_such_subscription(field);
  const auto trial = core::try_message(order->message, found.front(), ports.sending);
  return answer(200, json::Object{{"status", "success"},
                                  {"result", json::Object{{"outcome", core::to_text(trial.outcome)},
                                                          {"reason", trial.reason},
                                                          {"service", trial.service}}}});
}

Response test_message(const Request& request, const AdminPorts& ports) {
  const auto message = json::parse_object(request.body);
  if (!message) return bad_input(message.error());
  core::Members members(*message, "");
  const auto endpoint = members.required_text("endpoint", webpush::Endpoint::kMaxSize);
  if (members.error()) return bad_input(*members.error());
  const auto holder = ports.preferences.find(endpoint);
  // A message that is wrong is told before a browser that is not there.
  return try_on(holder ? holder->id : SubscriptionId{}, "endpoint", *message, ports);
}

}  // namespace lamppost::web
