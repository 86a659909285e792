#include "lib/mysql/campaigns.h"

#include "lib/base/failure.h"

#include <algorithm>
#include <array>

namespace lamppost::mysql {
namespace {

using core::CampaignState;

// Reads the columns in the order of kRead and kList.
core::Campaign to_campaign(const Row& row) {
  const auto maybe_time = [&](unsigned column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.time(column));
  };
  const auto urgency = webpush::parse_urgency(row.text(6));
  const auto state = core::parse_campaign_state(row.text(8));
  if (!urgency || !state) throw StoreFailure("campaign " + row.text(0) + " is not readable");
  return {.id = {row.number(0)},
          .body_sha = row.bytes<32>(1),
          .owner = row.text(2),
          .given = row.text(3),
          .message = {.payload = row.text(4),
                      .ttl = Seconds{row.number(5)},
                      .urgency = *urgency,
                      .topic = row.text(7)},
          .state = *state,
          .reason = row.text(9),
          .created_at = row.time(10),
          .started_at = maybe_time(11),
          .finished_at = maybe_time(12),
          .audience = row.is_null(13) ? "" : row.text(13),
          .send_at = maybe_time(14)};
}

// For LIKE.
std::string literally(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

bool is_final(CampaignState state) {
  using enum CampaignState;
  return state == Finished || state == Cancelled || state == Expired;
}

}  // namespace

// The random message id and the caller's key make it repeatable: the second time it finds what the
// first one stored. The targets come first, so that no link of a campaign that is there leads
// nowhere.
core::CampaignStore::Created Campaigns::create(const core::NewCampaign& it, Time now) {
  static constexpr Statement kCreate{
      "INSERT INTO campaign (message_id, request_key, body_sha, owner, given, payload, ttl,"
      " urgency, topic, state, reason, created_at, started_at, cut_until, turn, audience, send_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, 0, 0, ?, ?)"
      " ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)",
      Repeat::Safe};
  static constexpr Statement kTarget{
      "INSERT INTO click_target (message_id, action, target) VALUES (?, ?, ?)"
      " ON DUPLICATE KEY UPDATE target = ?",
      Repeat::Safe};
  static constexpr Statement kNobodys{"DELETE FROM click_target WHERE message_id = ?",
                                      Repeat::Safe};
  static constexpr std::string_view kWhose =
      "SELECT message_id, body_sha FROM campaign WHERE id = ?";
  for (const auto& [action, url] : it.click_targets)
    session_.change(kTarget, {it.message_id, action, url, url});
  const auto key = it.request_key.empty() ? std::nullopt : std::optional(it.request_key);
  const auto started = it.state == CampaignState::Preparing ? std::optional(now) : std::nullopt;
  const auto id =
      session_
          .insert(kCreate, {it.message_id, key, it.body_sha, it.owner, it.given, it.message.payload,
                            static_cast<std::uint64_t>(it.message.ttl.count()),
                            webpush::to_text(it.message.urgency), it.message.topic,
                            core::to_text(it.state), now, started, it.audience, it.send_at})
          .id;
  Created created{.id = {id}, .fresh = false, .same_body = false};
  session_.read(kWhose, {id}, [&](const Row& row) {
    created.fresh = row.bytes<16>(0) == it.message_id;
    created.same_body = row.bytes<32>(1) == it.body_sha;
  });
  if (!created.fresh && !it.click_targets.empty()) session_.change(kNobodys, {it.message_id});
  return created;
}

std::optional<core::Campaign> Campaigns::read(CampaignId id) {
  static constexpr std::string_view kRead =
      "SELECT id, body_sha, owner, given, payload, ttl, urgency, topic, state, reason, created_at,"
      " started_at, finished_at, audience, send_at FROM campaign WHERE id = ?";
  std::optional<core::Campaign> campaign;
  session_.read(kRead, {id}, [&](const Row& row) { campaign = to_campaign(row); });
  return campaign;
}

std::optional<CampaignState> Campaigns::state(CampaignId id) {
  static constexpr std::string_view kState = "SELECT state FROM campaign WHERE id = ?";
  std::optional<CampaignState> state;
  session_.read(kState, {id},
                [&](const Row& row) { state = core::parse_campaign_state(row.text(0)); });
  return state;
}

std::vector<core::Campaign> Campaigns::list(const core::CampaignFilter& filter, CampaignId before,
                                            std::size_t limit) {
  static constexpr std::string_view kList =
      "SELECT id, body_sha, owner, given, payload, ttl, urgency, topic, state, reason, created_at,"
      " started_at, finished_at, audience, send_at FROM campaign WHERE id < ?"
      " AND created_at >= ? AND created_at <= ? ORDER BY id DESC LIMIT ?";
  static constexpr std::string_view kSearch =
      "SELECT id, body_sha, owner, given, payload, ttl, urgency, topic, state, reason, created_at,"
      " started_at, finished_at, audience, send_at FROM campaign WHERE id < ?"
      " AND created_at >= ? AND created_at <= ?"
      " AND (LOWER(JSON_UNQUOTE(JSON_EXTRACT(given, '$.title'))) LIKE LOWER(?)"
      " OR LOWER(JSON_UNQUOTE(JSON_EXTRACT(given, '$.body'))) LIKE LOWER(?))"
      " ORDER BY id DESC LIMIT ?";
  constexpr std::uint64_t kAll = INT64_MAX;
  constexpr Time kEver{Seconds{INT64_MAX}};
  const std::uint64_t below = before.value == 0 ? kAll : before.value;
  const auto from = filter.from.value_or(Time{}), to = filter.to.value_or(kEver);
  std::vector<core::Campaign> campaigns;
  const auto add = [&](const Row& row) { campaigns.push_back(to_campaign(row)); };
  if (filter.text.empty()) {
    session_.read(kList, {below, from, to, limit}, add);
  } else {
    const auto pattern = '%' + literally(filter.text) + '%';
    session_.read(kSearch, {below, from, to, pattern, pattern, limit}, add);
  }
  return campaigns;
}

std::optional<CampaignId> Campaigns::find_same(const std::string& owner,
                                               const crypto::Digest& body_sha, Time since) {
  // In the order of index campaign_body, so that one entry is looked at where none is like it.
  static constexpr std::string_view kSame =
      "SELECT id FROM campaign WHERE body_sha = ? AND created_at >= ? AND owner = ?"
      " AND state NOT IN ('draft', 'cancelled') ORDER BY created_at DESC, id DESC LIMIT 1";
  std::optional<CampaignId> same;
  session_.read(kSame, {body_sha, since, owner},
                [&](const Row& row) { same = CampaignId{row.number(0)}; });
  return same;
}

// One statement for all of `from`: asked one after the other, a campaign that moves between two of
// them could be missed by all. The turn makes sure that the row changes, for one that stays as it
// was does not count. After a lost answer it may say false although it was this one that changed
// it: callers look at the state then.
bool Campaigns::set_state(CampaignId id, std::initializer_list<CampaignState> from,
                          CampaignState to, const std::string& reason, Time now) {
  static constexpr Statement kSetState{
      "UPDATE campaign SET state = ?, reason = ?, finished_at = ?,"
      " started_at = COALESCE(started_at, ?), turn = turn + 1"
      " WHERE id = ? AND state IN (?, ?, ?, ?, ?, ?, ?, ?)",
      Repeat::Safe};
  const auto finished_at = is_final(to) ? std::optional(now) : std::nullopt;
  const auto started_at = to == CampaignState::Preparing ? std::optional(now) : std::nullopt;
  std::array<std::string_view, 8> states;  // as many as there are; the rest stays empty, as none is
  if (from.size() > states.size()) throw StoreFailure("a campaign has no more than 8 states");
  std::ranges::transform(from, states.begin(), [](auto state) { return core::to_text(state); });
  return session_.change(kSetState, {core::to_text(to), reason, finished_at, started_at, id,
                                     states[0], states[1], states[2], states[3], states[4],
                                     states[5], states[6], states[7]}) == 1;
}

bool Campaigns::lease_cut(CampaignId id, const core::LeaseOwner& owner, Time now, Time until) {
  static constexpr Statement kLease{
      "UPDATE campaign SET cut_owner = ?, cut_until = ?, turn = turn + 1"
      " WHERE id = ? AND state = 'preparing' AND (cut_owner = ? OR cut_until <= ?)",
      Repeat::Safe};
  return session_.change(kLease, {owner, until, id, owner, now}) == 1;
}

std::vector<CampaignId> Campaigns::due(Time now) {
  static constexpr std::string_view kDue =
      "SELECT id FROM campaign WHERE state IN ('preparing', 'sending', 'scheduled')"
      " AND (state <> 'scheduled' OR send_at <= ?) ORDER BY id LIMIT 1000";
  std::vector<CampaignId> due;
  session_.read(kDue, {now}, [&](const Row& row) { due.push_back({row.number(0)}); });
  return due;
}

}  // namespace lamppost::mysql
