#include "lib/core/shard_run.h"

#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/notification.h"
#include "lib/core/quiet.h"
#include "lib/core/reason.h"
#include "lib/core/retry.h"
#include "lib/webpush/request.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::size_t kGoneStep = 100;  // gone ones before they are marked in mid-round
constexpr Seconds kShortestRest{1};
constexpr int kTriesAfterStop = 3;  // to record, a second each

// A declarative notification is shown without our service worker, so nothing there drops a twin.
bool shows_twins(std::string_view service) { return service.ends_with(".push.apple.com"); }

double random_fraction() {
  std::array<std::uint8_t, 2> bytes{};
  crypto::fill_random(bytes);
  return (bytes[0] << 8 | bytes[1]) / 65535.0;
}

}  // namespace

ShardRun::ShardRun(const SendingPorts& ports, const Campaign& campaign, Breaker& breaker,
                   std::uint64_t& next_tag, Shard shard, const StopCheck& stop,
                   std::function<void()> tick)
    : ports_(ports),
      campaign_(campaign),
      breaker_(breaker),
      next_tag_(next_tag),
      shard_(std::move(shard)),
      stop_(stop),
      tick_(std::move(tick)) {}

// With a ttl of 0 a second try would reach nobody whom the first one did not.
bool ShardRun::is_tried_once() const { return campaign_.message.ttl == Seconds{0}; }

bool ShardRun::is_past_its_time(Time now) const {
  const auto end = campaign_.expires_at();
  return end && now >= *end;
}

std::optional<Time> ShardRun::quiet_until(const Subscription& subscription, Time now) {
  if (!subscription.quiet_hours || campaign_.message.urgency == webpush::Urgency::High)
    return std::nullopt;
  return core::quiet_until(*subscription.quiet_hours, subscription.timezone, now, zones_);
}

Seconds ShardRun::ttl_left(Time now) const {
  const auto end = campaign_.expires_at();
  return end ? *end - now : campaign_.message.ttl;
}

// Whether what is sent now settles before another worker may take the shard. A process that was
// suspended for a while finds out here, before anything else.
bool ShardRun::is_held(Time now) const { return now - advanced_at_ < kStoreAway; }

ShardRun::End ShardRun::run() {
  advanced_at_ = well_at_ = ports_.clock.now();
  hand_out_more();
  while (!lost_) {
    ports_.push.send([this] { return next(); }, [this](const auto& reply) { report(reply); },
                     [this] { step(); });
    if (lost_ || !handing_out_ || shard_.is_round_over()) break;
    hand_out_more();
    if (!ask_store_at_) continue;
    ports_.clock.sleep(Seconds{1});  // nothing could be marked, so nothing may be sent
    tick_();
    if (stop_()) stop_handing_out();
  }
  if (lost_) return End::Left;
  end_round(ports_.clock.now());
  return free_shard();
}

// While pushes are in flight: record and mark more in time, notice a stop, tell.
void ShardRun::step() {
  tick_();
  if (stop_()) stop_handing_out();
  const auto since = ports_.clock.now() - advanced_at_;
  if (settled_ >= kStep || since >= Seconds{1} || since < Seconds{0}) hand_out_more();
}

void ShardRun::stop_handing_out() {
  handing_out_ = false;
  for (const auto& waiting : queue_) shard_.take_back(waiting.one);
  queue_.clear();
  shard_.end_hand_out();
}

// Records what came back, marks the next ones in the store, and only then lets them be sent.
void ShardRun::hand_out_more() {
  const auto now = ports_.clock.now();
  if (lost_ || (ask_store_at_ && now < *ask_store_at_)) return;
  try {
    if (handing_out_) look_at_campaign(now);
    std::vector<Shard::HandedOut> marked;
    auto subscriptions = mark_next(now, marked);
    if (lost_) return;
    ask_store_at_.reset();
    queue(marked, std::move(subscriptions));
    if (gone_.fresh() >= kGoneStep) mark_gone();
    well_at_ = now;
  } catch (const StoreFailure& failure) {
    log::warning("store_away", {{"campaign", campaign_.id.value}, {"reason", failure.what()}});
    const auto then = ports_.clock.now();
    if (!is_held(then) || then - well_at_ >= kStoreAway) throw;
    ask_store_at_ = then + Seconds{1};
  }
}

void ShardRun::look_at_campaign(Time now) {
  if (ports_.campaigns.state(campaign_.id) != CampaignState::Sending) {
    halted_ = true;
    stop_handing_out();
  } else if (is_past_its_time(now)) {
    stop_handing_out();
    shard_.expire_rest();
  }
}

std::vector<Subscription> ShardRun::mark_next(Time now, std::vector<Shard::HandedOut>& marked) {
  const auto unsettled = queue_.size() + out_.size();
  if (handing_out_ && unsettled < kWindow) marked = shard_.hand_out(kWindow - unsettled);
  std::ranges::sort(marked, {}, &Shard::HandedOut::position);
  try {
    if (!advance(now, now + kLease, now)) return {};
    std::vector<SubscriptionId> ids;
    for (const auto& one : marked) ids.push_back(shard_.ids[one.position]);
    if (ids.empty()) return {};
    return ports_.subscriptions.read(ids);
  } catch (const StoreFailure&) {
    for (const auto& one : marked) shard_.take_back(one);  // not sent, so not unsure
    throw;
  }
}

void ShardRun::queue(const std::vector<Shard::HandedOut>& marked,
                     std::vector<Subscription> subscriptions) {
  auto found = subscriptions.begin();
  for (const auto& one : marked) {
    if (found != subscriptions.end() && found->id == shard_.ids[one.position])
      queue_.push_back({one, std::move(*found++)});
    else
      settle(one, Fate::Skipped, "", "");  // unsubscribed since the audience was fixed
  }
}

bool ShardRun::advance(Time now, Time until, Time next_at) {
  if (!ports_.shards.advance(shard_, now, until, next_at)) {
    lost_ = true;
    queue_.clear();
    handing_out_ = false;
    return false;
  }
  settled_ = 0;
  advanced_at_ = now;
  return true;
}

std::optional<webpush::PushRequest> ShardRun::next() {
  for (;;) {
    // Those that were settled unsent make room without a report.
    if (queue_.empty() && settled_ >= kStep) hand_out_more();
    const auto now = ports_.clock.now();
    if (queue_.empty() || !is_held(now)) return std::nullopt;
    auto sending = std::move(queue_.front());
    queue_.pop_front();
    if (auto request = compose(std::move(sending), now)) return request;
  }
}

// None: it was settled unsent.
std::optional<webpush::PushRequest> ShardRun::compose(Sending sending, Time now) {
  const auto& [one, subscription] = sending;
  const auto& recipient = subscription.recipient;
  const auto service = service_of(subscription);
  const auto unsent = [&](Fate fate, const std::string& reason) {
    settle(one, fate, service, reason);
    return std::nullopt;
  };
  // The table may hold what never went through our doors: look at it as at a stranger's.
  if (const auto endpoint = webpush::Endpoint::parse(recipient.endpoint.url(), ports_.policy);
      !endpoint)
    return unsent(Fate::Skipped, "endpoint " + endpoint.error().message);
  auto* vapid = ports_.vapid.find(subscription.key_id);
  if (!vapid) return unsent(Fate::Skipped, "made with a VAPID key that is not held here");
  const bool past = is_past_its_time(now);
  const bool is_kept = !one.asked && (is_tried_once() || shows_twins(service));
  if (one.again && (past || is_kept)) return unsent(Fate::UnsureKept, "");
  if (past) return unsent(Fate::Expired, "");
  if (subscription.paused_until > now)  // since the audience was fixed
    return one.again ? unsent(Fate::UnsureKept, "") : unsent(Fate::Skipped, "paused");
  if (const auto until = quiet_until(subscription, now)) {
    if (is_tried_once()) return unsent(Fate::Skipped, "quiet hours");  // it is for now or never
    put_off(one, *until);
    return std::nullopt;
  }
  if (const auto rest = breaker_.rest_until(service); rest > now) {
    put_off(one, rest);
    return std::nullopt;
  }
  try {
    auto message = campaign_.message;
    message.ttl = ttl_left(now);
    // Then the service worker sees both, and drops the twin.
    if (one.asked && shows_twins(service)) message.payload = to_classic(message.payload);
    auto request = webpush::compose(next_tag_, message, recipient, *vapid, now);
    ++tried_;
    out_.emplace(next_tag_++, std::move(sending));
    return request;
  } catch (const CryptoFailure& failure) {
    return unsent(Fate::Skipped, failure.what());
  }
}

void ShardRun::settle(const Shard::HandedOut& one, Fate fate, const std::string& service,
                      const std::string& reason) {
  shard_.settle(one.position, fate, service, reason);
  ++settled_;
}

// Its service rests until then, or it wants to be left in peace.
void ShardRun::put_off(const Shard::HandedOut& one, Time until) {
  shard_.put_off(one);
  ++settled_;
  rest_until_ = std::min(rest_until_.value_or(until), until);
}

// For one that was tried. Whom a browser may have shown it already stays unsure, whatever a later
// try says. The last try ends it here, where its service is known.
void ShardRun::try_again(const Sending& sending, bool unsure, const std::string& service,
                         const std::string& reason, Seconds wait) {
  const bool asked = sending.one.asked && !unsure;  // and still not sent
  unsure = unsure || sending.one.again;
  const bool is_counted = shard_.round_at != Time{};
  const bool is_last = is_tried_once() || shard_.attempt + (is_counted ? 0 : 1) >= kMaxAttempts;
  if (unsure && (is_last || (shows_twins(service) && !asked)))
    return settle(sending.one, Fate::UnsureKept, service, reason);
  if (is_last) return settle(sending.one, Fate::Failed, service, reason);
  const auto fate = asked ? Fate::UnsureAsked : unsure ? Fate::Unsure : Fate::Later;
  settle(sending.one, fate, service, reason);
  const auto from = ports_.clock.now() + std::max(wait, kShortestRest);
  retry_from_ = std::min(retry_from_.value_or(from), from);
}

void ShardRun::report(const webpush::PushReply& reply) {
  const auto found = out_.find(reply.tag);
  if (found == out_.end() || lost_) return;
  const auto sending = std::move(found->second);
  out_.erase(found);
  const auto service = service_of(sending.subscription);
  const auto now = ports_.clock.now();
  if (reply.held_back) {
    --tried_;
    return put_off(sending.one, std::max(breaker_.rest_until(service), now + kShortestRest));
  }
  const auto outcome = webpush::judge(reply);
  const auto reason = to_reason(reply);
  note(service, reply, outcome, now);
  switch (outcome) {
    case webpush::Outcome::Accepted:
      settle(sending.one, Fate::Accepted, service, "");
      break;
    case webpush::Outcome::Gone:
      gone_.add(service, sending.subscription.id);
      settle(sending.one, Fate::Gone, service, reason);
      break;
    case webpush::Outcome::Refused:
      settle(sending.one, Fate::Failed, service, reason);
      break;
    case webpush::Outcome::Unsure:
      try_again(sending, true, service, reason, kShortestRest);
      break;
    case webpush::Outcome::TryLater:
    case webpush::Outcome::Denied:
      try_again(sending, false, service, reason, asked_wait(reply));
      break;
  }
  if (settled_ >= kStep) hand_out_more();
}

void ShardRun::note(const std::string& service, const webpush::PushReply& reply,
                    webpush::Outcome outcome, Time now) {
  const auto state = breaker_.note(service, reply, outcome, to_reason(reply), now);
  if (!state) return;
  if (state->rest_until > now) ports_.push.hold_back("https://" + service);
  try {
    ports_.services.note(*state);
  } catch (const StoreFailure& failure) {  // we rest all the same, others find out by themselves
    log::warning("store_away", {{"service", service}, {"reason", failure.what()}});
  }
}

void ShardRun::end_round(Time now) {
  if (is_past_its_time(now)) shard_.expire_rest();
  if (tried_ > 0 && shard_.round_at == Time{}) {
    const auto wait = retry_wait(++shard_.attempt, random_fraction());
    shard_.round_at = std::max(now + std::max(wait, kShortestRest), retry_from_.value_or(now));
  }
  if (shard_.attempt >= kMaxAttempts) shard_.give_up_rest();
}

// When somebody should take the shard again: at once after a stop, when a service's rest ends, when
// the next round begins, at the end of the campaign's time, whatever comes first.
Time ShardRun::next_at(Time now) const {
  if (!shard_.is_round_over()) return now;
  auto next = rest_until_;
  const bool has_round = shard_.round_at != Time{};
  if (has_round && shard_.to_try_again() > 0)
    next = std::min(next.value_or(shard_.round_at), shard_.round_at);
  if (const auto end = campaign_.expires_at(); end && next) next = std::min(*next, *end);
  return next.value_or(now);
}

void ShardRun::mark_gone() {
  gone_.mark(campaign_.id, ports_.shards, ports_.subscriptions, ports_.clock.now());
}

ShardRun::End ShardRun::free_shard() {
  for (int tries = 1;; ++tries) {
    const auto now = ports_.clock.now();
    try {
      if (gone_.count() > 0) {
        if (!advance(now, now + kLease, now)) return End::Left;
        mark_gone();
      }
      if (!advance(now, now, next_at(now))) return End::Left;
      break;
    } catch (const StoreFailure&) {
      if (!is_held(now) || (stop_() && tries == kTriesAfterStop)) throw;
      ports_.clock.sleep(Seconds{1});
    }
  }
  if (const std::uint64_t kept = gone_.count(); kept > 0)
    log::warning("mass_gone", {{"campaign", campaign_.id.value}, {"kept", kept}});
  return halted_ ? End::Halted : End::Recorded;
}

}  // namespace lamppost::core
