#pragma once
// A clock that stands still until a test moves it; sleeping moves it too.

#include "lib/base/clock.h"

namespace lamppost::fakes {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time now = Time{Seconds{1'800'000'000}}) : now_(now) {}

  Time now() const override { return now_; }
  void sleep(Seconds time) override { now_ += time; }
  void advance(Seconds time) { now_ += time; }

 private:
  Time now_;
};

}  // namespace lamppost::fakes
