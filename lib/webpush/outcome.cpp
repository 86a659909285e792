#include "lib/webpush/outcome.h"

#include <string_view>

namespace lamppost::webpush {
namespace {

// Apple answers 400 where others answer 401 or 403, with the reason in the body.
bool is_about_our_key(std::string_view detail) {
  for (const std::string_view reason : {"VapidPkHashMismatch", "BadJwtToken", "BadVapidPublicKey",
                                        "BadAuthorizationHeader", "UnauthorizedRegistration"})
    if (detail.find(reason) != std::string_view::npos) return true;
  return false;
}

}  // namespace

Outcome judge(const PushReply& reply) {
  if (!reply.status) return reply.left ? Outcome::Unsure : Outcome::TryLater;
  const int status = *reply.status;
  if (status >= 200 && status < 300) return Outcome::Accepted;
  if (status >= 500 && status < 600) return Outcome::TryLater;
  switch (status) {
    case 404:
    case 410:
      return Outcome::Gone;
    case 401:
    case 403:
      return Outcome::Denied;
    case 400:
      return is_about_our_key(reply.detail) ? Outcome::Denied : Outcome::Refused;
    case 406:  // how the Windows service says 429
    case 408:
    case 425:
    case 429:
      return Outcome::TryLater;
    default:
      return Outcome::Refused;
  }
}

}  // namespace lamppost::webpush
