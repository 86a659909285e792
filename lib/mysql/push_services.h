#pragma once
// What all workers know of the push services, in table `push_service`.

#include "lib/core/breaker.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class PushServices final : public core::PushServiceStore {
 public:
  explicit PushServices(Session& session) : session_(session) {}

  std::vector<core::PushServiceState> states() override;
  void note(const core::PushServiceState&) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
