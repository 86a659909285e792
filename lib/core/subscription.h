#pragma once
// A visitor's consent to be notified, and the port to where consents are kept.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/id.h"
#include "lib/core/audience.h"
#include "lib/webpush/recipient.h"

namespace lamppost::core {

struct NewSubscription {
  webpush::Recipient recipient;
  std::uint32_t key_id;  // the VAPID key that the browser was given
  std::string language;  // BCP 47, at most 35 bytes; empty: not told
  std::string timezone;  // IANA name, at most 64 bytes; empty: not told
};

struct QuietHours {  // of each day in the subscriber's time zone; over midnight where `to` is less
  std::chrono::minutes from;  // after midnight, below 24 h, as is `to`
  std::chrono::minutes to;
  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

struct Subscription {
  SubscriptionId id;
  webpush::Recipient recipient;  // as stored: not checked again
  std::uint32_t key_id;
  std::string timezone;  // as it was told; empty: not told
  std::optional<Time> paused_until;
  std::optional<QuietHours> quiet_hours;
};

struct AudienceCount {
  struct Service {
    std::string name;  // of kServices
    std::uint64_t count;
    friend bool operator==(const Service&, const Service&) = default;
  };
  std::vector<Service> services;  // in the order of kServices; only those that have some
  std::uint64_t paused = 0;       // of the same audience, beside those
  std::uint64_t all() const;
};

class SubscriptionStore {  // port; every function is one autocommit statement, or repeatable as a
                           // whole
 public:
  struct Put {
    SubscriptionId id;
    bool created;  // false: the endpoint was known; its keys, language and the like are refreshed
  };
  virtual ~SubscriptionStore() = default;

  /// Upsert by SHA-256 of the endpoint; brings a gone one back. Throws StoreFailure.
  virtual Put put(const NewSubscription&, Time now) = 0;
  /// Erases it with all that is held of it. True if it was there.
  virtual bool remove(std::string_view endpoint) = 0;
  /// A page by ids; missing and gone ones are simply absent. At most 1 000 ids, rising.
  virtual std::vector<Subscription> read(std::span<const SubscriptionId> ids) = 0;
  /// Soft: they are no longer selected or read; the row stays for undo. At most 1 000 ids.
  virtual void mark_gone(std::span<const SubscriptionId> ids, Time now) = 0;
  /// The next `limit` ids after `after` of that audience, in rising order; who is gone or paused is
  /// not in it. The audience has no segments.
  virtual std::vector<SubscriptionId> select(const Audience&, SubscriptionId after,
                                             std::size_t limit, Time now) = 0;
  /// How many select() would give, and how many more it would but for their pause.
  virtual AudienceCount count(const Audience&, Time now) = 0;
};

}  // namespace lamppost::core
