#include "lib/core/campaign.h"

#include <numeric>

namespace lamppost::core {

std::string_view to_text(CampaignState state) {
  constexpr std::array<std::string_view, 8> kStates{"draft",  "scheduled", "preparing", "sending",
                                                    "paused", "finished",  "cancelled", "expired"};
  return kStates[static_cast<std::size_t>(state)];
}

std::uint64_t Counts::audience() const { return std::accumulate(of_.begin(), of_.end(), 0ull); }

}  // namespace lamppost::core
