#include "lib/mysql/subscriptions.h"

#include "lib/base/text.h"
#include "lib/core/service.h"
#include "lib/mysql/audience_sql.h"
#include "lib/mysql/preferences.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace lamppost::mysql {
namespace {

constexpr std::size_t kPageLimit = 1000;
constexpr std::size_t kLookedUpAtOnce = 100;

// A page of ids travels as one JSON text: one prepared statement serves pages of every size, at the
// price of an IN list, and locks are taken in the order of the ids.
std::string to_json(std::span<const SubscriptionId> ids) {
  assert(ids.size() <= kPageLimit);
  std::string text = "[";
  for (const auto id : ids) {
    if (text.size() > 1) text += ',';
    text += std::to_string(id.value);
  }
  return text + ']';
}

core::Subscription to_subscription(const Row& row) {
  return {.id = {row.number(0)},
          .recipient = {.endpoint = webpush::Endpoint::trusted(row.text(1)),
                        .key = webpush::PublicKey::trusted(row.bytes<65>(2)),
                        .auth = webpush::AuthSecret::trusted(row.bytes<16>(3))},
          .key_id = static_cast<std::uint32_t>(row.number(4)),
          .timezone = row.text(5),
          .paused_until = to_time(row, 6),
          .quiet_hours = to_quiet_hours(row, 7)};
}

}  // namespace

// Everything is bound twice: VALUES() is obsolete in MySQL, a row alias unknown to MariaDB.
core::SubscriptionStore::Put Subscriptions::put(const core::NewSubscription& subscription,
                                                Time now) {
  static constexpr Statement kPut{
      "INSERT INTO subscription (endpoint, endpoint_sha, p256dh, auth, key_id, language, timezone,"
      " created_at, seen_at, gone_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
      " ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), p256dh = ?, auth = ?, key_id = ?,"
      " language = ?, timezone = ?, seen_at = ?, gone_at = NULL",
      Repeat::Safe};
  const auto& [recipient, key_id, language, timezone] = subscription;
  const auto& url = recipient.endpoint.url();
  const auto& point = recipient.key.point();
  const auto auth = recipient.auth.bytes();
  const auto [id, rows] =
      session_.insert(kPut, {url, crypto::sha256(as_bytes(url)), point, auth, key_id, language,
                             timezone, now, now, point, auth, key_id, language, timezone, now});
  return {.id = {id}, .created = rows == 1};
}

bool Subscriptions::remove(std::string_view endpoint) {
  static constexpr Statement kRemove{
      "DELETE s, t, p FROM subscription s"
      " LEFT JOIN subscription_topic t ON t.subscription_id = s.id"
      " LEFT JOIN preference p ON p.subscription_id = s.id"
      " WHERE s.endpoint_sha = ? AND s.endpoint = ?",
      Repeat::Safe};
  // None is stored, and MariaDB refuses to compare it with an ASCII column (1267).
  if (!is_ascii(endpoint)) return false;
  return session_.change(kRemove, {crypto::sha256(as_bytes(endpoint)), endpoint}) > 0;
}

// Ids follow each other in a shard of everybody, however far apart: a range costs a third of a
// lookup each. Of a scattered audience it would read too many that are not wanted, so it ends soon
// and the rest is looked up. No JSON_TABLE here: MariaDB makes a file for each.
std::vector<core::Subscription> Subscriptions::read(std::span<const SubscriptionId> ids) {
  static constexpr std::string_view kRange =
      "SELECT id, endpoint, p256dh, auth, key_id, timezone, paused_until, quiet_from, quiet_to"
      " FROM subscription LEFT JOIN preference ON subscription_id = id"
      " WHERE id >= ? AND id <= ? AND gone_at IS NULL ORDER BY id LIMIT ?";
  assert(std::ranges::is_sorted(ids) && ids.size() <= kPageLimit);
  std::vector<core::Subscription> found;
  if (ids.empty()) return found;
  found.reserve(ids.size());
  const auto limit = ids.size() + ids.size() / 4;
  std::size_t rows = 0;
  auto wanted = ids.begin();
  session_.read(kRange, {ids.front(), ids.back(), limit}, [&](const Row& row) {
    ++rows;
    const SubscriptionId id{row.number(0)};
    wanted = std::lower_bound(wanted, ids.end(), id);
    if (wanted == ids.end() || *wanted != id) return;
    found.push_back(to_subscription(row));
    ++wanted;
  });
  if (rows == limit) look_up({wanted, ids.end()}, found);
  return found;
}

void Subscriptions::look_up(std::span<const SubscriptionId> ids,
                            std::vector<core::Subscription>& found) {
  // One prepared statement for lists of every length: the last id fills the places that are left.
  static const std::string kLookUp = [] {
    std::string text =
        "SELECT id, endpoint, p256dh, auth, key_id, timezone, paused_until, quiet_from, quiet_to"
        " FROM subscription LEFT JOIN preference ON subscription_id = id WHERE id IN (?";
    for (std::size_t i = 1; i < kLookedUpAtOnce; ++i) text += ", ?";
    return text + ") AND gone_at IS NULL ORDER BY id";
  }();
  for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), kLookedUpAtOnce))) {
    const auto some = ids.first(std::min(ids.size(), kLookedUpAtOnce));
    std::vector<Value> values(some.begin(), some.end());
    values.resize(kLookedUpAtOnce, some.back());
    session_.read(kLookUp, values, [&](const Row& row) { found.push_back(to_subscription(row)); });
  }
}

void Subscriptions::mark_gone(std::span<const SubscriptionId> ids, Time now) {
  static constexpr Statement kMarkGone{
      "UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) wanted"
      " STRAIGHT_JOIN subscription s ON s.id = wanted.id SET s.gone_at = ? WHERE s.gone_at IS NULL",
      Repeat::Safe};
  if (!ids.empty()) session_.change(kMarkGone, {to_json(ids), now});
}

// Left to itself, the optimizer walks the table, which is ten times as large as the index.
std::vector<SubscriptionId> Subscriptions::select(const core::Audience& audience,
                                                  SubscriptionId after, std::size_t limit,
                                                  Time now) {
  const Condition condition(audience, now);
  const auto chosen = condition.text();
  const auto text =
      "SELECT s.id FROM subscription s FORCE INDEX (subscription_audience)"
      " LEFT JOIN preference p ON p.subscription_id = s.id WHERE s.id > ? AND s.gone_at IS NULL"
      " AND (p.paused_until IS NULL OR p.paused_until <= ?) AND (" +
      chosen + ") ORDER BY s.id LIMIT ?";
  std::vector<Value> values{after, now};
  for (const auto& value : condition.values()) values.push_back(value);
  values.emplace_back(limit);
  std::vector<SubscriptionId> ids;
  session_.read_once(text, values, [&](const Row& row) { ids.push_back({row.number(0)}); });
  return ids;
}

// Those that are paused by a statement of their own: they are few, and to look for a pause beside
// each of a million takes as long as to count them.
core::AudienceCount Subscriptions::count(const core::Audience& audience, Time now) {
  const Condition condition(audience, now);
  const auto chosen = condition.text();
  const auto all =
      "SELECT s.service, COUNT(*) FROM subscription s FORCE INDEX (subscription_audience)"
      " WHERE s.gone_at IS NULL AND (" +
      chosen + ") GROUP BY s.service";
  const auto paused =
      "SELECT s.service, COUNT(*) FROM preference p STRAIGHT_JOIN subscription s"
      " FORCE INDEX (subscription_audience) ON s.id = p.subscription_id"
      " WHERE p.paused_until > ? AND s.gone_at IS NULL AND (" +
      chosen + ") GROUP BY s.service";
  std::map<std::string, std::uint64_t> counts;
  core::AudienceCount count;
  const auto values = condition.values();
  session_.read_once(all, values, [&](const Row& row) { counts[row.text(0)] = row.number(1); });
  std::vector<Value> paused_values{now};
  for (const auto& value : values) paused_values.push_back(value);
  session_.read_once(paused, paused_values, [&](const Row& row) {
    auto& of_service = counts[row.text(0)];
    const auto resting = std::min(of_service, row.number(1));  // some may have come since
    of_service -= resting;
    count.paused += resting;
  });
  for (const auto service : core::kServices)
    if (const auto found = counts[std::string(service)]; found > 0)
      count.services.push_back({std::string(service), found});
  return count;
}

}  // namespace lamppost::mysql
