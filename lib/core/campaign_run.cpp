#include "lib/core/campaign_run.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/webpush/outcome.h"
#include "lib/webpush/request.h"

#include <optional>

namespace lamppost::core {
namespace {

constexpr Seconds kTellEvery{5};
constexpr std::size_t kMaxReasons = 20;  // different ones per service; the rest is "other"

void note_reason(ServiceProgress& service, std::string reason) {
  if (reason.empty()) return;
  if (service.reasons.size() >= kMaxReasons && !service.reasons.contains(reason)) reason = "other";
  ++service.reasons[reason];
}

}  // namespace

Fate to_fate(const webpush::PushReply& reply) {
  switch (webpush::judge(reply)) {
    case webpush::Outcome::Accepted:
      return Fate::Accepted;
    case webpush::Outcome::Gone:
      return Fate::Gone;
    case webpush::Outcome::Unsure:
      return Fate::Unsure;
    case webpush::Outcome::TryLater:
    case webpush::Outcome::Denied:
    case webpush::Outcome::Refused:
      return Fate::Failed;
  }
  return Fate::Failed;
}

std::string to_reason(const webpush::PushReply& reply) {
  if (!reply.status) return reply.detail;
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

struct CampaignRun::Page {
  std::vector<SubscriptionId> ids;
  std::vector<Fate> fates;                  // one each
  std::vector<Subscription> subscriptions;  // the ones that are still there, rising
  std::size_t next = 0;                     // of `subscriptions`, to compose
  std::vector<std::size_t> position;        // of each subscription among `ids`
};

CampaignRun::CampaignRun(SubscriptionStore& subscriptions, webpush::PushService& push,
                         webpush::VapidKeys& vapid, const webpush::EndpointPolicy& policy,
                         Clock& clock)
    : subscriptions_(subscriptions), push_(push), vapid_(vapid), policy_(policy), clock_(clock) {}

Progress CampaignRun::run(CampaignId id, const webpush::Message& message, const StopCheck& stop,
                          const Settled& settled, const Tell& tell) {
  Progress progress;
  progress.id = id;
  told_at_ = clock_.now();
  SubscriptionId last{};
  while (!stop()) {
    Page page;
    page.ids = subscriptions_.select(last, kPage);
    if (page.ids.empty()) {
      progress.state = CampaignState::Finished;
      break;
    }
    last = page.ids.back();
    page.fates.assign(page.ids.size(), Fate::Skipped);  // until a reply says otherwise
    page.subscriptions = subscriptions_.read(page.ids);
    send(page, message, progress, tell);

    std::vector<SubscriptionId> gone;
    for (std::size_t i = 0; i < page.ids.size(); ++i) {
      ++progress.counts[page.fates[i]];
      if (page.fates[i] == Fate::Gone) gone.push_back(page.ids[i]);
    }
    if (!gone.empty()) subscriptions_.mark_gone(gone, clock_.now());
    settled(page.fates);
  }
  return progress;
}

void CampaignRun::send(Page& page, const webpush::Message& message, Progress& progress,
                       const Tell& tell) {
  for (std::size_t i = 0, s = 0; i < page.ids.size() && s < page.subscriptions.size(); ++i)
    if (page.ids[i] == page.subscriptions[s].id) {
      page.position.push_back(i);
      ++s;
    }
  const auto next = [&] { return compose_next(page, message, progress); };
  const auto done = [&](const webpush::PushReply& reply) {
    const auto fate = to_fate(reply);
    page.fates[page.position[reply.tag]] = fate;
    const auto host = page.subscriptions[reply.tag].recipient.endpoint.host();
    auto& service = progress.services[std::string(host)];
    ++service.counts[fate];
    note_reason(service, to_reason(reply));
  };
  const auto tick = [&] {
    if (clock_.now() - told_at_ < kTellEvery) return;
    told_at_ = clock_.now();
    tell(progress);
  };
  push_.send(next, done, tick);
}

std::optional<webpush::PushRequest> CampaignRun::compose_next(Page& page,
                                                              const webpush::Message& message,
                                                              Progress& progress) {
  while (page.next < page.subscriptions.size()) {
    const auto index = page.next++;
    const auto& [id, recipient, key_id] = page.subscriptions[index];
    const auto skip = [&](std::string reason) {
      auto& service = progress.services[std::string(recipient.endpoint.host())];
      ++service.counts[Fate::Skipped];
      note_reason(service, std::move(reason));
    };
    // The table may hold what never went through our doors: look at it as at a stranger's.
    if (const auto endpoint = webpush::Endpoint::parse(recipient.endpoint.url(), policy_);
        !endpoint) {
      skip("endpoint " + endpoint.error().message);
      continue;
    }
    auto* vapid = vapid_.find(key_id);
    if (!vapid) {
      skip("made with a VAPID key that is not held here");
      continue;
    }
    try {
      return webpush::compose(index, message, recipient, *vapid, clock_.now());
    } catch (const CryptoFailure& failure) {
      skip(failure.what());
    }
  }
  return std::nullopt;
}

}  // namespace lamppost::core
