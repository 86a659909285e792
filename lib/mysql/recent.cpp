#include "lib/mysql/recent.h"

#include "lib/mysql/shard_blob.h"

#include <algorithm>
#include <optional>

namespace lamppost::mysql {

std::vector<core::RecentMessage> Recent::of(SubscriptionId id, std::size_t limit) {
  static constexpr std::string_view kNewest =
      "SELECT campaign_id, payload, started_at FROM sent_message"
      " ORDER BY campaign_id DESC LIMIT ?";
  struct Sent {
    CampaignId campaign;
    core::RecentMessage message;
  };
  std::vector<Sent> sent;
  session_.read(kNewest, {std::uint64_t{kLookedAt}}, [&](const Row& row) {
    sent.push_back({{row.number(0)}, {row.text(1), row.time(2), core::Fate::Waiting}});
  });
  std::vector<core::RecentMessage> recent;
  for (auto& [campaign, message] : sent) {
    if (recent.size() == limit) break;
    const auto found = fate(campaign, id);
    if (!found) continue;
    message.fate = *found;
    recent.push_back(std::move(message));
  }
  return recent;
}

std::optional<core::Fate> Recent::fate(CampaignId campaign, SubscriptionId id) {
  static constexpr std::string_view kShard =
      "SELECT ids, fates FROM sent_shard WHERE campaign_id = ? AND number = ?";
  std::optional<core::Fate> fate;
  const auto shard = find_shard(campaign, id);
  if (!shard) return fate;
  session_.read(kShard, {campaign, *shard}, [&](const Row& row) {
    const auto ids = unpack_ids(row.text(0));
    const auto at = std::ranges::lower_bound(ids, id);
    if (at == ids.end() || *at != id) return;
    const auto fates = unpack_fates(row.text(1));
    const auto position = static_cast<std::size_t>(at - ids.begin());
    if (position < fates.size()) fate = fates[position];
  });
  return fate;
}

// The last one that does not begin behind it. By halves, since a row is as large as its ids: to
// walk over them would read the whole audience.
std::optional<std::uint32_t> Recent::find_shard(CampaignId campaign, SubscriptionId id) {
  static constexpr std::string_view kLast =
      "SELECT number FROM sent_shard WHERE campaign_id = ? ORDER BY number DESC LIMIT 1";
  static constexpr std::string_view kBegin =
      "SELECT first_id FROM sent_shard WHERE campaign_id = ? AND number = ?";
  std::uint32_t low = 0, high = 0;  // it is in [low, high)
  session_.read(kLast, {campaign},
                [&](const Row& row) { high = static_cast<std::uint32_t>(row.number(0)) + 1; });
  const auto begins_behind = [&](std::uint32_t number) {
    bool behind = true;
    session_.read(kBegin, {campaign, number},
                  [&](const Row& row) { behind = SubscriptionId{row.number(0)} > id; });
    return behind;
  };
  if (high == 0 || begins_behind(0)) return std::nullopt;
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    (begins_behind(middle) ? high : low) = middle;
  }
  return low;
}

}  // namespace lamppost::mysql
