// `lamppost send` and `lamppost resume` as the product has them, on ports at which the process may
// end (failpoint.h).
//
//   failing_lamppost send|resume --config FILE...
//
// LAMPPOST_SHARD_SIZE=N cuts the audience into shards of N.

#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "fcgi/stop.h"
#include "lib/core/campaign_run.h"
#include "lib/core/order.h"
#include "tests/crash/failing_ports.h"

#include <cstdlib>
#include <iostream>

namespace lamppost::crash {
namespace {

constexpr Seconds kPatience{30};

std::size_t shard_size() {
  const char* const set = std::getenv("LAMPPOST_SHARD_SIZE");
  return set ? std::stoul(set) : core::kShardSize;
}

core::NewCampaign order(const Config& config, const core::Site& site) {
  json::Object message;
  message.set("title", "Crash");
  auto ordered = core::order_campaign(message, site, make_defaults(config), "", {});
  if (!ordered) throw Failure(ordered.error().message);
  return *std::move(ordered);
}

int run(const std::vector<std::string>& words) {
  if (words.empty() || (words[0] != "send" && words[0] != "resume"))
    throw UsageFailure("usage: failing_lamppost send|resume --config FILE");
  const Arguments arguments({words.begin() + 1, words.end()}, {{"--config", "FILE", ""}}, 0);
  const auto config = arguments.config();
  auto point = Failpoint::from_environment();
  const Stop stop;
  SendingDesk desk(config);
  const auto real = desk.ports();
  FailingCampaigns campaigns(real.campaigns, point);
  FailingShards shards(real.shards, point);
  FailingSubscriptions subscriptions(real.subscriptions, point, shard_size());
  FailingPushService push(real.push, point);
  const core::SendingPorts ports{subscriptions, campaigns,  shards,      real.services,
                                 push,          real.vapid, real.policy, real.clock};
  if (words[0] == "send") campaigns.create(order(config, desk.site), desk.clock.now());
  for (const auto id : campaigns.due(desk.clock.now()))
    core::CampaignRun(ports).run(id, kPatience, stop.check(), [](const core::Progress&) {});
  return 0;
}

}  // namespace
}  // namespace lamppost::crash

int main(int count, char** words) {
  try {
    return lamppost::crash::run({words + 1, words + count});
  } catch (const std::exception& failure) {
    std::cerr << "failing_lamppost: " << failure.what() << '\n';
    return 1;
  }
}
