#pragma once
// Topics in table `topic`, and who chose them in `subscription_topic`.

#include "lib/core/topic.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Topics final : public core::TopicStore {
 public:
  explicit Topics(Session& session) : session_(session) {}

  std::vector<core::Topic> list() override;
  void replace(std::span<const core::Topic>) override;

 private:
  void forget_choices(const std::string& name);
  Session& session_;
};

}  // namespace lamppost::mysql
