#pragma once
// Subscriptions in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <map>
#include <optional>

#include "lib/base/failure.h"
#include "lib/base/text.h"
#include "lib/core/service.h"
#include "lib/core/subscription.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemorySubscriptionStore final : public core::SubscriptionStore, public Disturbance {
 public:
  Put put(const core::NewSubscription& subscription, Time now) override {
    return call("put", [&]() -> Put {
      const auto id = next_id_++;  // burned by a refresh too, as by AUTO_INCREMENT
      for (auto& [known, row] : rows_)
        if (row.content.recipient.endpoint.url() == subscription.recipient.endpoint.url()) {
          row.content = subscription;
          row.seen_at = now;
          row.gone_at.reset();
          return {.id = known, .created = false};
        }
      rows_.emplace(SubscriptionId{id}, Row{subscription, now, now, {}, {}, {}, {}, {}});
      return {.id = {id}, .created = true};
    });
  }

  bool remove(std::string_view endpoint) override {
    return call("remove", [&] {
      return std::erase_if(rows_, [&](const auto& entry) {
               return entry.second.content.recipient.endpoint.url() == endpoint;
             }) == 1;
    });
  }

  std::vector<core::Subscription> read(std::span<const SubscriptionId> ids) override {
    return call("read", [&] {
      std::vector<core::Subscription> found;
      for (const auto id : ids)
        if (const auto at = rows_.find(id); at != rows_.end() && !at->second.gone_at)
          found.push_back({id, at->second.content.recipient, at->second.content.key_id,
                           at->second.content.timezone, at->second.paused_until,
                           at->second.quiet_hours});
      return found;
    });
  }

  void mark_gone(std::span<const SubscriptionId> ids, Time now) override {
    call("mark_gone", [&] {
      for (const auto id : ids)
        if (const auto at = rows_.find(id); at != rows_.end() && !at->second.gone_at)
          at->second.gone_at = now;
      return true;
    });
  }

  std::vector<SubscriptionId> select(const core::Audience& audience, SubscriptionId after,
                                     std::size_t limit, Time now) override {
    return call("select", [&] {
      std::vector<SubscriptionId> ids;
      for (auto at = rows_.upper_bound(after); at != rows_.end() && ids.size() < limit; ++at)
        if (at->second.is_in(audience, now) && !at->second.is_paused(now)) ids.push_back(at->first);
      return ids;
    });
  }

  core::AudienceCount count(const core::Audience& audience, Time now) override {
    return call("count", [&] {
      core::AudienceCount count;
      for (const auto name : core::kServices) {
        const auto here = [&](const auto& entry) {
          const auto& row = entry.second;
          return row.service() == name && row.is_in(audience, now) && !row.is_paused(now);
        };
        if (const auto found = std::ranges::count_if(rows_, here); found > 0)
          count.services.push_back({std::string(name), static_cast<std::uint64_t>(found)});
      }
      count.paused =
          static_cast<std::uint64_t>(std::ranges::count_if(rows_, [&](const auto& entry) {
            return entry.second.is_in(audience, now) && entry.second.is_paused(now);
          }));
      return count;
    });
  }

  struct Row {
    core::NewSubscription content;
    Time created_at;
    Time seen_at;
    std::optional<Time> gone_at;
    std::string user;  // empty: not told
    std::optional<Time> paused_until;
    std::optional<core::QuietHours> quiet_hours;
    std::vector<std::string> topics;

    std::string_view service() const { return core::service_of(content.recipient.endpoint.host()); }
    bool is_paused(Time now) const { return paused_until.value_or(now) > now; }
    bool is_in(const core::Audience& audience, Time now) const {
      if (gone_at) return false;
      std::vector<bool> stack;
      for (const auto& step : audience.steps()) {
        if (step.is_term) {
          stack.push_back(holds(step.term, now));
          continue;
        }
        const bool right = stack.back();
        if (step.join != core::Audience::Join::Not) stack.pop_back();
        const bool left = stack.back();
        stack.back() = step.join == core::Audience::Join::Not   ? !right
                       : step.join == core::Audience::Join::And ? left && right
                                                                : left || right;
      }
      return stack.empty() || stack.back();
    }
    bool holds(const core::Audience::Term& term, Time now) const {
      using enum core::Audience::Kind;
      const auto spoken = lower_case(content.language);
      switch (term.kind) {
        case Topic:
          return std::ranges::find(topics, term.text) != topics.end();
        case Language:
          return spoken == term.text || spoken.starts_with(term.text + '-');
        case Service:
          return service() == term.text;
        case Seen:
          return seen_at >= now - term.days;
        case Joined:
          return created_at >= now - term.days;
        case User:
          return user == term.text;
        case Segment:
          break;
      }
      throw Failure("an audience with segments cannot be looked up");
    }
  };
  const std::map<SubscriptionId, Row>& rows() const noexcept { return rows_; }  // gone ones too
  std::map<SubscriptionId, Row>& rows() noexcept { return rows_; }

 private:
  std::map<SubscriptionId, Row> rows_;
  std::uint64_t next_id_ = 1;
};

}  // namespace lamppost::fakes
