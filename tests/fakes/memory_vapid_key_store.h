#pragma once
// Public VAPID keys in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <vector>

#include "lib/base/failure.h"
#include "lib/core/vapid_key_store.h"

namespace lamppost::fakes {

class MemoryVapidKeyStore final : public core::VapidKeyStore {
 public:
  bool away = false;  // every call throws StoreFailure

  std::optional<core::VapidPublicKey> current() override {
    require_present();
    const auto last = std::ranges::max_element(
        keys_, {}, [](const Row& row) { return std::pair(row.created_at, row.key.id); });
    if (last == keys_.end()) return std::nullopt;
    return last->key;
  }

  std::optional<core::VapidPublicKey> find(const crypto::Point& point) override {
    require_present();
    for (const auto& [key, created_at] : keys_)
      if (key.point == point) return key;
    return std::nullopt;
  }

  void add(const core::VapidPublicKey& key, Time now) override {
    require_present();
    for (const auto& [known, created_at] : keys_) {
      if (known.id == key.id && known.point == key.point) return;
      if (known.id == key.id || known.point == key.point)
        throw StoreFailure("the number already stands for another key");
    }
    keys_.push_back({key, now});
  }

 private:
  struct Row {
    core::VapidPublicKey key;
    Time created_at;
  };
  void require_present() const {
    if (away) throw StoreFailure("database: away, because the test says so");
  }
  std::vector<Row> keys_;
};

}  // namespace lamppost::fakes
