// The doctor's look at what runs by itself: cron's commands, the push services' answers, clocks.

#include "fcgi/assembly.h"
#include "fcgi/doctor.h"
#include "lib/base/failure.h"
#include "lib/mysql/chores.h"
#include "lib/mysql/server_clock.h"

#include <algorithm>

namespace lamppost {
namespace {

constexpr Seconds kMinute{60}, kHour{3600};
constexpr Seconds kResumeSeen{5 * 60};  // it comes each minute
constexpr std::chrono::days kTidySeen{2};
constexpr Seconds kErrandWaits{120};   // it is carried out within a minute
constexpr Seconds kClockOff{5};        // leases are times by the hosts' clocks
constexpr Seconds kClockWrong{30};     // half of a lease
constexpr std::size_t kServices = 10;  // that are told of; strangers choose the hosts of some
constexpr std::size_t kErrands = 1000;

std::string ago(Seconds time) {
  if (time < 2 * kMinute) return std::to_string(time.count()) + " s ago";
  if (time < 2 * kHour) return std::to_string(time / kMinute) + " minutes ago";
  if (time < 48 * kHour) return std::to_string(time / kHour) + " hours ago";
  return std::to_string(time / (24 * kHour)) + " days ago";
}

Finding examine_chore(mysql::Chores& chores, std::string_view name, Seconds seen, Health otherwise,
                      Time now) {
  const auto check = "cron: " + std::string(name);
  const auto remedy = "let cron or systemctl enable --now lamppost-" + std::string(name) +
                      ".timer run lamppost " + std::string(name);
  const auto last = chores.last(name);
  if (!last) return {check, Health::Warning, "has never run so far", remedy};
  const auto detail = "ran " + ago(std::max(now - *last, Seconds{0}));
  if (now - *last <= seen) return {check, Health::Ok, detail};
  return {check, otherwise, detail, remedy};
}

Finding examine_errands(core::ErrandStore& errands, Time now) {
  const auto waiting = errands.waiting({}, kErrands);
  const auto late = std::ranges::count_if(
      waiting, [&](const auto& errand) { return now - errand.asked_at > kErrandWaits; });
  if (late == 0) return {"welcome and tests", Health::Ok, "nobody waits for long"};
  return {"welcome and tests", Health::Warning,
          std::to_string(late) + " wait for longer than two minutes",
          "see that lamppost resume runs each minute"};
}

Finding examine_clock(mysql::Session& session, Time now) {
  const auto off = std::chrono::abs(mysql::server_time(session) - now);
  const auto detail = std::to_string(off.count()) + " s between this host and the database";
  if (off <= kClockOff) return {"clock", Health::Ok, detail};
  return {"clock", off > kClockWrong ? Health::Failed : Health::Warning, detail,
          "let both take their time from the network (systemd-timesyncd, chrony)"};
}

Finding of_service(const core::PushServiceState& state, Time now) {
  const auto check = "push service " + state.service;
  if (state.denied_since)
    return {check, Health::Failed,
            "has refused us, first " + ago(now - *state.denied_since) + ": " + state.reason,
            "compare vapid_subject and the key with what it says; lamppost keys check"};
  if (state.rest_until > now)
    return {check, Health::Warning,
            "rests for " + std::to_string((state.rest_until - now).count()) + " s: " + state.reason,
            "nothing; it is tried again by itself"};
  return {check, Health::Ok, "said last: " + state.reason};
}

void examine_services(core::PushServiceStore& services, Time now, Findings& findings) {
  std::size_t told = 0;
  for (const auto& state : services.states())
    if (!state.reason.empty() && told++ < kServices) findings.add(of_service(state, now));
  if (told == 0) findings.add({"push services", Health::Ok, "none refuses us or rests"});
}

}  // namespace

void examine_running(const Config& config, Findings& findings) {
  Desk desk(config, Role::Admin);
  mysql::Chores chores(desk.session);
  mysql::PushServices services(desk.session);
  const auto now = desk.clock.now();
  findings.look("clock", [&] { return examine_clock(desk.session, now); });
  findings.look("cron: resume", [&] {
    return examine_chore(chores, mysql::kResumeChore, kResumeSeen, Health::Failed, now);
  });
  findings.look("cron: tidy", [&] {
    return examine_chore(chores, mysql::kTidyChore, kTidySeen, Health::Warning, now);
  });
  findings.look("welcome and tests", [&] { return examine_errands(desk.errands, now); });
  try {
    examine_services(services, now, findings);
  } catch (const StoreFailure& failure) {
    findings.add({"push services", Health::Failed, failure.what()});
  }
}

}  // namespace lamppost
