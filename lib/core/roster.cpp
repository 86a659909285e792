#include "lib/core/roster.h"

#include <algorithm>

namespace lamppost::core {

std::optional<RosterState> parse_roster_state(std::string_view text) {
  if (text == "active") return RosterState::Active;
  if (text == "gone") return RosterState::Gone;
  if (text == "paused") return RosterState::Paused;
  if (text == "all") return RosterState::All;
  return std::nullopt;
}

bool passes(const RosterEntry& entry, const RosterFilter& filter, Time now) {
  const bool paused = entry.paused_until && *entry.paused_until > now;
  const auto& [state, service, language, topic, search] = filter;
  switch (state) {
    case RosterState::Active:
      if (entry.gone_at || paused) return false;
      break;
    case RosterState::Gone:
      if (!entry.gone_at) return false;
      break;
    case RosterState::Paused:
      if (entry.gone_at || !paused) return false;
      break;
    case RosterState::All:
      break;
  }
  if (!service.empty() && entry.service != service) return false;
  if (!language.empty() && entry.language != language &&
      !entry.language.starts_with(language + '-'))
    return false;
  return topic.empty() || std::ranges::find(entry.topics, topic) != entry.topics.end();
}

}  // namespace lamppost::core
