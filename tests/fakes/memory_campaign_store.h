#pragma once
// Campaigns in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <map>
#include <optional>

#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/core/campaign_store.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryCampaignStore final : public core::CampaignStore, public Disturbance {
 public:
  Created create(const core::NewCampaign& it, Time now) override {
    return call("create", [&]() -> Created {
      const CampaignId id{next_id_++};  // burned by one that is known too, as by AUTO_INCREMENT
      for (const auto& [known, row] : rows_) {
        const bool fresh = row.message_id == it.message_id;
        if (fresh || (!it.request_key.empty() && row.request_key == it.request_key))
          return {.id = known, .fresh = fresh, .same_body = row.campaign.body_sha == it.body_sha};
      }
      core::Campaign campaign{.id = id,
                              .body_sha = it.body_sha,
                              .owner = it.owner,
                              .given = it.given,
                              .message = it.message,
                              .state = it.state,
                              .reason = {},
                              .created_at = now,
                              .started_at = {},
                              .finished_at = {},
                              .audience = it.audience,
                              .send_at = it.send_at};
      if (it.state == core::CampaignState::Preparing) campaign.started_at = now;
      rows_.emplace(
          id, Row{std::move(campaign), it.message_id, it.request_key, {}, {}, it.click_targets});
      return {.id = id, .fresh = true, .same_body = true};
    });
  }

  std::optional<core::Campaign> read(CampaignId id) override {
    return call("read", [&]() -> std::optional<core::Campaign> {
      const auto at = rows_.find(id);
      if (at == rows_.end()) return std::nullopt;
      return at->second.campaign;
    });
  }

  std::optional<core::CampaignState> state(CampaignId id) override {
    return call("state", [&]() -> std::optional<core::CampaignState> {
      const auto at = rows_.find(id);
      if (at == rows_.end()) return std::nullopt;
      return at->second.campaign.state;
    });
  }

  std::vector<core::Campaign> list(const core::CampaignFilter& filter, CampaignId before,
                                   std::size_t limit) override {
    return call("list", [&] {
      std::vector<core::Campaign> campaigns;
      for (auto at = rows_.rbegin(); at != rows_.rend() && campaigns.size() < limit; ++at)
        if ((before.value == 0 || at->first < before) && is_in(filter, at->second.campaign))
          campaigns.push_back(at->second.campaign);
      return campaigns;
    });
  }

  std::optional<CampaignId> find_same(const std::string& owner, const crypto::Digest& body_sha,
                                      Time since) override {
    return call("find_same", [&]() -> std::optional<CampaignId> {
      using enum core::CampaignState;
      for (auto at = rows_.rbegin(); at != rows_.rend(); ++at) {
        const auto& it = at->second.campaign;
        if (it.owner == owner && it.body_sha == body_sha && it.created_at >= since &&
            it.state != Draft && it.state != Cancelled)
          return at->first;
      }
      return std::nullopt;
    });
  }

  bool set_state(CampaignId id, std::initializer_list<core::CampaignState> from,
                 core::CampaignState to, const std::string& reason, Time now) override {
    return call("set_state", [&] {
      const auto at = rows_.find(id);
      if (at == rows_.end()) return false;
      auto& it = at->second.campaign;
      if (std::ranges::find(from, it.state) == from.end()) return false;
      using enum core::CampaignState;
      it.state = to;
      it.reason = reason;
      if (to == Preparing && !it.started_at) it.started_at = now;
      it.finished_at =
          to == Finished || to == Cancelled || to == Expired ? std::optional(now) : std::nullopt;
      return true;
    });
  }

  bool lease_cut(CampaignId id, const core::LeaseOwner& owner, Time now, Time until) override {
    return call("lease_cut", [&] {
      const auto at = rows_.find(id);
      if (at == rows_.end()) return false;
      auto& row = at->second;
      if (row.campaign.state != core::CampaignState::Preparing) return false;
      if (row.cut_owner != owner && row.cut_until > now) return false;
      row.cut_owner = owner;
      row.cut_until = until;
      return true;
    });
  }

  std::vector<CampaignId> due(Time now) override {
    return call("due", [&] {
      using enum core::CampaignState;
      std::vector<CampaignId> due;
      for (const auto& [id, row] : rows_) {
        const auto& it = row.campaign;
        if (it.state == Preparing || it.state == Sending ||
            (it.state == Scheduled && it.send_at && *it.send_at <= now))
          due.push_back(id);
      }
      return due;
    });
  }

  struct Linked {
    CampaignId campaign;
    bool begun;
    std::array<std::uint8_t, 16> message;
    const std::vector<core::ClickTarget>& targets;
  };
  /// For the fake of the clicks, which looks into the same database: each campaign's links.
  std::vector<Linked> links() const {
    std::vector<Linked> links;
    for (const auto& [id, row] : rows_)
      links.push_back({id, row.campaign.started_at.has_value(), row.message_id, row.click_targets});
    return links;
  }

 private:
  static bool is_in(const core::CampaignFilter& filter, const core::Campaign& it) {
    if (it.created_at < filter.from.value_or(it.created_at)) return false;
    if (it.created_at > filter.to.value_or(it.created_at)) return false;
    if (filter.text.empty()) return true;
    const auto given = json::parse_object(it.given);
    if (!given) return false;
    for (const auto* name : {"title", "body"})
      if (const auto* member = given->find(name); member && member->text())
        if (lower_case(*member->text()).find(lower_case(filter.text)) != std::string::npos)
          return true;
    return false;
  }

  struct Row {
    core::Campaign campaign;
    std::array<std::uint8_t, 16> message_id;
    std::string request_key;
    core::LeaseOwner cut_owner;
    Time cut_until;
    std::vector<core::ClickTarget> click_targets;
  };
  std::map<CampaignId, Row> rows_;
  std::uint64_t next_id_ = 1;
};

}  // namespace lamppost::fakes
