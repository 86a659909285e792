#include "lib/core/shard_run.h"

#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/core/retry.h"
#include "lib/webpush/request.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::uint64_t kGoneAlways = 50;  // of the first shard; above it a fifth of the answered
constexpr Seconds kShortestRest{1};

// A declarative notification is shown without our service worker, so nothing there drops a twin.
bool shows_twins(std::string_view service) { return service.ends_with(".push.apple.com"); }

std::string service_of(const Subscription& subscription) {
  const auto origin = subscription.recipient.endpoint.origin();
  return std::string(origin.substr(std::min<std::size_t>(origin.find("//") + 2, origin.size())));
}

double random_fraction() {
  std::array<std::uint8_t, 2> bytes{};
  crypto::fill_random(bytes);
  return (bytes[0] << 8 | bytes[1]) / 65535.0;
}

}  // namespace

std::string to_reason(const webpush::PushReply& reply) {
  if (!reply.status) return printable(reply.detail, 100);
  if (*reply.status >= 200 && *reply.status < 300) return {};
  auto reason = std::to_string(*reply.status);
  // The services answer with JSON, whose one telling member is called differently by each.
  if (const auto body = json::parse_object(reply.detail)) {
    for (const auto* name : {"reason", "message", "error"})
      if (const auto* value = body->find(name); value && value->text())
        return reason + ' ' + printable(*value->text(), 100);
  }
  if (!reply.detail.empty()) reason += ' ' + printable(reply.detail, 100);
  return reason;
}

ShardRun::ShardRun(const SendingPorts& ports, const Campaign& campaign, Breaker& breaker,
                   Shard shard, const StopCheck& stop, std::function<void()> tick)
    : ports_(ports),
      campaign_(campaign),
      breaker_(breaker),
      shard_(std::move(shard)),
      stop_(stop),
      tick_(std::move(tick)) {
  // What an earlier holder knew of is taken for marked in the store.
  for (const auto& [service, progress] : shard_.services)
    marked_gone_[service] = progress.counts[Fate::Gone];
}

bool ShardRun::is_past_its_time(Time now) const {
  const auto end = campaign_.expires_at();
  return end && now >= *end;
}

Seconds ShardRun::ttl_left(Time now) const {
  const auto end = campaign_.expires_at();
  return end ? *end - now : Seconds{0};
}

ShardRun::End ShardRun::run() {
  advanced_at_ = store_away_since_ = ports_.clock.now();
  hand_out_more();
  while (!lost_) {
    ports_.push.send([this] { return next(); }, [this](const auto& reply) { report(reply); },
                     [this] { step(); });
    if (lost_) break;
    if (!handing_out_ || shard_.is_round_over()) break;
    if (queue_.empty()) {
      hand_out_more();
      // The store is away: nothing was marked, so nothing may be sent.
      if (queue_.empty() && !shard_.is_round_over() && !lost_ && handing_out_) {
        ports_.clock.sleep(Seconds{1});
        tick_();
        if (stop_()) stop_handing_out();
      }
    }
  }
  return lost_ ? End::Left : finish_round();
}

// While pushes are in flight: record and mark more in time, notice a stop, tell.
void ShardRun::step() {
  tick_();
  if (stop_()) stop_handing_out();
  const auto now = ports_.clock.now();
  if (settled_ >= kStep || now - advanced_at_ >= Seconds{1}) hand_out_more();
}

void ShardRun::stop_handing_out() {
  handing_out_ = false;
  for (auto& waiting : queue_) shard_.take_back(waiting.one);
  queue_.clear();
}

// Marks the next ones in the store, and only then lets them be sent.
void ShardRun::hand_out_more() {
  if (lost_) return;
  const auto now = ports_.clock.now();
  std::vector<Shard::HandedOut> marked;
  try {
    if (handing_out_) {
      const auto state = ports_.campaigns.state(campaign_.id);
      if (state != CampaignState::Sending) {
        halted_ = true;
        stop_handing_out();
      }
    }
    if (handing_out_ && is_past_its_time(now)) {
      stop_handing_out();
      shard_.expire_rest();
    }
    const auto unsettled = queue_.size() + out_.size();
    if (handing_out_ && unsettled < kWindow) marked = shard_.hand_out(kWindow - unsettled);
    if (!advance(now + kLease, now)) return;
    std::vector<SubscriptionId> ids;
    std::ranges::sort(marked, {}, &Shard::HandedOut::position);
    for (const auto& one : marked) ids.push_back(shard_.ids[one.position]);
    auto subscriptions = ids.empty() ? std::vector<Subscription>{} : ports_.subscriptions.read(ids);
    auto found = subscriptions.begin();
    for (const auto& one : marked) {
      if (found != subscriptions.end() && found->id == shard_.ids[one.position])
        queue_.push_back({one, std::move(*found++), true});
      else
        settle(one, Fate::Skipped, "", "");  // unsubscribed since the audience was fixed
    }
    mark_gone();
  } catch (const StoreFailure& failure) {
    // None of them was sent, so none of them is unsure.
    for (const auto& one : marked) shard_.take_back(one);
    log::warning("store_away", {{"campaign", campaign_.id.value}, {"reason", failure.what()}});
    if (now - store_away_since_ > kLease - Seconds{10}) throw;
  }
}

bool ShardRun::advance(Time until, Time next_at) {
  const auto now = ports_.clock.now();
  if (!ports_.shards.advance(shard_, now, until, next_at)) {
    lost_ = true;
    queue_.clear();
    handing_out_ = false;
    return false;
  }
  settled_ = 0;
  advanced_at_ = store_away_since_ = now;
  return true;
}

std::optional<webpush::PushRequest> ShardRun::next() {
  while (!queue_.empty()) {
    auto sending = std::move(queue_.front());
    queue_.pop_front();
    const auto& [id, recipient, key_id] = sending.subscription;
    const auto service = service_of(sending.subscription);
    const auto now = ports_.clock.now();
    // The table may hold what never went through our doors: look at it as at a stranger's.
    if (const auto endpoint = webpush::Endpoint::parse(recipient.endpoint.url(), ports_.policy);
        !endpoint) {
      settle(sending.one, Fate::Skipped, service, "endpoint " + endpoint.error().message);
      continue;
    }
    auto* vapid = ports_.vapid.find(key_id);
    if (!vapid) {
      settle(sending.one, Fate::Skipped, service, "made with a VAPID key that is not held here");
      continue;
    }
    if (sending.one.again && shows_twins(service)) {
      settle(sending.one, Fate::UnsureKept, service, "");
      continue;
    }
    if (const auto rest = breaker_.rest_until(service); rest > now) {
      put_off(sending, service, "", rest);
      continue;
    }
    try {
      auto message = campaign_.message;
      message.ttl = ttl_left(now);
      auto request = webpush::compose(next_tag_, message, recipient, *vapid, now);
      ++tried_;
      out_.emplace(next_tag_++, std::move(sending));
      return request;
    } catch (const CryptoFailure& failure) {
      settle(sending.one, Fate::Skipped, service, failure.what());
    }
  }
  return std::nullopt;
}

void ShardRun::settle(const Shard::HandedOut& one, Fate fate, const std::string& service,
                      std::string reason) {
  shard_.settle(one.position, fate, service, std::move(reason));
  ++settled_;
}

void ShardRun::put_off(const Sending& sending, const std::string& service, std::string reason,
                       Time until) {
  settle(sending.one, Fate::Later, service, std::move(reason));
  next_at_ = std::min(next_at_.value_or(until), until);
}

void ShardRun::report(const webpush::PushReply& reply) {
  const auto found = out_.find(reply.tag);
  if (found == out_.end() || lost_) return;
  const auto sending = std::move(found->second);
  out_.erase(found);
  const auto service = service_of(sending.subscription);
  const auto now = ports_.clock.now();
  const auto outcome = webpush::judge(reply);
  auto reason = to_reason(reply);
  if (const auto state = breaker_.note(service, reply, outcome, reason, now)) {
    try {
      ports_.services.note(*state);
    } catch (const StoreFailure& failure) {  // we rest all the same, others find out by themselves
      log::warning("store_away", {{"service", service}, {"reason", failure.what()}});
    }
  }
  switch (outcome) {
    case webpush::Outcome::Accepted:
      settle(sending.one, Fate::Accepted, service, "");
      break;
    case webpush::Outcome::Gone:
      gone_[service].push_back(sending.subscription.id);
      settle(sending.one, Fate::Gone, service, std::move(reason));
      break;
    case webpush::Outcome::Refused:
      settle(sending.one, Fate::Failed, service, std::move(reason));
      break;
    case webpush::Outcome::Unsure:
      settle(sending.one, shows_twins(service) ? Fate::UnsureKept : Fate::Unsure, service,
             std::move(reason));
      break;
    case webpush::Outcome::TryLater:
    case webpush::Outcome::Denied:
      put_off(sending, service, std::move(reason),
              now + std::max(reply.retry_after, kShortestRest));
      break;
  }
  if (settled_ >= kStep) hand_out_more();
}

// 404 and 410 end a subscription, but a service that says so of everybody is not believed: at most
// a fifth of those that it answered for in this shard, and in the first shard 50 in any case.
void ShardRun::mark_gone() {
  for (auto& [service, ids] : gone_) {
    std::uint64_t answered = 0;
    const auto& counts = shard_.services[service].counts;
    for (const auto fate : {Fate::Accepted, Fate::Gone, Fate::Failed}) answered += counts[fate];
    const auto allowed = std::max(shard_.number == 0 ? kGoneAlways : 0, answered / 5);
    auto& marked = marked_gone_[service];
    if (marked >= allowed || ids.empty()) continue;
    const auto some =
        std::min<std::uint64_t>(ids.size(), std::min<std::uint64_t>(allowed - marked, 1000));
    const std::vector<SubscriptionId> batch(ids.end() - static_cast<std::ptrdiff_t>(some),
                                            ids.end());
    ports_.subscriptions.mark_gone(batch, ports_.clock.now());
    ids.resize(ids.size() - some);
    marked += some;
  }
}

ShardRun::End ShardRun::finish_round() {
  const auto now = ports_.clock.now();
  auto next_at = now;
  if (shard_.is_round_over()) {
    if (tried_ > 0) ++shard_.attempt;
    if (shard_.attempt >= kMaxAttempts || campaign_.message.ttl == Seconds{0})
      shard_.give_up_rest();
    if (is_past_its_time(now)) shard_.expire_rest();
    const auto wait = now + std::max(retry_wait(shard_.attempt, random_fraction()), kShortestRest);
    next_at = std::max(next_at_.value_or(wait), wait);
    // Nothing of it is sent after the campaign's time, so that it need not be waited for beyond.
    if (const auto end = campaign_.expires_at()) next_at = std::min(next_at, *end);
  }
  for (;;) {
    try {
      if (!advance(now, next_at)) return End::Left;
      mark_gone();
      break;
    } catch (const StoreFailure&) {
      if (ports_.clock.now() - store_away_since_ > kLease - Seconds{10} || stop_()) throw;
      ports_.clock.sleep(Seconds{1});
    }
  }
  for (const auto& [service, ids] : gone_)
    if (!ids.empty())
      log::warning("mass_gone", {{"campaign", campaign_.id.value},
                                 {"service", service},
                                 {"kept", std::uint64_t{ids.size()}}});
  return halted_ ? End::Halted : End::Recorded;
}

}  // namespace lamppost::core
