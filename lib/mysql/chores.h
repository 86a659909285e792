#pragma once
// When cron's commands ran last, in table `chore`.

#include <optional>
#include <string_view>

#include "lib/mysql/session.h"

namespace lamppost::mysql {

constexpr std::string_view kResumeChore = "resume", kTidyChore = "tidy";

class Chores {
 public:
  explicit Chores(Session& session) : session_(session) {}

  void note(std::string_view name, Time now);
  std::optional<Time> last(std::string_view name);

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
