#pragma once
// Errands in table `errand`, and who has had a test just now in `errand_rest`.

#include "lib/core/errand.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Errands final : public core::ErrandStore {
 public:
  explicit Errands(Session& session) : session_(session) {}

  void add(const core::NewErrand&, Time now) override;
  bool grant_test(SubscriptionId, Time now) override;
  std::vector<core::Errand> waiting(ErrandId after, std::size_t limit) override;
  bool take(ErrandId) override;
  void tidy(Time now) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
