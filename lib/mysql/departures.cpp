#include "lib/mysql/departures.h"

namespace lamppost::mysql {

void note_departures(Session& session, std::span<const Departure> departures) {
  static constexpr Statement kNote{
      "INSERT INTO departure (left_at, joined_at, service) VALUES (UNIX_TIMESTAMP(), ?, ?)",
      Repeat::Never};
  for (const auto& [joined_at, service] : departures) session.change(kNote, {joined_at, service});
}

}  // namespace lamppost::mysql
