#include "lib/core/shard.h"

#include <algorithm>

namespace lamppost::core {
namespace {

// Strangers choose the hosts below a suffix, and services their words: neither must eat the memory.
constexpr std::size_t kMaxServices = 100;
constexpr std::size_t kMaxReasons = 20;  // different ones per service
constexpr const char* kRest = "other";

template <class Map>
auto& bounded(Map& map, const std::string& name, std::size_t limit) {
  return map[map.size() < limit || map.contains(name) ? name : kRest];
}

}  // namespace

void Shard::replace(Fate from, Fate to) { std::ranges::replace(fates, from, to); }

std::uint64_t Shard::count(Fate fate) const {
  return static_cast<std::uint64_t>(std::ranges::count(fates, fate));
}

Counts Shard::counts() const {
  Counts counts;
  for (const auto fate : fates) ++counts[fate];
  return counts;
}

std::uint64_t Shard::to_try_again() const {
  return count(Fate::Later) + count(Fate::Unsure) + count(Fate::UnsureAsked);
}

void Shard::take_over(Time now) {
  replace(Fate::HandedOut, Fate::Unsure);
  const bool is_time = round_at != Time{} && now >= round_at && to_try_again() > 0;
  if (count(Fate::Waiting) > 0 && !is_time) return;
  round_at = {};
  replace(Fate::Later, Fate::Waiting);
  for (std::size_t i = fates.size(); i-- > 0;)
    if (fates[i] == Fate::Unsure || fates[i] == Fate::UnsureAsked) again_.push_back(i);
}

std::vector<Shard::HandedOut> Shard::hand_out(std::size_t limit) {
  std::vector<HandedOut> out;
  for (; !again_.empty() && out.size() < limit; again_.pop_back())
    out.push_back({again_.back(), true, fates[again_.back()] == Fate::UnsureAsked});
  for (; looked_at_ < fates.size() && out.size() < limit; ++looked_at_)
    if (fates[looked_at_] == Fate::Waiting) out.push_back({looked_at_, false});
  for (const auto& one : out) fates[one.position] = Fate::HandedOut;
  return out;
}

void Shard::settle(std::size_t position, Fate fate, const std::string& service,
                   const std::string& reason) {
  fates[position] = fate;
  if (service.empty()) return;
  auto& progress = bounded(services, service, kMaxServices);
  // What is tried again is counted once, when its fate is final.
  const bool is_final = fate != Fate::Later && fate != Fate::Unsure && fate != Fate::UnsureAsked;
  if (is_final) ++progress.counts[fate];
  if (!reason.empty()) ++bounded(progress.reasons, reason, kMaxReasons);
}

void Shard::put_off(const HandedOut& one) {
  fates[one.position] = one.asked ? Fate::UnsureAsked : one.again ? Fate::Unsure : Fate::Waiting;
}

void Shard::take_back(const HandedOut& one) {
  put_off(one);
  if (one.again)
    again_.push_back(one.position);
  else
    looked_at_ = std::min(looked_at_, one.position);
}

void Shard::end_hand_out() { again_.clear(); }

void Shard::expire_rest() {
  replace(Fate::Waiting, Fate::Expired);
  replace(Fate::Later, Fate::Expired);
  replace(Fate::Unsure, Fate::UnsureKept);
  replace(Fate::UnsureAsked, Fate::UnsureKept);
  again_.clear();
}

void Shard::give_up_rest() {
  replace(Fate::Later, Fate::Failed);
  replace(Fate::Unsure, Fate::UnsureKept);
  replace(Fate::UnsureAsked, Fate::UnsureKept);
}

bool Shard::reopen(Fate from, Fate to) {
  const auto reopened = count(from);
  if (reopened == 0) return false;
  replace(from, to);
  attempt = 0;
  round_at = {};
  // Which service each was for is not known here: they are taken off in the order of the names.
  auto rest = reopened;
  for (auto& [name, service] : services) {
    const auto some = std::min(rest, service.counts[from]);
    service.counts[from] -= some;
    rest -= some;
  }
  return true;
}

bool Shard::is_round_over() const {
  const auto rest = fates.begin() + static_cast<std::ptrdiff_t>(looked_at_);
  return again_.empty() && count(Fate::HandedOut) == 0 &&
         std::find(rest, fates.end(), Fate::Waiting) == fates.end();
}

bool Shard::is_finished() const {
  return count(Fate::Waiting) + count(Fate::HandedOut) + to_try_again() == 0;
}

}  // namespace lamppost::core
