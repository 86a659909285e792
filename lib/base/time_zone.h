#pragma once
// What the clocks on the wall say elsewhere, by the system's zone files.

#include <map>
#include <string>

#include "lib/base/clock.h"

namespace lamppost {

class TimeZones {
 public:
  /// How far local time is ahead of UTC in the zone of that IANA name at that moment; 0 where the
  /// system has no such zone. Remembered for a quarter of an hour, since no zone changes in the
  /// middle of one.
  ///
  /// Sets the environment's TZ: only for a process that asks for no other local time.
  Seconds offset(const std::string& zone, Time at);

 private:
  struct Known {
    Time from;
    Seconds offset;
  };
  std::map<std::string, Known> known_;
};

}  // namespace lamppost
