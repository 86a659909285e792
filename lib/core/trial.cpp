#include "lib/core/trial.h"

#include "lib/base/failure.h"
#include "lib/core/reason.h"
#include "lib/webpush/request.h"

#include <utility>

namespace lamppost::core {
namespace {

std::string name_of(int status) {
  switch (status) {
    case 200:
      return "200 OK";
    case 201:
      return "201 Created";
    case 202:
      return "202 Accepted";
    default:
      return std::to_string(status);
  }
}

}  // namespace

std::string_view to_text(webpush::Outcome outcome) {
  switch (outcome) {
    case webpush::Outcome::Accepted:
      return "accepted";
    case webpush::Outcome::Gone:
      return "gone";
    case webpush::Outcome::TryLater:
      return "later";
    case webpush::Outcome::Denied:
      return "denied";
    case webpush::Outcome::Refused:
      return "refused";
    case webpush::Outcome::Unsure:
      return "unsure";
  }
  return {};
}

Trial try_message(const webpush::Message& message, const Subscription& subscription,
                  const SendingPorts& ports) {
  const auto& recipient = subscription.recipient;
  Trial trial{webpush::Outcome::Unsure, "no answer", service_of(subscription)};
  // The table may hold what never went through our doors: look at it as at a stranger's.
  const auto endpoint = webpush::Endpoint::parse(recipient.endpoint.url(), ports.policy);
  if (!endpoint)
    return {webpush::Outcome::Refused, "endpoint " + endpoint.error().message, trial.service};
  auto* vapid = ports.vapid.find(subscription.key_id);
  if (!vapid)
    return {webpush::Outcome::Denied, "made with a VAPID key that is not held here", trial.service};
  std::optional<webpush::PushRequest> request;
  try {
    request = webpush::compose(1, message, recipient, *vapid, ports.clock.now());
  } catch (const CryptoFailure& failure) {
    return {webpush::Outcome::Refused, failure.what(), trial.service};
  }
  ports.push.send([&] { return std::exchange(request, std::nullopt); },
                  [&](const webpush::PushReply& reply) {
                    trial.outcome = webpush::judge(reply);
                    trial.reason = to_reason(reply);
                    if (trial.reason.empty() && reply.status) trial.reason = name_of(*reply.status);
                  },
                  [] {});
  return trial;
}

}  // namespace lamppost::core
