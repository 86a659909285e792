#pragma once
// A breaker against ourselves: which push services rest just now, and why. What it learns is
// written to a store, so that all workers and hosts rest together.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/webpush/outcome.h"

namespace lamppost::core {

struct PushServiceState {
  std::string service;               // its authority: "fcm.googleapis.com"
  Time rest_until{};                 // nothing is sent to it before
  std::optional<Time> denied_since;  // it refuses our key or claims
  std::string reason;                // its own words, at most 200 bytes; empty when all is well
  std::uint32_t rests = 0;  // in a row without an acceptance between: each is twice as long
};

class PushServiceStore {  // port
 public:
  virtual ~PushServiceStore() = default;
  /// All that ever rested.
  virtual std::vector<PushServiceState> states() = 0;
  virtual void note(const PushServiceState&) = 0;
};

class Breaker {
 public:
  static constexpr std::uint32_t kInARow = 5;
  static constexpr Seconds kFirstRest{60}, kLongestRest{15 * 60}, kWindowsRest{3600};

  /// What other workers have found out since.
  void load(const std::vector<PushServiceState>&);

  /// Until when nothing may be sent to it; a time in the past when it may.
  Time rest_until(std::string_view service) const;

  /// Takes a reply into account; the new state if it is to be stored: when a rest begins or ends.
  std::optional<PushServiceState> note(const std::string& service, const webpush::PushReply&,
                                       webpush::Outcome, std::string reason, Time now);

 private:
  struct Record {
    PushServiceState state;
    std::uint32_t failures = 0, denials = 0, throttled = 0;  // in a row
    std::uint64_t answered = 0, refused = 0;
  };
  static PushServiceState begin_rest(Record&, Time until, std::string reason);
  static PushServiceState rest_longer(Record&, std::string reason, Time now);
  std::map<std::string, Record, std::less<>> records_;
};

}  // namespace lamppost::core
