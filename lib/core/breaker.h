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

  static constexpr std::size_t kMaxServices = 1000;  // strangers choose the hosts below a suffix

  /// What other workers have found out since. A rest of our own that is longer stays: its note may
  /// not have been stored.
  void load(const std::vector<PushServiceState>&, Time now);

  /// Until when nothing may be sent to it; a time in the past when it may.
  Time rest_until(std::string_view service) const;

  /// How many services it remembers.
  std::size_t size() const noexcept { return records_.size(); }

  /// Takes a reply into account; the new state if it is to be stored: when a rest begins or ends.
  /// While it rests, replies to what was sent before say nothing new, but for a longer Retry-After.
  /// A request without an answer says nothing if a later one has been accepted: tags have to rise
  /// in the order of sending.
  std::optional<PushServiceState> note(const std::string& service, const webpush::PushReply&,
                                       webpush::Outcome, std::string reason, Time now);

 private:
  struct Record {
    PushServiceState state;
    std::uint32_t failures = 0, denials = 0, throttled = 0;  // in a row
    std::uint64_t answered = 0, refused = 0;
    std::uint64_t accepted_tag = 0;  // the highest
  };
  Record* record_of(const std::string& service, Time now);
  static PushServiceState begin_rest(Record&, Time until, std::string reason);
  static std::optional<PushServiceState> note_failure(Record&, const webpush::PushReply&,
                                                      std::string reason, Time now);
  static PushServiceState rest_longer(Record&, std::string reason, Time now);
  std::map<std::string, Record, std::less<>> records_;
};

}  // namespace lamppost::core
