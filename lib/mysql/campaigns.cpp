#include "lib/mysql/campaigns.h"

#include <optional>

namespace lamppost::mysql {
namespace {

// Nothing more happens to a campaign in these states.
bool is_final(core::CampaignState state) {
  using enum core::CampaignState;
  return state == Finished || state == Cancelled || state == Expired;
}

}  // namespace

// The random message id makes it repeatable: the second time it finds what the first one stored.
CampaignId Campaigns::create(const core::NewCampaign& campaign, Time now) {
  static constexpr Statement kCreate{
      "INSERT INTO campaign (message_id, message, owner, state, created_at) VALUES (?, ?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)",
      Repeat::Safe};
  return {session_
              .insert(kCreate, {campaign.message_id, campaign.message, campaign.owner,
                                core::to_text(campaign.state), now})
              .id};
}

void Campaigns::set_state(CampaignId id, core::CampaignState state, Time now) {
  static constexpr Statement kSetState{
      "UPDATE campaign SET state = ?, finished_at = ? WHERE id = ?", Repeat::Safe};
  const auto finished_at = is_final(state) ? std::optional(now) : std::nullopt;
  session_.change(kSetState, {core::to_text(state), finished_at, id});
}

}  // namespace lamppost::mysql
