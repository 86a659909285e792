#include "lib/base/clock.h"

#include <time.h>

namespace lamppost {

Time SystemClock::now() const {
  return std::chrono::floor<Seconds>(std::chrono::system_clock::now());
}

void SystemClock::sleep(Seconds duration) {
  const timespec wait{.tv_sec = duration.count(), .tv_nsec = 0};
  // std::this_thread::sleep_for would go on sleeping after SIGTERM.
  nanosleep(&wait, nullptr);
}

}  // namespace lamppost
