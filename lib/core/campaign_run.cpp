#include "lib/core/campaign_run.h"

#include "lib/base/failure.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/webpush/host_name.h"
#include "lib/webpush/outcome.h"
#include "lib/webpush/request.h"

namespace lamppost::core {
namespace {

constexpr Seconds kTellEvery{5};
// Strangers choose the hosts below a suffix, and services their words: neither must eat the memory.
constexpr std::size_t kMaxServices = 100;
constexpr std::size_t kMaxReasons = 20;  // different ones per service
constexpr const char* kRest = "other";

// Where a bad row has no host, part of its endpoint would stand in the report instead.
ServiceProgress& service_of(Progress& progress, const webpush::Endpoint& endpoint) {
  const bool has_host =
      endpoint.url().starts_with("https://") && webpush::is_host_name(endpoint.host());
  std::string name(has_host ? endpoint.host() : "unknown");
  if (progress.services.size() >= kMaxServices && !progress.services.contains(name)) name = kRest;
  return progress.services[name];
}

void note(ServiceProgress& service, Fate fate, std::string reason) {
  ++service.counts[fate];
  if (reason.empty()) return;
  if (service.reasons.size() >= kMaxReasons && !service.reasons.contains(reason)) reason = kRest;
  ++service.reasons[reason];
}

void settle(Counts& counts, Fate fate) {
  --counts[Fate::Waiting];
  ++counts[fate];
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
  std::vector<Fate> fates;                  // one each; Waiting until settled
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
    page.fates.assign(page.ids.size(), Fate::Waiting);
    progress.counts[Fate::Waiting] += page.ids.size();
    page.subscriptions = subscriptions_.read(page.ids);
    send(page, message, progress, tell);

    std::vector<SubscriptionId> gone;
    for (std::size_t i = 0; i < page.ids.size(); ++i) {
      if (page.fates[i] == Fate::Gone) gone.push_back(page.ids[i]);
      if (page.fates[i] != Fate::Waiting) continue;
      page.fates[i] = Fate::Skipped;  // left us between select and read
      settle(progress.counts, Fate::Skipped);
    }
    if (!gone.empty()) subscriptions_.mark_gone(gone, clock_.now());
    settled(page.fates);
    tell_if_due(progress, tell);  // pages quicker than a tick would never tell
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
    settle(progress.counts, fate);
    const auto& endpoint = page.subscriptions[reply.tag].recipient.endpoint;
    note(service_of(progress, endpoint), fate, to_reason(reply));
  };
  push_.send(next, done, [&] { tell_if_due(progress, tell); });
}

void CampaignRun::tell_if_due(const Progress& progress, const Tell& tell) {
  const auto now = clock_.now();
  if (now - told_at_ < kTellEvery) return;
  told_at_ = now;
  tell(progress);
}

std::optional<webpush::PushRequest> CampaignRun::compose_next(Page& page,
                                                              const webpush::Message& message,
                                                              Progress& progress) {
  while (page.next < page.subscriptions.size()) {
    const auto index = page.next++;
    const auto& [id, recipient, key_id] = page.subscriptions[index];
    const auto skip = [&](std::string reason) {
      page.fates[page.position[index]] = Fate::Skipped;
      settle(progress.counts, Fate::Skipped);
      note(service_of(progress, recipient.endpoint), Fate::Skipped, std::move(reason));
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
