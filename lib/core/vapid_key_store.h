#pragma once
// The public halves of our VAPID keys, by the number that subscriptions remember them by. The
// private halves never come near a database.

#include <cstdint>
#include <optional>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"

namespace lamppost::core {

struct VapidPublicKey {
  std::uint32_t id;  // webpush::vapid_key_id(point)
  crypto::Point point;
};

class VapidKeyStore {  // port
 public:
  virtual ~VapidKeyStore() = default;

  /// The key that new subscriptions are made with: the one with the latest time of birth. None:
  /// `keys new` has not run.
  virtual std::optional<VapidPublicKey> current() = 0;
  /// The key with that public half, if it is or was ours.
  virtual std::optional<VapidPublicKey> find(const crypto::Point&) = 0;
  /// Makes it known, and current if it is new; repeatable: a known one keeps its time of birth.
  virtual void add(const VapidPublicKey&, Time now) = 0;
};

}  // namespace lamppost::core
