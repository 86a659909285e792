#include "lib/mysql/tidying.h"

#include "lib/mysql/shard_blob.h"
#include "lib/mysql/shards.h"

#include <algorithm>

namespace lamppost::mysql {
namespace {

constexpr std::size_t kErasedAtOnce = 500;  // a cluster takes no statement of any size

}  // namespace

core::TidyStore::Walk Tidying::erase(SubscriptionId after, std::size_t limit, Time gone_before,
                                     Time seen_before) {
  static constexpr std::string_view kPage =
      "SELECT COALESCE(MAX(id), 0), COUNT(*) FROM"
      " (SELECT id FROM subscription WHERE id > ? ORDER BY id LIMIT ?) page";
  static constexpr std::string_view kOld =
      "SELECT id, gone_at FROM subscription FORCE INDEX (subscription_audience)"
      " WHERE id > ? AND id <= ? AND (gone_at < ? OR (gone_at IS NULL AND seen_at < ?))"
      " ORDER BY id";
  Walk walk{.last = {}, .gone = 0, .idle = 0, .over = true};
  session_.read(kPage, {after, limit}, [&](const Row& row) {
    walk.last = {row.number(0)};
    walk.over = row.number(1) < limit;
  });
  std::vector<SubscriptionId> ids;
  session_.read(kOld, {after, walk.last, gone_before, seen_before}, [&](const Row& row) {
    ids.push_back({row.number(0)});
    ++(row.is_null(1) ? walk.idle : walk.gone);
  });
  erase_these(ids, gone_before, seen_before);
  return walk;
}

// Looked at once more in the same statement: one that came back in the meantime stays.
void Tidying::erase_these(std::span<const SubscriptionId> ids, Time gone_before, Time seen_before) {
  static constexpr Statement kErase{
      "DELETE s, t, p, r FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) wanted"
      " STRAIGHT_JOIN subscription s ON s.id = wanted.id"
      " LEFT JOIN subscription_topic t ON t.subscription_id = s.id"
      " LEFT JOIN preference p ON p.subscription_id = s.id"
      " LEFT JOIN errand_rest r ON r.subscription_id = s.id"
      " WHERE s.gone_at < ? OR (s.gone_at IS NULL AND s.seen_at < ?)",
      Repeat::Safe};
  for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), kErasedAtOnce))) {
    std::string some;
    for (const auto id : ids.first(std::min(ids.size(), kErasedAtOnce)))
      some += (some.empty() ? '[' : ',') + std::to_string(id.value);
    session_.change(kErase, {some + ']', gone_before, seen_before});
  }
}

std::vector<CampaignId> Tidying::with_old_fates(Time before, std::size_t limit) {
  static constexpr std::string_view kOld =
      "SELECT c.id FROM campaign c LEFT JOIN campaign_sums k ON k.campaign_id = c.id"
      " WHERE c.finished_at < ? AND (k.dropped IS NULL OR k.dropped = 0) ORDER BY c.id LIMIT ?";
  std::vector<CampaignId> old;
  session_.read(kOld, {before, limit}, [&](const Row& row) { old.push_back({row.number(0)}); });
  return old;
}

void Tidying::keep_sums(CampaignId campaign) {
  static constexpr Statement kKeep{
      "INSERT INTO campaign_sums (campaign_id, sums, dropped) VALUES (?, ?, 0)"
      " ON DUPLICATE KEY UPDATE campaign_id = campaign_id",
      Repeat::Safe};
  const auto sum = Shards{session_}.sum(campaign);
  session_.change(kKeep, {campaign, pack_sums(sum.counts, sum.services)});
}

// Fates before ids: of fates without ids nobody could say whose they are.
bool Tidying::drop_shards(CampaignId campaign, std::size_t limit) {
  static constexpr Statement kFates{
      "DELETE FROM shard WHERE campaign_id = ? ORDER BY number LIMIT ?", Repeat::Safe};
  static constexpr Statement kIds{
      "DELETE FROM shard_audience WHERE campaign_id = ? ORDER BY number LIMIT ?", Repeat::Safe};
  static constexpr Statement kDropped{"UPDATE campaign_sums SET dropped = 1 WHERE campaign_id = ?",
                                      Repeat::Safe};
  if (session_.change(kFates, {campaign, limit}) == limit) return true;
  if (session_.change(kIds, {campaign, limit}) == limit) return true;
  session_.change(kDropped, {campaign});
  return false;
}

std::size_t Tidying::forget_departures(Time before, std::size_t limit) {
  static constexpr Statement kForget{
      "DELETE FROM departure WHERE left_at < ? ORDER BY left_at, id LIMIT ?", Repeat::Safe};
  return session_.change(kForget, {before, limit});
}

}  // namespace lamppost::mysql
