#pragma once
// What browsers report, in table `event`.

#include "lib/core/event_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Events final : public core::EventStore {
 public:
  explicit Events(Session& session) : session_(session) {}

  bool count(const core::MessageId&, core::EventKind, std::string_view action, Time now) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
