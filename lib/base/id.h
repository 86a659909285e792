#pragma once
// Numbers that name rows, one type per table, so that they cannot be mixed up.

#include <compare>
#include <cstdint>

namespace lamppost {

template <class Tag>
struct Id {
  std::uint64_t value{};
  friend auto operator<=>(const Id&, const Id&) = default;
};
using SubscriptionId = Id<struct SubscriptionTag>;
using CampaignId = Id<struct CampaignTag>;
using ErrandId = Id<struct ErrandTag>;
using DraftId = Id<struct DraftTag>;

}  // namespace lamppost
