#include "lib/mysql/recent.h"

#include "lib/mysql/shard_blob.h"

#include <algorithm>

namespace lamppost::mysql {

// A shard holds somebody if it is the last one of its campaign that does not begin behind it, and
// if it has the id: an index tells the first, the ids the second.
std::vector<core::RecentMessage> Recent::of(SubscriptionId id, std::size_t limit) {
  static constexpr std::string_view kRecent =
      "SELECT m.payload, m.started_at, s.ids, s.fates FROM (SELECT campaign_id, payload, started_at"
      " FROM sent_message ORDER BY campaign_id DESC LIMIT ?) m"
      " JOIN sent_shard s ON s.campaign_id = m.campaign_id AND s.number ="
      " (SELECT n.number FROM sent_shard n WHERE n.campaign_id = m.campaign_id AND n.first_id <= ?"
      " ORDER BY n.first_id DESC LIMIT 1)"
      " ORDER BY m.campaign_id DESC";
  std::vector<core::RecentMessage> recent;
  session_.read(kRecent, {std::uint64_t{kLookedAt}, id}, [&](const Row& row) {
    if (recent.size() == limit) return;
    const auto ids = unpack_ids(row.text(2));
    const auto found = std::ranges::lower_bound(ids, id);
    if (found == ids.end() || *found != id) return;
    const auto fates = unpack_fates(row.text(3));
    const auto position = static_cast<std::size_t>(found - ids.begin());
    if (position < fates.size()) recent.push_back({row.text(0), row.time(1), fates[position]});
  });
  return recent;
}

}  // namespace lamppost::mysql
