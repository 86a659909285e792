#pragma once
// What browsers report of a notification: counted by campaign and hour, and never by person.

#include <optional>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/core/notification.h"

namespace lamppost::core {

enum class EventKind { Shown, Clicked, Closed };

class EventStore {  // port
 public:
  virtual ~EventStore() = default;

  /// Counts one more. False: no campaign that has begun has that message.
  ///
  /// action  the button that was clicked, "0" or "1"; empty: none
  virtual bool count(const MessageId&, EventKind, std::string_view action, Time now) = 0;
};

}  // namespace lamppost::core
