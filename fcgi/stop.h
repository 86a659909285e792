#pragma once
// How a process learns that it is to end: SIGTERM, SIGINT and SIGHUP, watched through a descriptor.
// No handler runs in the middle of anything, and nothing global is needed.

#include "lib/base/clock.h"

namespace lamppost {

/// A descriptor that is readable while one of `signals` waits; they are blocked from here on.
class SignalDescriptor {
 public:
  explicit SignalDescriptor(std::initializer_list<int> signals);
  ~SignalDescriptor();
  SignalDescriptor(const SignalDescriptor&) = delete;
  SignalDescriptor& operator=(const SignalDescriptor&) = delete;

  int get() const noexcept { return descriptor_; }
  /// Takes what waits, so that it is no longer readable.
  void drain() const;

 private:
  int descriptor_;
};

class Stop {
 public:
  Stop();
  /// True from the first signal on: it is never taken from the descriptor.
  bool requested() const;
  int descriptor() const noexcept { return signals_.get(); }
  StopCheck check() const {
    return [this] { return requested(); };
  }

 private:
  SignalDescriptor signals_;
};

}  // namespace lamppost
