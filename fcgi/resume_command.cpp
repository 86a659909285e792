#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/progress_bar.h"
#include "fcgi/stop.h"
#include "lib/base/log.h"
#include "lib/core/campaign_run.h"
#include "lib/core/errand_run.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <iostream>

namespace lamppost {
namespace {

// The next tick comes in a minute: waiting longer for a push service that rests would only pile up
// ticks.
constexpr Seconds kPatience{30};
constexpr Seconds kLongestStay{3600};

void work_on_campaigns(SendingDesk& desk, const Stop& stop) {
  const ProgressBar bar;
  for (const auto id : desk.campaigns.due(desk.clock.now())) {
    if (stop.requested()) break;
    core::CampaignRun sending(desk.ports());
    const auto progress = sending.run(id, kPatience, stop.check(),
                                      [&](const core::Progress& so_far) { bar.show(so_far); });
    std::cout << "campaign " << id.value << ' ' << core::to_text(progress.state) << ": "
              << summary(progress);
  }
}

// The campaigns in a process of their own: somebody waits for an errand, and a campaign may take
// minutes.
class CampaignProcess {
 public:
  explicit CampaignProcess(const Config& config) {
    const auto parent = getpid();
    pid_ = fork();
    if (pid_ < 0) throw Failure("no process for the campaigns: fork failed");
    if (pid_ == 0) _exit(work(config, parent));
  }
  ~CampaignProcess() {
    if (runs()) end();
  }
  CampaignProcess(const CampaignProcess&) = delete;
  CampaignProcess& operator=(const CampaignProcess&) = delete;

  bool runs() {
    int status = 0;
    if (pid_ != 0 && waitpid(pid_, &status, WNOHANG) != 0) note_end(status);
    return pid_ != 0;
  }
  /// Tells it to end; what is in flight settles within 10 s.
  void end() {
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
    note_end(status);
  }
  int code() const noexcept { return code_; }

 private:
  static int work(const Config& config, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);  // it does not outlive us
    if (getppid() != parent) return 0;
    try {
      const Stop stop;
      SendingDesk desk(config);
      work_on_campaigns(desk, stop);
      std::cout.flush();
      return 0;
    } catch (const std::exception& failure) {
      std::cerr << "lamppost: " << failure.what() << '\n';
      return 1;
    }
  }
  void note_end(int status) {
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    pid_ = 0;
  }

  pid_t pid_ = 0;  // 0: ended
  int code_ = 0;
};

// Looks for errands each second. A database that is away is waited for.
int stay(const Config& config, Seconds time) {
  CampaignProcess campaigns(config);
  const Stop stop;
  SendingDesk desk(config);
  core::ErrandRun errands(desk.ports(), desk.errands, desk.site, make_words(config));
  const auto until = desk.clock.now() + time;
  bool away = false;
  while (!stop.requested()) {
    try {
      errands.run(stop.check());
      away = false;
    } catch (const StoreFailure& failure) {
      if (!away) log::warning("store_away", {{"reason", failure.what()}});
      away = true;
    }
    if (!campaigns.runs() && desk.clock.now() >= until) break;
    desk.clock.sleep(Seconds{1});
  }
  if (campaigns.runs()) campaigns.end();
  return away ? 1 : campaigns.code();
}

Seconds read_stay(const std::string& text) {
  Seconds::rep seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 ||
      seconds > kLongestStay.count())
    throw UsageFailure("--stay must be a whole number of seconds between 1 and " +
                       std::to_string(kLongestStay.count()));
  return Seconds{seconds};
}

int run(const Arguments& arguments) {
  const auto config = arguments.config();
  if (const auto time = arguments.value("--stay")) return stay(config, read_stay(*time));
  const Stop stop;
  SendingDesk desk(config);
  core::ErrandRun(desk.ports(), desk.errands, desk.site, make_words(config)).run(stop.check());
  work_on_campaigns(desk, stop);
  return 0;
}

}  // namespace

const Command& resume_command() {
  static const Command command{
      "resume",
      "",
      "Goes on with what was interrupted or is to be tried again, welcomes new subscribers; for "
      "cron, each minute",
      {{"--stay", "SECONDS", "looks for new subscribers each second, so long; at most 3600"}},
      run};
  return command;
}

}  // namespace lamppost
