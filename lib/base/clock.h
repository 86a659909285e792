#pragma once
// Time as the product counts it: whole seconds of UTC, behind a port so that tests can set it.

#include <chrono>
#include <functional>

namespace lamppost {

using Seconds = std::chrono::seconds;
using Time = std::chrono::sys_seconds;  // UTC; in SQL a BIGINT of Unix seconds

class Clock {  // port
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  /// Returns early when a signal arrives; callers look at their StopCheck.
  virtual void sleep(Seconds) = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  void sleep(Seconds) override;
};

using StopCheck = std::function<bool()>;  // true once the process was asked to stop

}  // namespace lamppost
