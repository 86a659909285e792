#pragma once
// A campaign: one notification on its way to an audience, and what has come of it so far.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"

namespace lamppost::core {

// What has become of one recipient. Stored as a number: never renumber.
enum class Fate : std::uint8_t {
  Waiting,    // not tried yet
  HandedOut,  // given to a sender whose report is not in
  Accepted,   // by the push service, which is not yet delivered
  Gone,       // the subscription has ended (404, 410)
  Failed,     // refused, or given up after the last try
  Expired,    // its time ran out unsent
  Later,      // to be tried again
  Unsure,     // it left us and no answer came
  Skipped,    // not sendable: bad row, or a VAPID key that is not held here
};
constexpr std::size_t kFates = 9;

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

/// Sums of fates; what the product calls `waiting` is Waiting, HandedOut and Later together.
class Counts {
 public:
  std::uint64_t& operator[](Fate fate) { return of_[static_cast<std::size_t>(fate)]; }
  std::uint64_t operator[](Fate fate) const { return of_[static_cast<std::size_t>(fate)]; }
  std::uint64_t waiting() const {
    return (*this)[Fate::Waiting] + (*this)[Fate::HandedOut] + (*this)[Fate::Later];
  }
  std::uint64_t audience() const;

 private:
  std::array<std::uint64_t, kFates> of_{};
};

struct ServiceProgress {
  Counts counts;
  std::map<std::string, std::uint64_t> reasons;  // "403 BadJwtToken", at most kMaxReasons different
};

struct Progress {
  CampaignId id;
  CampaignState state = CampaignState::Sending;
  Counts counts;
  std::map<std::string, ServiceProgress> services;  // by the push service's host
};

struct NewCampaign {
  std::array<std::uint8_t, 16> message_id;  // random; the service worker knows a repeat by it
  std::string message;                      // the notification as it was given, JSON
  std::string owner;                        // the login that sends; empty: the command line
  CampaignState state = CampaignState::Sending;
};

class CampaignStore {  // port
 public:
  virtual ~CampaignStore() = default;
  /// Stores it. Throws StoreFailure.
  virtual CampaignId create(const NewCampaign&, Time now) = 0;
  virtual void set_state(CampaignId, CampaignState, Time now) = 0;
};

}  // namespace lamppost::core
