#include "lib/mysql/chores.h"

namespace lamppost::mysql {

void Chores::note(std::string_view name, Time now) {
  static constexpr Statement kNote{
      "INSERT INTO chore (name, done_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE done_at = ?",
      Repeat::Safe};
  session_.change(kNote, {name, now, now});
}

std::optional<Time> Chores::last(std::string_view name) {
  static constexpr std::string_view kLast = "SELECT done_at FROM chore WHERE name = ?";
  std::optional<Time> last;
  session_.read(kLast, {name}, [&](const Row& row) { last = row.time(0); });
  return last;
}

}  // namespace lamppost::mysql
