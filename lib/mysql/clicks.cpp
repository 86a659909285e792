#include "lib/mysql/clicks.h"

namespace lamppost::mysql {

std::optional<core::ClickStore::Destination> Clicks::find(const core::MessageId& message,
                                                          std::string_view action) {
  static constexpr std::string_view kFind =
      "SELECT t.target, m.campaign_id FROM click_target t"
      " LEFT JOIN sent_message m ON m.message_id = t.message_id"
      " WHERE t.message_id = ? AND t.action = ?";
  std::optional<Destination> destination;
  session_.read(kFind, {message, action}, [&](const Row& row) {
    destination = Destination{row.text(0), {}};
    if (!row.is_null(1)) destination->campaign = CampaignId{row.number(1)};
  });
  return destination;
}

void Clicks::count(CampaignId campaign, std::string_view action, Time now) {
  static constexpr Statement kCount{
      "INSERT INTO click (campaign_id, action, hour_at, clicks) VALUES (?, ?, ?, 1)"
      " ON DUPLICATE KEY UPDATE clicks = clicks + 1",
      Repeat::Never};
  const auto hour = now - now.time_since_epoch() % std::chrono::hours{1};
  session_.change(kCount, {campaign, action, hour});
}

core::Clicks Clicks::of(CampaignId campaign) {
  static constexpr std::string_view kTargets =
      "SELECT t.action, t.target FROM campaign c"
      " JOIN click_target t ON t.message_id = c.message_id WHERE c.id = ? ORDER BY t.action";
  static constexpr std::string_view kClicks =
      "SELECT action, hour_at, clicks FROM click WHERE campaign_id = ?";
  core::Clicks clicks;
  session_.read(kTargets, {campaign}, [&](const Row& row) {
    clicks.targets.push_back({row.text(0), row.text(1)});
  });
  session_.read(kClicks, {campaign}, [&](const Row& row) {
    clicks.actions[row.text(0)] += row.number(2);
    clicks.hours[row.time(1)] += row.number(2);
  });
  return clicks;
}

std::map<CampaignId, std::uint64_t> Clicks::sums(CampaignId first, CampaignId last) {
  static constexpr std::string_view kSums =
      "SELECT campaign_id, SUM(clicks) FROM click WHERE campaign_id BETWEEN ? AND ?"
      " GROUP BY campaign_id";
  std::map<CampaignId, std::uint64_t> sums;
  session_.read(kSums, {first, last},
                [&](const Row& row) { sums.emplace(CampaignId{row.number(0)}, row.number(1)); });
  return sums;
}

}  // namespace lamppost::mysql
