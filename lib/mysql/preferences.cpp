#include "lib/mysql/preferences.h"

#include "lib/base/crypto.h"
#include "lib/base/text.h"
#include "lib/mysql/departures.h"

#include <algorithm>

namespace lamppost::mysql {
namespace {

std::optional<std::uint64_t> minute_of(const std::optional<core::QuietHours>& hours,
                                       std::chrono::minutes core::QuietHours::*which) {
  if (!hours) return std::nullopt;
  return static_cast<std::uint64_t>(((*hours).*which).count());
}

}  // namespace

std::optional<core::QuietHours> to_quiet_hours(const Row& row, unsigned column) {
  if (row.is_null(column) || row.is_null(column + 1)) return std::nullopt;
  return core::QuietHours{std::chrono::minutes{row.number(column)},
                          std::chrono::minutes{row.number(column + 1)}};
}

std::optional<Time> to_time(const Row& row, unsigned column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.time(column));
}

std::optional<core::Subscriber> Preferences::find(std::string_view endpoint) {
  static constexpr std::string_view kFind =
      "SELECT id, auth, created_at, seen_at, language, timezone, user_id, paused_until, quiet_from,"
      " quiet_to FROM subscription LEFT JOIN preference ON subscription_id = id"
      " WHERE endpoint_sha = ? AND endpoint = ?";
  std::optional<core::Subscriber> found;
  if (!is_ascii(endpoint)) return found;
  session_.read(kFind, {crypto::sha256(as_bytes(endpoint)), endpoint}, [&](const Row& row) {
    found = core::Subscriber{.id = {row.number(0)},
                             .auth = webpush::AuthSecret::trusted(row.bytes<16>(1)),
                             .created_at = row.time(2),
                             .seen_at = row.time(3),
                             .language = row.text(4),
                             .timezone = row.text(5),
                             .topics = {},
                             .user = row.is_null(6) ? "" : row.text(6),
                             .paused_until = to_time(row, 7),
                             .quiet_hours = to_quiet_hours(row, 8)};
  });
  if (found) found->topics = topics_of(found->id);
  return found;
}

std::vector<std::string> Preferences::topics_of(SubscriptionId id) {
  static constexpr std::string_view kTopics =
      "SELECT name FROM subscription_topic JOIN topic ON name = topic_name"
      " WHERE subscription_id = ? ORDER BY place, name";
  std::vector<std::string> topics;
  session_.read(kTopics, {id}, [&](const Row& row) { topics.push_back(row.text(0)); });
  return topics;
}

// A row beside comes only from one that is there, so that nothing stays of who was erased just now.
void Preferences::change(SubscriptionId id, const core::PreferenceChange& change) {
  static constexpr Statement kLanguage{"UPDATE subscription SET language = ? WHERE id = ?",
                                       Repeat::Safe};
  static constexpr Statement kTimezone{"UPDATE subscription SET timezone = ? WHERE id = ?",
                                       Repeat::Safe};
  static constexpr Statement kUser{
      "INSERT INTO preference (subscription_id, user_id) SELECT id, ? FROM subscription"
      " WHERE id = ? ON DUPLICATE KEY UPDATE user_id = ?",
      Repeat::Safe};
  static constexpr Statement kPause{
      "INSERT INTO preference (subscription_id, paused_until) SELECT id, ? FROM subscription"
      " WHERE id = ? ON DUPLICATE KEY UPDATE paused_until = ?",
      Repeat::Safe};
  static constexpr Statement kQuiet{
      "INSERT INTO preference (subscription_id, quiet_from, quiet_to) SELECT id, ?, ?"
      " FROM subscription WHERE id = ? ON DUPLICATE KEY UPDATE quiet_from = ?, quiet_to = ?",
      Repeat::Safe};
  if (change.topics) choose(id, *change.topics);
  if (change.language) session_.change(kLanguage, {*change.language, id});
  if (change.timezone) session_.change(kTimezone, {*change.timezone, id});
  if (change.user) session_.change(kUser, {*change.user, id, *change.user});
  if (const auto& until = change.paused_until) session_.change(kPause, {*until, id, *until});
  if (const auto& hours = change.quiet_hours) {
    const auto from = minute_of(*hours, &core::QuietHours::from);
    const auto to = minute_of(*hours, &core::QuietHours::to);
    session_.change(kQuiet, {from, to, id, from, to});
  }
}

// What is new first: a campaign that looks just now finds too much rather than too little.
void Preferences::choose(SubscriptionId id, const std::vector<std::string>& topics) {
  static constexpr Statement kAdd{
      "INSERT INTO subscription_topic (subscription_id, topic_name) SELECT s.id, t.name"
      " FROM subscription s JOIN topic t WHERE s.id = ? AND t.name = ?"
      " ON DUPLICATE KEY UPDATE topic_name = t.name",
      Repeat::Safe};
  static constexpr Statement kRemove{
      "DELETE FROM subscription_topic WHERE subscription_id = ? AND topic_name = ?", Repeat::Safe};
  const auto before = topics_of(id);
  for (const auto& topic : topics)
    if (std::ranges::find(before, topic) == before.end()) session_.change(kAdd, {id, topic});
  for (const auto& topic : before)
    if (std::ranges::find(topics, topic) == topics.end()) session_.change(kRemove, {id, topic});
}

std::uint64_t Preferences::devices(const std::string& user) {
  static constexpr std::string_view kDevices =
      "SELECT COUNT(*) FROM preference JOIN subscription ON id = subscription_id"
      " WHERE user_id = ?";
  std::uint64_t devices = 0;
  session_.read(kDevices, {user}, [&](const Row& row) { devices = row.number(0); });
  return devices;
}

void Preferences::erase_devices(const std::string& user) {
  static constexpr Statement kErase{
      "DELETE s, t, p FROM preference p LEFT JOIN subscription s ON s.id = p.subscription_id"
      " LEFT JOIN subscription_topic t ON t.subscription_id = p.subscription_id"
      " WHERE p.user_id = ?",
      Repeat::Safe};
  static constexpr std::string_view kDevices =
      "SELECT created_at, service FROM preference JOIN subscription ON id = subscription_id"
      " WHERE user_id = ?";
  std::vector<Departure> devices;
  session_.read(kDevices, {user}, [&](const Row& row) {
    devices.push_back({row.time(0), row.text(1)});
  });
  if (session_.change(kErase, {user}) > 0) note_departures(session_, devices);
}

}  // namespace lamppost::mysql
