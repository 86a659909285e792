#pragma once
// What a push service's reply means for the recipient. The table is the whole truth about it.

#include "lib/webpush/push_service.h"

namespace lamppost::webpush {

enum class Outcome {
  Accepted,  // 2xx: taken by the push service, which is not yet delivered
  Gone,      // 404, 410: delete the subscription; nothing else ever deletes one
  TryLater,  // 406, 408, 425, 429, 5xx, or it never left us (DNS, connect, TLS)
  Denied,    // 401, 403, a 400 about our key or claims: nothing is wrong with the subscription
  Refused,   // any other answer: another try would get the same
  Unsure,    // it left us and no answer came
};

Outcome judge(const PushReply&);

}  // namespace lamppost::webpush
