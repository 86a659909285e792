#include "lib/core/order.h"

namespace lamppost::core {

Result<NewCampaign> order_campaign(const json::Object& given, const Site& site,
                                   const NotificationDefaults& defaults, std::string owner,
                                   const Delivery& delivery) {
  const auto notification = parse_notification(given, site, defaults);
  if (!notification) return notification.error();
  const auto id = make_message_id();
  auto message = make_message(*notification, id);
  if (!message) return message.error();

  json::Object content;
  for (const auto& [name, value] : given.members())
    if (name != "send" && name != "force") content.append(name, value);
  auto text = json::write(content);
  return NewCampaign{
      .message_id = id,
      .request_key = {},
      .body_sha = crypto::sha256(as_bytes(text)),
      .owner = std::move(owner),
      .given = std::move(text),
      .message = *std::move(message),
      .state = delivery.send_at ? CampaignState::Scheduled : CampaignState::Preparing,
      .audience = delivery.audience.text(),
      .send_at = delivery.send_at};
}

}  // namespace lamppost::core
