#include "lib/core/campaign.h"

#include <algorithm>
#include <numeric>

namespace lamppost::core {
namespace {

constexpr std::array<std::string_view, 8> kStates{"draft",  "scheduled", "preparing", "sending",
                                                  "paused", "finished",  "cancelled", "expired"};

}  // namespace

std::string_view to_text(CampaignState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<CampaignState> parse_campaign_state(std::string_view text) {
  const auto found = std::ranges::find(kStates, text);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<CampaignState>(found - kStates.begin());
}

std::uint64_t Counts::audience() const { return std::accumulate(of_.begin(), of_.end(), 0ull); }

void Counts::add(const Counts& other) {
  for (std::size_t i = 0; i < kFates; ++i) of_[i] += other.of_[i];
}

}  // namespace lamppost::core
