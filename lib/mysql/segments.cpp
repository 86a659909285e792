#include "lib/mysql/segments.h"

#include <algorithm>

namespace lamppost::mysql {

std::vector<core::Segment> Segments::list() {
  static constexpr std::string_view kList =
      "SELECT name, label, audience FROM segment ORDER BY place, name";
  std::vector<core::Segment> segments;
  session_.read(kList, {}, [&](const Row& row) {
    segments.push_back({row.text(0), row.text(1), row.text(2)});
  });
  return segments;
}

void Segments::replace(std::span<const core::Segment> segments) {
  static constexpr Statement kRemove{"DELETE FROM segment WHERE name = ?", Repeat::Safe};
  static constexpr Statement kPut{
      "INSERT INTO segment (name, label, audience, place) VALUES (?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE label = ?, audience = ?, place = ?",
      Repeat::Safe};
  for (const auto& known : list())
    if (std::ranges::find(segments, known.name, &core::Segment::name) == segments.end())
      session_.change(kRemove, {known.name});
  std::uint32_t place = 0;
  for (const auto& [name, label, audience] : segments) {
    session_.change(kPut, {name, label, audience, place, label, audience, place});
    ++place;
  }
}

}  // namespace lamppost::mysql
