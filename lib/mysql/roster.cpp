#include "lib/mysql/roster.h"

#include "lib/base/text.h"
#include "lib/mysql/preferences.h"

#include <algorithm>
#include <charconv>

namespace lamppost::mysql {
namespace {

using core::RosterFilter;
using core::RosterState;

// AUTO_INCREMENT begins at 1.
constexpr std::uint64_t kNobody = 0;

constexpr std::uint64_t kLargeTopicSize = 20'000;

std::uint64_t as_id(std::string_view text) {
  std::uint64_t id = kNobody;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc{} && end == text.data() + text.size() ? id : kNobody;
}

core::RosterEntry to_entry(const Row& row) {
  const auto endpoint = webpush::Endpoint::trusted(row.text(1));
  const auto& url = endpoint.url();
  return {.id = {row.number(0)},
          .service = row.text(2),
          .host = std::string(endpoint.host()),
          .endpoint_tail = url.substr(url.size() - std::min(url.size(), core::kEndpointTail)),
          .language = row.text(3),
          .timezone = row.text(4),
          .created_at = row.time(5),
          .seen_at = row.time(6),
          .gone_at = to_time(row, 7),
          .paused_until = to_time(row, 8),
          .quiet_hours = to_quiet_hours(row, 9),
          .topics = {},
          .user = row.is_null(11) ? "" : row.text(11)};
}

// The places of a list of kPageLimit that are left are filled with the last id.
std::vector<Value> filled_up(std::span<const SubscriptionId> ids) {
  std::vector<Value> values(ids.begin(), ids.end());
  values.resize(core::RosterStore::kPageLimit, ids.back());
  return values;
}

}  // namespace

// By the index that leaves the fewest; what that does not settle (a pause, say) is looked at
// afterwards, and what is missing then comes from the next page.
std::vector<core::RosterEntry> Roster::list(const RosterFilter& filter, SubscriptionId after,
                                            std::size_t limit, Time now) {
  std::vector<core::RosterEntry> found;
  limit = std::min(limit, kPageLimit);
  for (auto page = limit; found.size() < limit; page = kPageLimit) {
    const auto ids = candidates(filter, after, page, now);
    for (auto& entry : look_up(ids))
      if (found.size() < limit && core::passes(entry, filter, now))
        found.push_back(std::move(entry));
    if (ids.size() < page) break;
    after = ids.back();
  }
  return found;
}

std::vector<SubscriptionId> Roster::candidates(const RosterFilter& filter, SubscriptionId after,
                                               std::size_t limit, Time now) {
  static constexpr std::string_view kSearch =
      "SELECT id FROM subscription WHERE endpoint_tail = ? AND id > ?"
      " UNION SELECT subscription_id FROM preference WHERE user_id = ? AND subscription_id > ?"
      " UNION SELECT id FROM subscription WHERE id = ? AND id > ? ORDER BY id LIMIT ?";
  // By its members where they are few, otherwise by all, each asked whether it is one.
  static constexpr std::string_view kTopic =
      "SELECT s.id FROM subscription_topic t STRAIGHT_JOIN subscription s"
      " FORCE INDEX (subscription_audience) ON s.id = t.subscription_id"
      " WHERE t.topic_name = ? AND t.subscription_id > ?"
      " AND (? = '' OR s.service = ?) AND (? = '' OR s.language = ? OR s.language LIKE ?)"
      " AND (? = 1 OR s.gone_at IS NULL) AND (? = 0 OR s.gone_at IS NOT NULL)"
      " ORDER BY t.subscription_id LIMIT ?";
  static constexpr std::string_view kLargeTopic =
      "SELECT s.id FROM subscription s FORCE INDEX (subscription_audience) WHERE s.id > ?"
      " AND (? = '' OR s.service = ?) AND (? = '' OR s.language = ? OR s.language LIKE ?)"
      " AND (? = 1 OR s.gone_at IS NULL) AND (? = 0 OR s.gone_at IS NOT NULL)"
      " AND (SELECT COUNT(*) FROM subscription_topic t WHERE t.subscription_id = s.id"
      " AND t.topic_name = ?) > 0 ORDER BY s.id LIMIT ?";
  static constexpr std::string_view kPaused =
      "SELECT s.id FROM preference p STRAIGHT_JOIN subscription s"
      " FORCE INDEX (subscription_audience) ON s.id = p.subscription_id"
      " WHERE p.paused_until > ? AND p.subscription_id > ?"
      " AND (? = '' OR s.service = ?) AND (? = '' OR s.language = ? OR s.language LIKE ?)"
      " AND (? = 1 OR s.gone_at IS NULL) ORDER BY p.subscription_id LIMIT ?";
  // Index subscription_audience holds all this, in the order of the ids.
  static constexpr std::string_view kWalk =
      "SELECT id FROM subscription FORCE INDEX (subscription_audience) WHERE id > ?"
      " AND (? = '' OR service = ?) AND (? = '' OR language = ? OR language LIKE ?)"
      " AND (? = 1 OR gone_at IS NULL) AND (? = 0 OR gone_at IS NOT NULL) ORDER BY id LIMIT ?";
  std::vector<SubscriptionId> ids;
  const auto keep = [&](const Row& row) { ids.push_back({row.number(0)}); };
  const auto& [state, service, language, topic, search] = filter;
  const auto below = language + "-%";  // a language has neither % nor _
  const std::uint32_t gone_only = state == RosterState::Gone ? 1 : 0;
  const std::uint32_t gone_too = state == RosterState::All || state == RosterState::Gone ? 1 : 0;
  if (!search.empty()) {
    // MariaDB refuses to compare another text with an ASCII column (1267), and takes spaces at the
    // end for nothing.
    const bool is_tail = is_ascii(search) && search.find(' ') == std::string::npos;
    const std::string_view tail = is_tail ? std::string_view(search) : "";
    session_.read(kSearch, {tail, after, search, after, as_id(search), after, limit}, keep);
  } else if (state == RosterState::Paused) {
    session_.read(kPaused,
                  {now, after, service, service, language, language, below, gone_too, limit}, keep);
  } else if (topic.empty()) {
    session_.read(kWalk,
                  {after, service, service, language, language, below, gone_too, gone_only, limit},
                  keep);
  } else if (is_large(topic)) {
    session_.read(
        kLargeTopic,
        {after, service, service, language, language, below, gone_too, gone_only, topic, limit},
        keep);
  } else {
    session_.read(
        kTopic,
        {topic, after, service, service, language, language, below, gone_too, gone_only, limit},
        keep);
  }
  return ids;
}

bool Roster::is_large(const std::string& topic) {
  static constexpr std::string_view kMembers =
      "SELECT COUNT(*) FROM (SELECT subscription_id FROM subscription_topic WHERE topic_name = ?"
      " LIMIT ?) members";
  bool is_large = false;
  session_.read(kMembers, {topic, kLargeTopicSize},
                [&](const Row& row) { is_large = row.number(0) == kLargeTopicSize; });
  return is_large;
}

std::vector<core::RosterEntry> Roster::look_up(std::span<const SubscriptionId> ids) {
  static const std::string kLookUp = [] {
    std::string text =
        "SELECT id, endpoint, service, language, timezone, created_at, seen_at, gone_at,"
        " paused_until, quiet_from, quiet_to, user_id FROM subscription LEFT JOIN preference"
        " ON subscription_id = id WHERE id IN (?";
    for (std::size_t i = 1; i < kPageLimit; ++i) text += ", ?";
    return text + ") ORDER BY id";
  }();
  std::vector<core::RosterEntry> entries;
  if (ids.empty()) return entries;
  entries.reserve(ids.size());
  session_.read(kLookUp, filled_up(ids), [&](const Row& row) { entries.push_back(to_entry(row)); });
  add_topics(ids, entries);
  return entries;
}

void Roster::add_topics(std::span<const SubscriptionId> ids,
                        std::vector<core::RosterEntry>& entries) {
  static const std::string kTopics = [] {
    std::string text =
        "SELECT subscription_id, name FROM subscription_topic JOIN topic ON name = topic_name"
        " WHERE subscription_id IN (?";
    for (std::size_t i = 1; i < kPageLimit; ++i) text += ", ?";
    return text + ") ORDER BY subscription_id, place, name";
  }();
  session_.read(kTopics, filled_up(ids), [&](const Row& row) {
    const SubscriptionId id{row.number(0)};
    const auto at = std::ranges::lower_bound(entries, id, {}, &core::RosterEntry::id);
    if (at != entries.end() && at->id == id) at->topics.push_back(row.text(1));
  });
}

std::optional<core::RosterEntry> Roster::read(SubscriptionId id) {
  auto found = look_up(std::array{id});
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

void Roster::put_away(SubscriptionId id, Time now) {
  static constexpr Statement kPutAway{
      "UPDATE subscription SET gone_at = ? WHERE id = ? AND gone_at IS NULL", Repeat::Safe};
  session_.change(kPutAway, {now, id});
}

void Roster::bring_back(SubscriptionId id) {
  static constexpr Statement kBringBack{"UPDATE subscription SET gone_at = NULL WHERE id = ?",
                                        Repeat::Safe};
  session_.change(kBringBack, {id});
}

}  // namespace lamppost::mysql
