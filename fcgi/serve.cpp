#include "fcgi/serve.h"

#include "fcgi/listening_socket.h"
#include "fcgi/stop.h"
#include "lib/base/failure.h"
#include "lib/base/log.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <vector>

namespace lamppost {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(15);  // what is in flight settles within 10 s
constexpr auto kShortLife = std::chrono::seconds(1);
constexpr auto kMaxPause = std::chrono::seconds(8);

class Parent {
 public:
  Parent(const Pool& pool, const std::function<void(int)>& work)
      : socket_(open_listening_socket(pool.socket)), wanted_(pool.workers), work_(work) {}

  int run() {
    const SignalDescriptor children({SIGCHLD});
    const Stop stop;
    while (!stop.requested()) {
      start_missing();
      wait_for(children, stop);
      reap();
    }
    return end_all(children);
  }

 private:
  // A worker that dies at once, for want of a file say, is not restarted at once: the pause
  // doubles.
  void start_missing() {
    if (SteadyClock::now() < next_start_) return;
    while (started_.size() < wanted_) start();
  }

  void start() {
    const auto parent = getpid();
    const auto pid = fork();
    if (pid < 0) throw Failure("a worker cannot be started: fork failed");
    if (pid > 0) {
      started_[pid] = SteadyClock::now();
      return;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);  // no worker outlives its parent
    if (getppid() != parent) _exit(0);
    int code = 0;
    try {
      work_(socket_);
    } catch (const std::exception& failure) {
      log::error("worker_failed", {{"reason", failure.what()}});
      code = 1;
    }
    _exit(code);
  }

  void wait_for(const SignalDescriptor& children, const Stop& stop) const {
    pollfd waiting[] = {{.fd = children.get(), .events = POLLIN, .revents = 0},
                        {.fd = stop.descriptor(), .events = POLLIN, .revents = 0}};
    poll(waiting, 2, started_.size() < wanted_ ? 100 : -1);
    children.drain();
  }

  void reap() {
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto age = SteadyClock::now() - started_[pid];
      started_.erase(pid);
      pause_ = age >= kShortLife ? SteadyClock::duration{}
                                 : std::clamp<SteadyClock::duration>(
                                       pause_ * 2, std::chrono::milliseconds(250), kMaxPause);
      next_start_ = SteadyClock::now() + pause_;
      log::warning("worker_ended", {{"pid", std::int64_t{pid}},
                                    {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0},
                                    {"code", WIFEXITED(status) ? WEXITSTATUS(status) : 0}});
    }
  }

  int end_all(const SignalDescriptor& children) {
    for (const auto& [pid, born] : started_) kill(pid, SIGTERM);
    const auto deadline = SteadyClock::now() + kPatience;
    while (!started_.empty() && SteadyClock::now() < deadline) {
      pollfd waiting{.fd = children.get(), .events = POLLIN, .revents = 0};
      poll(&waiting, 1, 100);
      children.drain();
      for (pid_t pid; (pid = waitpid(-1, nullptr, WNOHANG)) > 0;) started_.erase(pid);
    }
    for (const auto& [pid, born] : started_) {
      log::error("worker_killed", {{"pid", std::int64_t{pid}}});
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    return started_.empty() ? 0 : 1;
  }

  int socket_;
  std::size_t wanted_;
  const std::function<void(int)>& work_;
  std::map<pid_t, SteadyClock::time_point> started_;
  SteadyClock::time_point next_start_{};
  SteadyClock::duration pause_{};
};

}  // namespace

int run_pool(const Pool& pool, const std::function<void(int)>& work) {
  return Parent(pool, work).run();
}

}  // namespace lamppost
