#include "lib/mysql/push_services.h"

namespace lamppost::mysql {

std::vector<core::PushServiceState> PushServices::states() {
  // Strangers choose the hosts below a suffix; those of theirs that answer do not rest for long.
  static constexpr std::string_view kStates =
      "SELECT service, rest_until, denied_since, reason, rests FROM push_service"
      " ORDER BY rest_until DESC LIMIT 1000";
  std::vector<core::PushServiceState> states;
  session_.read(kStates, {}, [&](const Row& row) {
    states.push_back({.service = row.text(0),
                      .rest_until = row.time(1),
                      .denied_since = row.is_null(2) ? std::nullopt : std::optional(row.time(2)),
                      .reason = row.text(3),
                      .rests = static_cast<std::uint32_t>(row.number(4))});
  });
  return states;
}

void PushServices::note(const core::PushServiceState& state) {
  // A worker that knows of a shorter rest does not shorten what another was asked for.
  static constexpr Statement kNote{
      "INSERT INTO push_service (service, rest_until, denied_since, reason, rests)"
      " VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
      " rest_until = CASE WHEN ? = 0 THEN 0 ELSE GREATEST(rest_until, ?) END,"
      " denied_since = ?, reason = ?, rests = ?",
      Repeat::Safe};
  const auto& [service, rest_until, denied_since, reason, rests] = state;
  session_.change(kNote, {service, rest_until, denied_since, reason, rests, rest_until, rest_until,
                          denied_since, reason, rests});
}

}  // namespace lamppost::mysql
