#pragma once
// Errands in memory. Passes the same contract suite as the real store.

#include <map>

#include "lib/core/errand.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryErrandStore final : public core::ErrandStore, public Disturbance {
 public:
  void add(const core::NewErrand& content, Time now) override {
    call("add", [&] {
      const ErrandId id{next_id_++};
      rows_[id] = {id, content, now};
      return true;
    });
  }

  bool grant_test(SubscriptionId id, Time now) override {
    return call("grant_test", [&] {
      auto& rest_until = rests_[id];
      if (rest_until > now) return false;
      rest_until = now + kTestRest;
      return true;
    });
  }

  std::vector<core::Errand> waiting(ErrandId after, std::size_t limit) override {
    return call("waiting", [&] {
      std::vector<core::Errand> page;
      for (auto at = rows_.upper_bound(after); at != rows_.end() && page.size() < limit; ++at)
        page.push_back(at->second);
      return page;
    });
  }

  bool take(ErrandId id) override {
    return call("take", [&] { return rows_.erase(id) == 1; });
  }

  void tidy(Time now) override {
    call("tidy", [&] {
      std::erase_if(rows_, [&](const auto& row) { return row.second.asked_at <= now - kLife; });
      std::erase_if(rests_, [&](const auto& rest) { return rest.second <= now; });
      return true;
    });
  }

  std::size_t rests() const noexcept { return rests_.size(); }

 private:
  std::map<ErrandId, core::Errand> rows_;
  std::map<SubscriptionId, Time> rests_;
  std::uint64_t next_id_ = 1;
};

}  // namespace lamppost::fakes
