#include "lib/core/reason.h"

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/webpush/host_name.h"

namespace lamppost::core {

std::string service_of(const Subscription& subscription) {
  constexpr std::string_view kScheme = "https://";
  const auto& endpoint = subscription.recipient.endpoint;
  if (!endpoint.url().starts_with(kScheme) || !webpush::is_host_name(endpoint.host()))
    return "unknown";
  return std::string(endpoint.origin().substr(kScheme.size()));
}

std::string to_reason(const webpush::PushReply& reply) {
  if (!reply.status) return printable(reply.detail, 100);
  if (*reply.status >= 200 && *reply.status < 300) return {};
  auto reason = std::to_string(*reply.status);
  // The services answer with JSON, whose one telling member is called differently by each.
  if (const auto body = json::parse_object(reply.detail)) {
    for (const auto* name : {"reason", "message", "error"})
      if (const auto* value = body->find(name); value && value->text())
        return reason + ' ' + printable(*value->text(), 100);
  }
  if (!reply.detail.empty()) reason += ' ' + printable(reply.detail, 100);
  return reason;
}

}  // namespace lamppost::core
