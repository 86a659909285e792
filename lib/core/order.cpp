#include "lib/core/order.h"

#include <utility>

namespace lamppost::core {

Result<NewCampaign> order_campaign(const json::Object& given, const Site& site,
                                   const NotificationDefaults& defaults, std::string owner,
                                   const Delivery& delivery) {
  auto parsed = parse_notification(given, site, defaults);
  if (!parsed) return parsed.error();
  auto notification = *std::move(parsed);
  const auto id = make_message_id();
  auto click_targets = count_clicks(notification, id, site, defaults.clicks);
  auto message = make_message(notification, id);
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
      .send_at = delivery.send_at,
      .click_targets = std::move(click_targets)};
}

std::vector<ClickTarget> count_clicks(Notification& it, const MessageId& id, const Site& site,
                                      const ClickLinks& links) {
  std::vector<ClickTarget> targets;
  if (!links.are_made()) return targets;
  const auto count = [&](std::string action, std::string& url) {
    auto link = links.make(site, id, action, url);
    targets.push_back({std::move(action), std::exchange(url, std::move(link))});
  };
  count("", it.url);
  for (std::size_t i = 0; i < it.actions.size(); ++i) count(std::to_string(i), it.actions[i].url);
  return targets;
}

}  // namespace lamppost::core
