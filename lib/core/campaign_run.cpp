#include "lib/core/campaign_run.h"

#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "lib/base/log.h"

#include <algorithm>

namespace lamppost::core {

CampaignRun::CampaignRun(const SendingPorts& ports) : ports_(ports) { crypto::fill_random(owner_); }

Progress CampaignRun::run(CampaignId id, Seconds patience, const StopCheck& stop,
                          const Tell& tell) {
  id_ = id;
  tell_ = &tell;
  told_at_ = ports_.clock.now();
  known_.reset();
  auto well_at = told_at_;  // when the store was last there
  for (;;) {
    try {
      while (!stop() && turn(patience, stop) == Next::GoOn) well_at = ports_.clock.now();
      return standing(id);
    } catch (const StoreFailure& failure) {
      if (stop() || ports_.clock.now() - well_at >= ShardRun::kStoreAway) throw;
      log::warning("store_away", {{"campaign", id.value}, {"reason", failure.what()}});
      ports_.clock.sleep(Seconds{1});
      tick();
    }
  }
}

CampaignRun::Next CampaignRun::turn(Seconds patience, const StopCheck& stop) {
  const auto campaign = ports_.campaigns.read(id_);
  if (!campaign) throw Failure("campaign " + std::to_string(id_.value) + " is not there");
  const auto now = ports_.clock.now();
  if (campaign->state == CampaignState::Scheduled && campaign->send_at &&
      *campaign->send_at <= now) {
    ports_.campaigns.set_state(id_, {CampaignState::Scheduled}, CampaignState::Preparing, "", now);
    return Next::GoOn;
  }
  if (campaign->state == CampaignState::Preparing) return cut(*campaign, stop);
  if (campaign->state == CampaignState::Sending) return work(*campaign, patience, stop);
  return Next::Leave;
}

// Fixes the audience: shards of rising ids, each beginning after the last id of the highest stored
// one, which is read back, so that two cutters, or one after a crash, lose and repeat nobody.
CampaignRun::Next CampaignRun::cut(const Campaign& campaign, const StopCheck& stop) {
  const auto audience = Audience::stored(campaign.audience);
  if (!audience) {  // better to nobody than to everybody
    ports_.campaigns.set_state(campaign.id, {CampaignState::Preparing}, CampaignState::Cancelled,
                               "whom it is for is not readable", ports_.clock.now());
    return Next::Leave;
  }
  while (!stop()) {
    const auto now = ports_.clock.now();
    if (!ports_.campaigns.lease_cut(campaign.id, owner_, now, now + ShardRun::kLease)) {
      rest(now + Seconds{1}, stop);  // somebody else cuts; it takes seconds
      return Next::GoOn;
    }
    const auto [shards, last] = ports_.shards.cut_so_far(campaign.id);
    const auto ids = ports_.subscriptions.select(*audience, last, kShardSize, now);
    if (ids.empty()) {
      ports_.campaigns.set_state(campaign.id, {CampaignState::Preparing}, CampaignState::Sending,
                                 "", now);
      return Next::GoOn;
    }
    ports_.shards.cut(campaign.id, shards, ids);
    tick();
  }
  return Next::Leave;
}

CampaignRun::Next CampaignRun::work(const Campaign& campaign, Seconds patience,
                                    const StopCheck& stop) {
  const auto now = ports_.clock.now();
  breaker_.load(ports_.services.states(), now);
  auto claim = ports_.shards.claim(campaign.id, owner_, now, now + ShardRun::kLease);
  if (std::holds_alternative<AllDone>(claim)) {
    ports_.campaigns.set_state(campaign.id, {CampaignState::Sending}, CampaignState::Finished, "",
                               now);
    return Next::Leave;
  }
  if (const auto* wait = std::get_if<RestUntil>(&claim)) {
    if (wait->time - now > patience) return Next::Leave;
    rest(wait->time, stop);
    return Next::GoOn;
  }
  auto& shard = std::get<Shard>(claim);
  shard.take_over(now);
  ShardRun run(ports_, campaign, breaker_, next_tag_, std::move(shard), stop, [this] { tick(); });
  return run.run() == ShardRun::End::Halted ? Next::Leave : Next::GoOn;
}

void CampaignRun::rest(Time until, const StopCheck& stop) {
  // Others may give a shard back at any time, so look again after a few seconds.
  const auto end = std::min(until, ports_.clock.now() + Seconds{2});
  do {
    ports_.clock.sleep(Seconds{1});
    tick();
  } while (!stop() && ports_.clock.now() < end);
}

void CampaignRun::tick() {
  const auto now = ports_.clock.now();
  if (now - told_at_ < kTellEvery) return;
  told_at_ = now;
  try {
    known_ = standing(id_);
  } catch (const StoreFailure&) {  // whether to go on is decided elsewhere; what was known is told
  }
  if (known_) (*tell_)(*known_);
}

Progress CampaignRun::standing(CampaignId id) {
  auto progress = ports_.shards.sum(id);
  progress.id = id;
  progress.state = ports_.campaigns.state(id).value_or(CampaignState::Cancelled);
  return progress;
}

}  // namespace lamppost::core
