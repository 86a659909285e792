#pragma once
// Works on a campaign: pages of recipients out, fates in. Any transport, any store.

#include <functional>
#include <optional>
#include <span>

#include "lib/base/clock.h"
#include "lib/core/campaign.h"
#include "lib/core/subscription.h"
#include "lib/webpush/message.h"
#include "lib/webpush/push_service.h"
#include "lib/webpush/vapid.h"

namespace lamppost::core {

class CampaignRun {
 public:
  static constexpr std::size_t kPage = 500;

  /// All are used, none is owned.
  CampaignRun(SubscriptionStore&, webpush::PushService&, webpush::VapidKeys&,
              const webpush::EndpointPolicy&, Clock&);

  using Settled = std::function<void(std::span<const Fate>)>;
  using Tell = std::function<void(const Progress&)>;

  /// Sends to everybody and returns what came of it. `settled` gets the fates page by page in the
  /// order of the ids; `tell` the standing at least every 5 s. Gone subscriptions are marked so,
  /// nothing else touches one. Stops before the next page once `stop` says so. Throws StoreFailure.
  Progress run(CampaignId, const webpush::Message&, const StopCheck& stop, const Settled& settled,
               const Tell& tell);

 private:
  struct Page;
  void send(Page&, const webpush::Message&, Progress&, const Tell&);
  std::optional<webpush::PushRequest> compose_next(Page&, const webpush::Message&, Progress&);
  void tell_if_due(const Progress&, const Tell&);

  SubscriptionStore& subscriptions_;
  webpush::PushService& push_;
  webpush::VapidKeys& vapid_;
  const webpush::EndpointPolicy& policy_;
  Clock& clock_;
  Time told_at_{};
};

/// What a reply means for one recipient when there is no later try.
Fate to_fate(const webpush::PushReply&);

/// The reason of a reply as reports show it: "403 BadJwtToken", "could not connect".
std::string to_reason(const webpush::PushReply&);

}  // namespace lamppost::core
