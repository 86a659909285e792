#pragma once
// What is held of one subscriber beside the keys, what the subscriber may change of it, and the
// port to where it is kept.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/result.h"
#include "lib/core/subscription.h"

namespace lamppost::core {

struct Subscriber {  // gone or not
  SubscriptionId id;
  webpush::AuthSecret auth;  // who knows it holds the subscription
  Time created_at;
  Time seen_at;
  std::string language, timezone;   // empty: not told
  std::vector<std::string> topics;  // names, in the owner's order
  std::string user;                 // the site's own name for the person; empty: not told
  std::optional<Time> paused_until;
  std::optional<QuietHours> quiet_hours;
};

struct PreferenceChange {  // what is set is changed, the rest stays
  std::optional<std::vector<std::string>> topics;
  std::optional<std::string> language, timezone, user;
  std::optional<std::optional<Time>> paused_until;       // set to none: goes on
  std::optional<std::optional<QuietHours>> quiet_hours;  // set to none: there are none any more
};

constexpr std::chrono::days kLongestPause{366};

/// Reads {"language", "timezone", "pause_until", "quiet_hours"}, each of which may be missing.
/// Topics are read by parse_choice(), which knows them. Error: the member.
Result<PreferenceChange> parse_preferences(const json::Object&, Time now);

/// {"from":"22:00","to":"07:00"}.
json::Object to_json(const QuietHours&);

class PreferenceStore {  // port; every function is one autocommit statement, or repeatable as a
                         // whole
 public:
  virtual ~PreferenceStore() = default;

  virtual std::optional<Subscriber> find(std::string_view endpoint) = 0;
  /// Does nothing when it is not there any more. Topics that do not exist are left out.
  virtual void change(SubscriptionId, const PreferenceChange&) = 0;
  /// How many subscriptions belong to that user.
  virtual std::uint64_t devices(const std::string& user) = 0;
  /// Erases all subscriptions of that user with all that is held of them.
  virtual void erase_devices(const std::string& user) = 0;
};

}  // namespace lamppost::core
