#pragma once
// What was sent to somebody, by the views `sent_message` and `sent_shard`.

#include "lib/core/recent.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Recent final : public core::RecentStore {
 public:
  explicit Recent(Session& session) : session_(session) {}

  std::vector<core::RecentMessage> of(SubscriptionId, std::size_t limit) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
