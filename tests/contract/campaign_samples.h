#pragma once
// Campaigns to store.

#include <string>

#include "lib/core/campaign_store.h"

namespace lamppost::contract {

inline core::NewCampaign campaign(std::uint8_t filling,
                                  core::CampaignState state = core::CampaignState::Preparing) {
  core::NewCampaign campaign{};
  campaign.message_id.fill(filling);
  campaign.body_sha.fill(filling);
  campaign.body_sha.back() = filling % 2 == 0 ? 0 : ' ';  // what a text column would trim
  campaign.owner = "J\xc3\xb6rg";
  campaign.given =
      "{\"title\":\"Gr\xc3\xbc\xc3\x9f"
      "e \xf0\x9f\x91\x8b\"}";
  campaign.message = {.payload = "{\"web_push\":8030,\"x\":\"\xf0\x9f\x91\x8b\"}",
                      .ttl = webpush::kMaxTtl,
                      .urgency = webpush::Urgency::VeryLow,
                      .topic = std::string(32, 'T')};
  campaign.state = state;
  return campaign;
}

inline core::NewCampaign with_key(std::uint8_t filling, std::string key) {
  auto keyed = campaign(filling);
  keyed.request_key = std::move(key);
  return keyed;
}

}  // namespace lamppost::contract
