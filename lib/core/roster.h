#pragma once
// The subscribers as the site's owner sees them: one by one, but never with a whole endpoint or a
// key. And the port to where they are looked up, put away and brought back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"
#include "lib/core/subscription.h"

namespace lamppost::core {

constexpr std::size_t kEndpointTail = 6;  // bytes at the end of an endpoint that are shown

struct RosterEntry {
  SubscriptionId id;
  std::string service;        // one of kServices
  std::string host;           // of its endpoint
  std::string endpoint_tail;  // at most kEndpointTail bytes
  std::string language, timezone;
  Time created_at, seen_at;
  std::optional<Time> gone_at, paused_until;
  std::optional<QuietHours> quiet_hours;
  std::vector<std::string> topics;  // names, in the owner's order
  std::string user;                 // the site's own name for the person; empty: not told
};

enum class RosterState {
  Active,  // neither gone nor paused
  Gone,
  Paused,  // and not gone
  All
};
std::optional<RosterState> parse_roster_state(std::string_view text);

struct RosterFilter {  // an empty text filters nothing
  RosterState state = RosterState::Active;
  std::string service{};
  std::string language{};  // "de" finds "de-AT" too
  std::string topic{};
  std::string search{};  // an id, a user's name or the end of an endpoint, each of them whole
};

/// What the store's indexes need not know: everything of the filter but `search`.
bool passes(const RosterEntry&, const RosterFilter&, Time now);

class RosterStore {  // port; every function is one autocommit statement, or repeatable as a whole
 public:
  static constexpr std::size_t kPageLimit = 200;
  static constexpr std::chrono::days kUndo{14};  // a gone one can be brought back for so long
  virtual ~RosterStore() = default;

  /// Those after `after` that pass the filter, in the order of their ids; at most kPageLimit.
  virtual std::vector<RosterEntry> list(const RosterFilter&, SubscriptionId after,
                                        std::size_t limit, Time now) = 0;
  virtual std::optional<RosterEntry> read(SubscriptionId) = 0;
  /// Soft, as mark_gone(): the row stays for undo. One that is gone stays as it is.
  virtual void put_away(SubscriptionId, Time now) = 0;
  /// It gets messages again.
  virtual void bring_back(SubscriptionId) = 0;
};

}  // namespace lamppost::core
