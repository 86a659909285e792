#include "lib/core/errand_run.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/core/reason.h"
#include "lib/webpush/request.h"

#include <algorithm>

namespace lamppost::core {

ErrandRun::ErrandRun(const SendingPorts& ports, ErrandStore& errands, const Site& site,
                     ErrandWords words)
    : ports_(ports), errands_(errands), site_(site), words_(std::move(words)) {}

std::size_t ErrandRun::run(const StopCheck& stop) {
  accepted_ = 0;
  out_.clear();
  if (const auto now = ports_.clock.now(); now - tidied_at_ >= Seconds{60}) {
    errands_.tidy(now);
    tidied_at_ = now;
  }
  ErrandId after{};
  for (;;) {
    const auto page = errands_.waiting(after, kPage);
    if (page.empty() || stop()) return accepted_;
    after = page.back().id;
    const auto now = ports_.clock.now();
    breaker_.load(ports_.services.states(), now);
    auto ready = look_at(page, now);
    ports_.push.send([&] { return next(ready, stop); },
                     [this](const auto& reply) { report(reply); }, [] {});
  }
}

// Those of the page that may be sent now. Nobody gets what is not for anybody: it is forgotten.
std::deque<ErrandRun::Ready> ErrandRun::look_at(const std::vector<Errand>& page, Time now) {
  std::vector<SubscriptionId> ids;
  for (const auto& errand : page) ids.push_back(errand.content.subscription);
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  const auto subscriptions = ports_.subscriptions.read(ids);

  std::deque<Ready> ready;
  for (const auto& errand : page) {
    const auto found =
        std::ranges::find(subscriptions, errand.content.subscription, &Subscription::id);
    auto one = found == subscriptions.end() ? std::nullopt : prepare(errand, *found);
    if (!one || now - errand.asked_at >= ErrandStore::kLife)
      errands_.take(errand.id);
    else if (breaker_.rest_until(one->service) <= now)
      ready.push_back(*std::move(one));
  }
  return ready;
}

std::optional<ErrandRun::Ready> ErrandRun::prepare(const Errand& errand,
                                                   const Subscription& subscription) const {
  // The table may hold what never went through our doors: look at it as at a stranger's.
  const auto& url = subscription.recipient.endpoint.url();
  const auto endpoint = webpush::Endpoint::parse(url, ports_.policy);
  auto* vapid = ports_.vapid.find(subscription.key_id);
  if (!endpoint || !vapid) return std::nullopt;
  return Ready{errand, subscription, service_of(subscription), vapid};
}

std::optional<webpush::PushRequest> ErrandRun::next(std::deque<Ready>& ready,
                                                    const StopCheck& stop) {
  while (!ready.empty() && !stop()) {
    const auto one = std::move(ready.front());
    ready.pop_front();
    const auto now = ports_.clock.now();
    if (breaker_.rest_until(one.service) > now || !errands_.take(one.errand.id)) continue;
    try {
      const auto message = make_errand_message(one.errand, words_, site_, now);
      auto request =
          webpush::compose(next_tag_, message, one.subscription.recipient, *one.vapid, now);
      out_.emplace(next_tag_++, one.service);
      return request;
    } catch (const Failure& failure) {  // no such key on the curve, or too many words
      log::warning("errand_unsent", {{"service", one.service}, {"reason", failure.what()}});
    }
  }
  return std::nullopt;
}

void ErrandRun::report(const webpush::PushReply& reply) {
  const auto found = out_.find(reply.tag);
  if (found == out_.end()) return;
  const auto service = std::move(found->second);
  out_.erase(found);
  const auto reason = to_reason(reply);
  const auto outcome = webpush::judge(reply);
  if (!reply.held_back && outcome == webpush::Outcome::Accepted)
    ++accepted_;
  else
    log::notice("errand_failed", {{"service", service}, {"reason", reason}});
  if (reply.held_back) return;
  const auto now = ports_.clock.now();
  const auto state = breaker_.note(service, reply, outcome, reason, now);
  if (!state) return;
  if (state->rest_until > now) ports_.push.hold_back("https://" + service);
  ports_.services.note(*state);
}

}  // namespace lamppost::core
