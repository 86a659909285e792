#include "lib/curl/host_queue.h"

#include <algorithm>
#include <utility>

namespace lamppost::curl {

void HostQueue::sent(Instant now) {
  if (in_flight_++ == 0) silent_since_ = now;
}

void HostQueue::start_again(Queued queued, Instant now) {
  constexpr std::chrono::milliseconds kFirstPause{10};
  const auto pause = kFirstPause * (1 << std::min(queued.starts - 1, 6));
  paused_until_ = std::max(paused_until_, now + pause);
  waiting.push_front(std::move(queued));
}

void HostQueue::settled(Instant now, bool answered) {
  --in_flight_;
  if (!answered) return;
  has_answered_ = true;
  silent_since_ = now;
}

}  // namespace lamppost::curl
