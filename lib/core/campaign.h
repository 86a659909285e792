#pragma once
// A campaign: one notification on its way to an audience, and what has come of it so far.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"

namespace lamppost::core {

// What has become of one recipient. Stored as a number: never renumber.
enum class Fate : std::uint8_t {
  Waiting,      // not tried yet
  HandedOut,    // given to a sender whose report is not in
  Accepted,     // by the push service, which is not yet delivered
  Gone,         // the subscription has ended (404, 410)
  Failed,       // refused, or given up after the last try
  Expired,      // its time ran out unsent
  Later,        // to be tried again
  Unsure,       // it left us and no answer came
  Skipped,      // not sendable: bad row, or a VAPID key that is not held here
  UnsureKept,   // unsure, and not sent again unless the owner says so: the browser would show it
                // twice
  UnsureAsked,  // unsure, and the owner wants it sent again all the same
};
constexpr std::size_t kFates = 11;

enum class CampaignState {
  Draft,
  Scheduled,
  Preparing,
  Sending,
  Paused,
  Finished,
  Cancelled,
  Expired
};
std::string_view to_text(CampaignState);
std::optional<CampaignState> parse_campaign_state(std::string_view text);

/// Sums of fates; what the product calls `waiting` is Waiting, HandedOut and Later together.
class Counts {
 public:
  std::uint64_t& operator[](Fate fate) { return of_[static_cast<std::size_t>(fate)]; }
  std::uint64_t operator[](Fate fate) const { return of_[static_cast<std::size_t>(fate)]; }
  std::uint64_t waiting() const {
    return (*this)[Fate::Waiting] + (*this)[Fate::HandedOut] + (*this)[Fate::Later];
  }
  /// Unsure, UnsureKept and UnsureAsked, which is one thing to people.
  std::uint64_t unsure() const {
    return (*this)[Fate::Unsure] + (*this)[Fate::UnsureKept] + (*this)[Fate::UnsureAsked];
  }
  std::uint64_t audience() const;
  void add(const Counts&);

 private:
  std::array<std::uint64_t, kFates> of_{};
};

struct ServiceProgress {
  Counts counts;
  std::map<std::string, std::uint64_t> reasons;  // "403 BadJwtToken"; few are different
};

struct Progress {
  CampaignId id;
  CampaignState state = CampaignState::Sending;
  Counts counts;
  std::map<std::string, ServiceProgress> services;  // by the push service's host
};

}  // namespace lamppost::core
