#pragma once
// The public halves of our VAPID keys in table `vapid_key`.

#include "lib/core/vapid_key_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class VapidKeys final : public core::VapidKeyStore {
 public:
  explicit VapidKeys(Session& session) : session_(session) {}

  std::optional<core::VapidPublicKey> current() override;
  std::optional<core::VapidPublicKey> find(const crypto::Point&) override;
  void add(const core::VapidPublicKey&, Time now) override;

 private:
  std::optional<core::VapidPublicKey> read_one(std::string_view text,
                                               std::initializer_list<Value> values);
  Session& session_;
};

}  // namespace lamppost::mysql
