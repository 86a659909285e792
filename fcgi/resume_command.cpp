#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/progress_bar.h"
#include "fcgi/stop.h"
#include "lib/core/campaign_run.h"

#include <iostream>

namespace lamppost {
namespace {

// The next tick comes in a minute: waiting longer for a push service that rests would only pile up
// ticks.
constexpr Seconds kPatience{30};

int run(const Arguments& arguments) {
  const Stop stop;
  SendingDesk desk(arguments.config());
  const ProgressBar bar;
  for (const auto id : desk.campaigns.due()) {
    if (stop.requested()) break;
    core::CampaignRun sending(desk.ports());
    const auto progress = sending.run(id, kPatience, stop.check(),
                                      [&](const core::Progress& so_far) { bar.show(so_far); });
    std::cout << "campaign " << id.value << ' ' << core::to_text(progress.state) << ": "
              << summary(progress);
  }
  return 0;
}

}  // namespace

const Command& resume_command() {
  static const Command command{"resume",
                               "",
                               "Goes on with what was interrupted or is to be tried again; for "
                               "cron, each minute",
                               {},
                               run};
  return command;
}

}  // namespace lamppost
