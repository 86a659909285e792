#include "lib/mysql/shards.h"

#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "lib/mysql/shard_blob.h"

#include <algorithm>
#include <cassert>

namespace lamppost::mysql {
namespace {

using core::Fate;

constexpr std::size_t kSummedAtOnce = 100;
constexpr std::size_t kCandidates = 64;  // looked at for a claim; one of them is taken at random

std::uint32_t random_below(std::size_t limit) {
  std::array<std::uint8_t, 4> bytes{};
  crypto::fill_random(bytes);
  const auto number = std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
                      std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
  return static_cast<std::uint32_t>(number % limit);
}

}  // namespace

// A shard is two rows, so that its ids are not written again with every step: first that of the
// ids, which decides who has cut it, then that of the fates. Whoever goes on after one that died
// between them finds the ids without the fates here, and adds those.
core::ShardStore::Cut Shards::cut_so_far(CampaignId campaign) {
  static constexpr std::string_view kHighest =
      "SELECT a.number, a.ids, (SELECT COUNT(*) FROM shard s WHERE s.campaign_id = a.campaign_id"
      " AND s.number = a.number) FROM shard_audience a WHERE a.campaign_id = ?"
      " ORDER BY a.number DESC LIMIT 1";
  Cut cut{.shards = 0, .last = {}};
  std::size_t missing = 0;
  session_.read(kHighest, {campaign}, [&](const Row& row) {
    const auto ids = unpack_ids(row.text(1));
    cut = {.shards = static_cast<std::uint32_t>(row.number(0)) + 1, .last = ids.back()};
    if (row.number(2) == 0) missing = ids.size();
  });
  if (missing > 0) add_fates(campaign, cut.shards - 1, missing);
  return cut;
}

bool Shards::cut(CampaignId campaign, std::uint32_t number, std::span<const SubscriptionId> ids) {
  // A second time it changes nothing: the primary key keeps what is there.
  static constexpr Statement kCut{
      "INSERT INTO shard_audience (campaign_id, number, first_id, ids) VALUES (?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE number = number",
      Repeat::Safe};
  if (session_.change(kCut, {campaign, number, ids.front(), pack_ids(ids)}) != 1) return false;
  add_fates(campaign, number, ids.size());
  return true;
}

void Shards::add_fates(CampaignId campaign, std::uint32_t number, std::size_t recipients) {
  static constexpr Statement kAdd{
      "INSERT INTO shard (campaign_id, number, fates, sums, attempt, round_at, done, next_at,"
      " owner, lease_until, turn) VALUES (?, ?, ?, ?, 0, 0, 0, 0, ?, 0, 0)"
      " ON DUPLICATE KEY UPDATE number = number",
      Repeat::Safe};
  core::Counts all;
  all[Fate::Waiting] = recipients;
  session_.change(kAdd, {campaign, number, pack_fates(std::vector(recipients, Fate::Waiting)),
                         pack_sums(all, {}), core::LeaseOwner{}});
}

core::ShardStore::Claim Shards::claim(CampaignId campaign, const core::LeaseOwner& owner, Time now,
                                      Time until) {
  // Left to itself, the optimizer walks all shards of the campaign by the primary key.
  static constexpr std::string_view kFree =
      "SELECT number FROM shard FORCE INDEX (shard_open) WHERE campaign_id = ? AND done = 0"
      " AND next_at <= ? AND lease_until <= ? LIMIT ?";
  static constexpr std::string_view kNextFree =
      "SELECT COUNT(*), COALESCE(MIN(GREATEST(next_at, lease_until)), 0) FROM shard"
      " FORCE INDEX (shard_open) WHERE campaign_id = ? AND done = 0";
  // Compare-and-swap. Not repeatable: after a lost answer it may be ours without our knowing, and
  // the lease then runs out.
  static constexpr Statement kClaim{
      "UPDATE shard SET owner = ?, lease_until = ? WHERE campaign_id = ? AND number = ?"
      " AND done = 0 AND next_at <= ? AND lease_until <= ?",
      Repeat::Never};
  for (;;) {
    std::vector<std::uint32_t> free;
    session_.read(kFree, {campaign, now, now, std::uint64_t{kCandidates}}, [&](const Row& row) {
      free.push_back(static_cast<std::uint32_t>(row.number(0)));
    });
    if (free.empty()) break;
    const auto number = free[random_below(free.size())];
    if (session_.change(kClaim, {owner, until, campaign, number, now, now}) != 1) continue;
    if (auto shard = read(campaign, number, owner)) return *std::move(shard);
  }
  Claim claim = core::AllDone{};
  session_.read(kNextFree, {campaign}, [&](const Row& row) {
    // Free again since we looked: a time that is past is a reason to look again at once.
    if (row.number(0) > 0) claim = core::RestUntil{row.time(1)};
  });
  return claim;
}

// None: it is another's by now. Only its holder may work on it, under the holder's name alone.
std::optional<core::Shard> Shards::read(CampaignId campaign, std::uint32_t number,
                                        const core::LeaseOwner& owner) {
  static constexpr std::string_view kRead =
      "SELECT a.ids, s.fates, s.sums, s.attempt, s.round_at FROM shard s"
      " JOIN shard_audience a ON a.campaign_id = s.campaign_id AND a.number = s.number"
      " WHERE s.campaign_id = ? AND s.number = ? AND s.owner = ?";
  std::optional<core::Shard> shard;
  session_.read(kRead, {campaign, number, owner}, [&](const Row& row) {
    shard.emplace();
    shard->campaign = campaign;
    shard->number = number;
    shard->ids = unpack_ids(row.text(0));
    shard->fates = unpack_fates(row.text(1));
    core::Progress sums;
    add_sums(row.text(2), sums);
    shard->services = std::move(sums.services);
    shard->attempt = static_cast<std::uint32_t>(row.number(3));
    shard->round_at = row.time(4);
    shard->owner = owner;
  });
  if (shard && shard->ids.size() != shard->fates.size())
    throw StoreFailure("shard " + std::to_string(number) + " is not readable");
  return shard;
}

bool Shards::advance(const core::Shard& shard, Time now, Time until, Time next_at) {
  // Fenced by the owner; repeatable, since it writes what is and not what changed. The turn makes
  // sure that a row is changed, for a row that stays as it was does not count.
  static constexpr Statement kAdvance{
      "UPDATE shard SET fates = ?, sums = ?, attempt = ?, round_at = ?, done = ?, next_at = ?,"
      " lease_until = ?, turn = turn + 1"
      " WHERE campaign_id = ? AND number = ? AND owner = ? AND lease_until > 0",
      Repeat::Safe};
  const auto held_until = until > now ? until : Time{};
  return session_.change(
             kAdvance, {pack_fates(shard.fates), pack_sums(shard.counts(), shard.services),
                        shard.attempt, shard.round_at, std::uint32_t{shard.is_finished()}, next_at,
                        held_until, shard.campaign, shard.number, shard.owner}) == 1;
}

core::Progress Shards::sum(CampaignId campaign) {
  // Of an old campaign the sums are kept, and its shards go one by one.
  static constexpr std::string_view kSums =
      "SELECT sums FROM campaign_sums WHERE campaign_id = ? UNION ALL SELECT s.sums FROM shard s"
      " LEFT JOIN campaign_sums k ON k.campaign_id = s.campaign_id"
      " WHERE s.campaign_id = ? AND k.campaign_id IS NULL";
  core::Progress progress;
  progress.id = campaign;
  session_.read(kSums, {campaign, campaign},
                [&](const Row& row) { add_sums(row.text(0), progress); });
  return progress;
}

std::vector<core::Progress> Shards::sums(std::span<const CampaignId> campaigns) {
  // One prepared statement for lists of every length: the last id fills the places that are left.
  static const std::string kSums = [] {
    std::string ids = "?";
    for (std::size_t i = 1; i < kSummedAtOnce; ++i) ids += ", ?";
    return "SELECT campaign_id, sums FROM campaign_sums WHERE campaign_id IN (" + ids +
           ") UNION ALL SELECT s.campaign_id, s.sums FROM shard s"
           " LEFT JOIN campaign_sums k ON k.campaign_id = s.campaign_id"
           " WHERE k.campaign_id IS NULL AND s.campaign_id IN (" +
           ids + ")";
  }();
  assert(campaigns.size() <= kSummedAtOnce);
  std::vector<core::Progress> sums(campaigns.size());
  if (campaigns.empty()) return sums;
  for (std::size_t i = 0; i < campaigns.size(); ++i) sums[i].id = campaigns[i];
  std::vector<Value> values(campaigns.begin(), campaigns.end());
  values.resize(kSummedAtOnce, campaigns.back());
  const auto of_shards = values;
  values.insert(values.end(), of_shards.begin(), of_shards.end());
  session_.read(kSums, values, [&](const Row& row) {
    const auto at = std::ranges::find(campaigns, CampaignId{row.number(0)});
    if (at != campaigns.end())
      add_sums(row.text(1), sums[static_cast<std::size_t>(at - campaigns.begin())]);
  });
  return sums;
}

std::optional<std::vector<Fate>> Shards::fates(CampaignId campaign, std::uint32_t number) {
  static constexpr std::string_view kFates =
      "SELECT fates FROM shard WHERE campaign_id = ? AND number = ?";
  std::optional<std::vector<Fate>> fates;
  session_.read(kFates, {campaign, number},
                [&](const Row& row) { fates = unpack_fates(row.text(0)); });
  return fates;
}

std::uint64_t Shards::reopen(CampaignId campaign, Fate from, Fate to, Time now) {
  static constexpr std::string_view kNumbers =
      "SELECT number FROM shard WHERE campaign_id = ? AND lease_until <= ? AND number >= ?"
      " ORDER BY number LIMIT 1";
  static constexpr Statement kTake{
      "UPDATE shard SET owner = ?, lease_until = ? WHERE campaign_id = ? AND number = ?"
      " AND lease_until <= ?",
      Repeat::Never};
  core::LeaseOwner owner{};
  crypto::fill_random(owner);
  std::uint64_t reopened = 0;
  for (std::uint64_t number = 0;; ++number) {
    bool found = false;
    session_.read(kNumbers, {campaign, now, number}, [&](const Row& row) {
      number = row.number(0);
      found = true;
    });
    if (!found) return reopened;
    if (session_.change(kTake, {owner, now + Seconds{60}, campaign, number, now}) != 1) continue;
    auto shard = read(campaign, static_cast<std::uint32_t>(number), owner);
    if (!shard) continue;
    const bool changed = shard->reopen(from, to);
    if (advance(*shard, now, now, now) && changed) ++reopened;
  }
}

}  // namespace lamppost::mysql
