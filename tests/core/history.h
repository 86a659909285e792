#pragma once
// A seeded history of one campaign: several workers over the same stores, killed, suspended and
// stopped at any point, push services that answer in any way and order, a store that fails now and
// then. What must hold is checked at every step; what did not is in `wrong`.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lib/core/campaign_run.h"
#include "tests/core/engine.h"
#include "tests/core/interleaving.h"

namespace lamppost::testing {

struct HistoryPlan {
  unsigned seed;
  std::size_t workers = 3;          // at once; who is killed or stopped is replaced
  std::vector<std::size_t> shards;  // their sizes
  Interleaving::Chances chances{};
  unsigned store_fails = 0;    // one call in so many; 0: never
  unsigned gone = 20;          // one endpoint in so many
  unsigned troubled = 4;       // one answer in so many is no 2xx, and no 410
  Seconds slowest{3};          // answer
  std::size_t streams = 8;     // of each worker
  std::size_t accidents = 12;  // then nobody is killed and the store never fails
};

class History {
 public:
  explicit History(HistoryPlan plan);

  void run();

  std::vector<std::string> wrong;
  std::size_t sent = 0, twins = 0;
  std::size_t killed = 0, interrupted = 0;  // workers
  std::size_t most_marked = 0;              // in one shard at once
  core::Counts counts;

 private:
  struct Recipient {
    SubscriptionId id;
    bool shows_twins = false;
    bool is_gone = false;      // its service says so
    bool is_unsure = false;    // a push went out and the store cannot know of it
    std::size_t sent = 0;      // to it
    std::size_t accepted = 0;  // as its service knows
  };
  struct Worker {
    std::unique_ptr<TimedPushService> push;
    std::uint32_t shard = 0;
    std::set<std::string> sent;  // since it claimed that
  };

  void start(Seconds later);
  void work(std::size_t number);
  bool is_finished();
  void on_request(const std::string& url);
  TimedPushService::Answer answer(const std::string& url);
  void on_claim(const core::Shard&);
  void on_advance(const core::Shard&);
  void on_call();
  void check_end();
  void say(std::string what) {
    if (wrong.size() < 5) wrong.push_back(std::move(what));
  }

  HistoryPlan plan_;
  Interleaving time_;
  fakes::MemorySubscriptionStore subscriptions_;
  fakes::MemoryCampaignStore campaigns_;
  WatchedShards shards_;
  fakes::MemoryPushServiceStore services_;
  webpush::EndpointPolicy policy_{{"push.example.net", ".push.example.org", ".push.apple.com"}};
  CampaignId campaign_{};
  std::map<std::string, Recipient> recipients_;
  std::map<SubscriptionId, std::string> urls_;
  std::map<std::uint32_t, std::size_t> holder_;
  std::vector<std::unique_ptr<Worker>> workers_;
  webpush::VapidKeys vapid_;
  bool quiet_ = false;
};

}  // namespace lamppost::testing
