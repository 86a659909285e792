#pragma once
// Topics in memory, over subscriptions in memory. Passes the same contract suite as the real store.

#include <algorithm>

#include "lib/core/topic.h"
#include "tests/fakes/memory_subscription_store.h"

namespace lamppost::fakes {

class MemoryTopicStore final : public core::TopicStore, public Disturbance {
 public:
  explicit MemoryTopicStore(MemorySubscriptionStore& subscriptions)
      : subscriptions_(subscriptions) {}

  std::vector<core::Topic> list() override {
    return call("list", [&] { return topics_; });
  }

  void replace(std::span<const core::Topic> topics) override {
    call("replace", [&] {
      topics_.assign(topics.begin(), topics.end());
      for (auto& [id, row] : subscriptions_.rows())
        std::erase_if(row.topics, [&](const auto& name) {
          return std::ranges::find(topics_, name, &core::Topic::name) == topics_.end();
        });
      return true;
    });
  }

 private:
  MemorySubscriptionStore& subscriptions_;
  std::vector<core::Topic> topics_;
};

}  // namespace lamppost::fakes
