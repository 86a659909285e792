#include "lib/curl/host_queue.h"

namespace lamppost::curl {

void HostQueue::sent(Instant now) {
  if (in_flight_++ == 0) silent_since_ = now;
}

void HostQueue::settled(Instant now, bool answered) {
  --in_flight_;
  if (!answered) return;
  has_answered_ = true;
  silent_since_ = now;
}

}  // namespace lamppost::curl
