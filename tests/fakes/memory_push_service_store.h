#pragma once
// The push services' rests in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <map>

#include "lib/core/breaker.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryPushServiceStore final : public core::PushServiceStore, public Disturbance {
 public:
  std::vector<core::PushServiceState> states() override {
    return call("states", [&] {
      std::vector<core::PushServiceState> states;
      for (const auto& [service, state] : rows_) states.push_back(state);
      return states;
    });
  }

  void note(const core::PushServiceState& state) override {
    call("note", [&] {
      auto& row = rows_[state.service];
      // Nobody shortens a rest that another has found out, but its end is its end.
      const auto known = state.rest_until == Time{} ? Time{} : row.rest_until;
      row = state;
      row.rest_until = std::max(known, state.rest_until);
      return true;
    });
  }

 private:
  std::map<std::string, core::PushServiceState> rows_;
};

}  // namespace lamppost::fakes
