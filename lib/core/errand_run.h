#pragma once
// Carries out errands. Safe to run from any number of processes and hosts at once: each errand is
// taken by one of them, and sent once at most.

#include <deque>

#include "lib/core/breaker.h"
#include "lib/core/errand_message.h"
#include "lib/core/shard_run.h"

namespace lamppost::core {

class ErrandRun {
 public:
  static constexpr std::size_t kPage = 100;

  /// Uses the ports of a campaign, but for campaigns and shards. All are kept by reference.
  ErrandRun(const SendingPorts&, ErrandStore&, const Site&, ErrandWords);

  /// Sends all that wait; those whose push service rests stay for later, those that are too old are
  /// forgotten. Throws StoreFailure; what was taken by then is lost, the rest waits.
  /// Returns  how many push services accepted
  std::size_t run(const StopCheck&);

 private:
  struct Ready {
    Errand errand;
    Subscription subscription;
    std::string service;
    webpush::Vapid* vapid;
  };
  std::deque<Ready> look_at(const std::vector<Errand>&, Time now);
  std::optional<Ready> prepare(const Errand&, const Subscription&) const;
  std::optional<webpush::PushRequest> next(std::deque<Ready>&, const StopCheck&);
  void report(const webpush::PushReply&);

  SendingPorts ports_;
  ErrandStore& errands_;
  const Site& site_;
  ErrandWords words_;
  Breaker breaker_;
  std::uint64_t next_tag_ = 1;
  std::map<std::uint64_t, std::string> out_;  // the services, by tag
  std::size_t accepted_ = 0;
  Time tidied_at_{};
};

}  // namespace lamppost::core
