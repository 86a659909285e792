#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/stop.h"
#include "lib/base/json.h"
#include "lib/core/tidy.h"
#include "lib/mysql/census.h"
#include "lib/mysql/chores.h"
#include "lib/mysql/daily.h"
#include "lib/mysql/tidying.h"

#include <iostream>

namespace lamppost {
namespace {

// Nobody waits for it, and a count of a large site may take a minute on a host that is busy.
constexpr Seconds kPatient{600};

mysql::Login patient_login(const Config& config) {
  auto login = make_login(config, Role::Admin);
  login.answer_timeout = kPatient;
  return login;
}

json::Object to_json(const core::Tidied& tidied) {
  return {{"days", std::uint64_t{tidied.days}},
          {"gone", std::uint64_t{tidied.gone}},
          {"idle", std::uint64_t{tidied.idle}},
          {"campaigns", std::uint64_t{tidied.campaigns}},
          {"whole", tidied.whole}};
}

int run(const Arguments& arguments) {
  const auto config = arguments.config();
  const Stop stop;
  const SystemClock clock;
  mysql::Session session(patient_login(config));
  mysql::Census census(session);
  mysql::Daily daily(session);
  mysql::Shards shards(session);
  mysql::Tidying store(session);
  mysql::Errands errands(session);
  const auto retention = std::chrono::days{config.retention_days};
  const auto tidied =
      core::tidy({{census, daily, shards}, store, errands}, retention, clock.now(), stop.check());
  if (tidied.whole) mysql::Chores(session).note(mysql::kTidyChore, clock.now());
  if (arguments.has("--json"))
    std::cout << json::write(to_json(tidied)) << '\n';
  else
    std::cout << "rolled up: " << tidied.days << " days; erased: " << tidied.gone
              << " subscriptions that were gone, " << tidied.idle
              << " that were idle, the fates of " << tidied.campaigns << " campaigns\n";
  if (!tidied.whole)
    std::cerr << "lamppost: tidy was stopped before its end; the next one goes on\n";
  return tidied.whole ? 0 : 1;
}

}  // namespace

const Command& tidy_command() {
  static const Command command{
      "tidy",
      "",
      "Keeps the numbers of finished days and erases what is no longer needed; for cron, daily",
      {{"--json", "", "for programs"}},
      run};
  return command;
}

}  // namespace lamppost
