#pragma once
// Works on a campaign until it is finished: fixes its audience, then takes one shard after the
// other. Safe to run from any number of processes and hosts at once: they share the work.

#include <functional>

#include "lib/core/shard_run.h"

namespace lamppost::core {

class CampaignRun {
 public:
  static constexpr Seconds kTellEvery{5};

  explicit CampaignRun(const SendingPorts&);

  using Tell = std::function<void(const Progress&)>;

  /// Starts a scheduled one whose time has come, and works until the campaign is finished or
  /// halted, `stop` says so, or nothing can be done for longer than `patience`. Calls `tell` at
  /// least every 5 s. A store that is away is waited for until what is held could be free for
  /// others. Returns   how it stands; state `sending` if somebody has to go on Throws StoreFailure;
  /// what was not settled is taken up by the next caller
  ///           Failure if there is no such campaign
  Progress run(CampaignId, Seconds patience, const StopCheck& stop, const Tell& tell);

 private:
  enum class Next { GoOn, Leave };
  Next turn(Seconds patience, const StopCheck&);
  Next cut(const Campaign&, const StopCheck&);
  Next work(const Campaign&, Seconds patience, const StopCheck&);
  void rest(Time until, const StopCheck&);
  void tick();
  Progress standing(CampaignId);

  SendingPorts ports_;
  Breaker breaker_;
  LeaseOwner owner_{};
  CampaignId id_{};
  const Tell* tell_ = nullptr;
  Time told_at_{};
  std::optional<Progress> known_;  // when we last told
  std::uint64_t next_tag_ = 1;     // of its requests
};

}  // namespace lamppost::core
