#include "fcgi/stop.h"

#include "lib/base/failure.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace lamppost {
namespace {

sigset_t make_set(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

// A closed terminal ends a program as SIGTERM does, but not one that nohup has started.
std::initializer_list<int> stop_signals() {
  static constexpr std::initializer_list<int> kAll{SIGTERM, SIGINT, SIGHUP};
  static constexpr std::initializer_list<int> kWithoutTerminal{SIGTERM, SIGINT};
  struct sigaction hang_up {};
  sigaction(SIGHUP, nullptr, &hang_up);
  return hang_up.sa_handler == SIG_IGN ? kWithoutTerminal : kAll;
}

}  // namespace

SignalDescriptor::SignalDescriptor(std::initializer_list<int> signals) {
  const auto set = make_set(signals);
  // A process that was started in the background may have them ignored, and an ignored signal is
  // never shown on a descriptor.
  for (const int signal : signals) ::signal(signal, SIG_DFL);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor_ < 0) throw Failure("no descriptor for signals");
}

SignalDescriptor::~SignalDescriptor() { close(descriptor_); }

void SignalDescriptor::drain() const {
  signalfd_siginfo taken;
  while (read(descriptor_, &taken, sizeof taken) == sizeof taken) {
  }
}

Stop::Stop() : signals_(stop_signals()) {}

bool Stop::requested() const {
  pollfd waiting{.fd = signals_.get(), .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, 0) > 0;
}

}  // namespace lamppost
