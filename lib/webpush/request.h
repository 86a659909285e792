#pragma once
// The HTTP request around an encrypted message (RFC 8030, 5), with the services' extras.

#include <cstdint>

#include "lib/base/clock.h"
#include "lib/webpush/message.h"
#include "lib/webpush/push_service.h"
#include "lib/webpush/recipient.h"
#include "lib/webpush/vapid.h"

namespace lamppost::webpush {

/// One push of a checked message: encrypted under a fresh key pair and salt, signed, addressed.
/// Throws CryptoFailure for a recipient whose key is not on the curve.
PushRequest compose(std::uint64_t tag, const Message&, const Recipient&, Vapid&, Time now);

}  // namespace lamppost::webpush
