#include "lib/mysql/events.h"

namespace lamppost::mysql {
namespace {

std::string_view to_text(core::EventKind kind) {
  switch (kind) {
    case core::EventKind::Shown:
      return "shown";
    case core::EventKind::Clicked:
      return "clicked";
    case core::EventKind::Closed:
      return "closed";
  }
  return {};
}

}  // namespace

bool Events::count(const core::MessageId& message, core::EventKind kind, std::string_view action,
                   Time now) {
  static constexpr std::string_view kCampaign =
      "SELECT campaign_id FROM sent_message WHERE message_id = ?";
  static constexpr Statement kCount{
      "INSERT INTO event (campaign_id, kind, action, hour_at, times) VALUES (?, ?, ?, ?, 1)"
      " ON DUPLICATE KEY UPDATE times = times + 1",
      Repeat::Never};
  std::optional<CampaignId> campaign;
  session_.read(kCampaign, {message}, [&](const Row& row) { campaign = {row.number(0)}; });
  if (!campaign) return false;
  const auto hour = now - now.time_since_epoch() % std::chrono::hours{1};
  session_.change(kCount, {*campaign, to_text(kind), action, hour});
  return true;
}

}  // namespace lamppost::mysql
