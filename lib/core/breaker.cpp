#include "lib/core/breaker.h"

#include "lib/core/retry.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::uint64_t kRefusedAtLeast = 50;  // before a share of 400s says anything
constexpr int kWindowsThrottled = 406;

}  // namespace

void Breaker::load(const std::vector<PushServiceState>& states, Time now) {
  for (const auto& state : states) {
    auto* record = record_of(state.service, now);
    if (!record) continue;
    const auto until = record->state.rest_until;
    if (until <= now || until <= state.rest_until) record->state = state;
  }
}

// None: more services rest than can be remembered.
Breaker::Record* Breaker::record_of(const std::string& service, Time now) {
  if (records_.size() >= kMaxServices && !records_.contains(service)) {
    std::erase_if(records_, [&](const auto& one) { return one.second.state.rest_until <= now; });
    if (records_.size() >= kMaxServices) return nullptr;
  }
  auto& record = records_[service];
  record.state.service = service;
  return &record;
}

Time Breaker::rest_until(std::string_view service) const {
  const auto found = records_.find(service);
  return found == records_.end() ? Time{} : found->second.state.rest_until;
}

PushServiceState Breaker::begin_rest(Record& record, Time until, std::string reason) {
  record.state.rest_until = until;
  record.state.reason = reason.substr(0, 200);
  record.failures = record.denials = record.throttled = 0;
  record.answered = record.refused = 0;
  return record.state;
}

PushServiceState Breaker::rest_longer(Record& record, std::string reason, Time now) {
  const auto doubled = kFirstRest * (1u << std::min(record.state.rests, 10u));
  ++record.state.rests;
  return begin_rest(record, now + std::min<Seconds>(doubled, kLongestRest), std::move(reason));
}

std::optional<PushServiceState> Breaker::note(const std::string& service,
                                              const webpush::PushReply& reply,
                                              webpush::Outcome outcome, std::string reason,
                                              Time now) {
  auto* const known = record_of(service, now);
  if (!known) return std::nullopt;
  auto& record = *known;
  auto& state = record.state;
  const bool rests = state.rest_until > now;
  if (reply.status && !rests) ++record.answered;
  switch (outcome) {
    case webpush::Outcome::Accepted:
      record.accepted_tag = std::max(record.accepted_tag, reply.tag);
      if (rests) return std::nullopt;
      record.failures = record.denials = record.throttled = 0;
      if (state.rests == 0 && state.reason.empty()) return std::nullopt;
      state = {.service = service, .denied_since = std::nullopt, .reason = {}};
      return state;
    case webpush::Outcome::Gone:
      record.failures = record.throttled = 0;
      return std::nullopt;
    case webpush::Outcome::Refused:
      record.failures = record.throttled = 0;
      if (rests || reply.status != 400) return std::nullopt;
      ++record.refused;
      if (record.answered < kRefusedAtLeast || record.refused * 5 <= record.answered)
        return std::nullopt;
      return rest_longer(record, std::move(reason), now);
    case webpush::Outcome::Denied:
      if (rests || ++record.denials < kInARow) return std::nullopt;
      if (!state.denied_since) state.denied_since = now;
      return rest_longer(record, std::move(reason), now);
    case webpush::Outcome::Unsure:
      if (reply.tag < record.accepted_tag) return std::nullopt;
      [[fallthrough]];
    case webpush::Outcome::TryLater:
      return note_failure(record, reply, std::move(reason), now);
  }
  return std::nullopt;
}

std::optional<PushServiceState> Breaker::note_failure(Record& record,
                                                      const webpush::PushReply& reply,
                                                      std::string reason, Time now) {
  const bool windows = reply.status == kWindowsThrottled;
  const auto wait = asked_wait(reply);
  const auto asked = wait == Seconds{0} && windows ? kWindowsRest : wait;
  if (asked > Seconds{0}) {
    if (record.state.rest_until >= now + asked) return std::nullopt;
    return begin_rest(record, now + asked, std::move(reason));
  }
  if (record.state.rest_until > now) return std::nullopt;
  auto& in_a_row = reply.status == 429 ? record.throttled : record.failures;
  if (++in_a_row < kInARow) return std::nullopt;
  return rest_longer(record, std::move(reason), now);
}

}  // namespace lamppost::core
