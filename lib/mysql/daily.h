#pragma once
// Numbers of finished days in table `daily`.

#include "lib/core/daily.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Daily final : public core::DailyStore {
 public:
  explicit Daily(Session& session) : session_(session) {}

  void raise(const core::DailyNumber&) override;
  void put(const core::DailyNumber&) override;
  std::vector<core::DailyNumber> list(Time from, Time to) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
