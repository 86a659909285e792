#pragma once
// Reports of browsers in memory. Passes the same contract suite as the real store.

#include <map>
#include <set>
#include <string>
#include <tuple>

#include "lib/core/event_store.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryEventStore final : public core::EventStore, public Disturbance {
 public:
  std::set<core::MessageId> sent;  // of campaigns that have begun
  std::map<std::tuple<core::MessageId, core::EventKind, std::string, Time>, std::uint64_t> times;

  bool count(const core::MessageId& message, core::EventKind kind, std::string_view action,
             Time now) override {
    return call("count", [&] {
      if (!sent.contains(message)) return false;
      const auto hour = now - now.time_since_epoch() % std::chrono::hours{1};
      ++times[{message, kind, std::string(action), hour}];
      return true;
    });
  }
};

}  // namespace lamppost::fakes
