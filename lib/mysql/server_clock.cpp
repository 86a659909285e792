#include "lib/mysql/server_clock.h"

namespace lamppost::mysql {

Time server_time(Session& session) {
  static constexpr std::string_view kNow = "SELECT UNIX_TIMESTAMP()";
  Time now{};
  session.read(kNow, {}, [&](const Row& row) { now = row.time(0); });
  return now;
}

}  // namespace lamppost::mysql
