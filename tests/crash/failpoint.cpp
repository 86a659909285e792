#include "tests/crash/failpoint.h"

#include "lib/base/failure.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace lamppost::crash {

Failpoint Failpoint::from_environment() {
  Failpoint point;
  const char* const set = std::getenv("LAMPPOST_FAILPOINT");
  if (!set) return point;
  const std::string_view text = set;
  const auto first = text.find(':');
  const auto second = text.find(':', first + 1);
  if (first == text.npos || second == text.npos)
    throw Failure("LAMPPOST_FAILPOINT must be NAME:NTH:exit, abort or sleep");
  point.name_ = text.substr(0, first);
  const auto nth = text.substr(first + 1, second - first - 1);
  const auto [end, error] = std::from_chars(nth.data(), nth.data() + nth.size(), point.left_);
  if (error != std::errc{} || end != nth.data() + nth.size() || point.left_ == 0)
    throw Failure("LAMPPOST_FAILPOINT: NTH must be a number from 1");
  const auto action = text.substr(second + 1);
  if (action == "abort")
    point.action_ = Action::Abort;
  else if (action == "sleep")
    point.action_ = Action::Sleep;
  else if (action != "exit")
    throw Failure("LAMPPOST_FAILPOINT must end in exit, abort or sleep");
  return point;
}

void Failpoint::pass(std::string_view name) {
  if (name != name_ || left_ == 0 || --left_ > 0) return;
  switch (action_) {
    case Action::Exit:
      _exit(kExitCode);
    case Action::Abort: {
      const rlimit none{};  // no core file
      setrlimit(RLIMIT_CORE, &none);
      std::abort();
    }
    case Action::Sleep:
      raise(SIGSTOP);
      return;
  }
}

}  // namespace lamppost::crash
