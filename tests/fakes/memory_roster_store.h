#pragma once
// The list of subscribers, over subscriptions in memory. Passes the same contract suite as the real
// store.

#include <algorithm>

#include "lib/core/roster.h"
#include "lib/core/service.h"
#include "tests/fakes/memory_subscription_store.h"

namespace lamppost::fakes {

class MemoryRosterStore final : public core::RosterStore, public Disturbance {
 public:
  explicit MemoryRosterStore(MemorySubscriptionStore& subscriptions)
      : subscriptions_(subscriptions) {}

  std::vector<core::RosterEntry> list(const core::RosterFilter& filter, SubscriptionId after,
                                      std::size_t limit, Time now) override {
    return call("list", [&] {
      std::vector<core::RosterEntry> found;
      auto& rows = subscriptions_.rows();
      for (auto at = rows.upper_bound(after); at != rows.end(); ++at) {
        if (found.size() == std::min(limit, kPageLimit)) break;
        auto entry = to_entry(at->first, at->second);
        if (is_meant(entry, filter.search) && core::passes(entry, filter, now))
          found.push_back(std::move(entry));
      }
      return found;
    });
  }

  std::optional<core::RosterEntry> read(SubscriptionId id) override {
    return call("read", [&]() -> std::optional<core::RosterEntry> {
      const auto at = subscriptions_.rows().find(id);
      if (at == subscriptions_.rows().end()) return std::nullopt;
      return to_entry(at->first, at->second);
    });
  }

  void put_away(SubscriptionId id, Time now) override {
    call("put_away", [&] {
      const auto at = subscriptions_.rows().find(id);
      if (at != subscriptions_.rows().end() && !at->second.gone_at) at->second.gone_at = now;
      return true;
    });
  }

  void bring_back(SubscriptionId id) override {
    call("bring_back", [&] {
      const auto at = subscriptions_.rows().find(id);
      if (at != subscriptions_.rows().end()) at->second.gone_at.reset();
      return true;
    });
  }

 private:
  static core::RosterEntry to_entry(SubscriptionId id, const MemorySubscriptionStore::Row& row) {
    const auto& endpoint = row.content.recipient.endpoint;
    const auto& url = endpoint.url();
    return {.id = id,
            .service = std::string(core::service_of(endpoint.host())),
            .host = std::string(endpoint.host()),
            .endpoint_tail = url.substr(url.size() - std::min(url.size(), core::kEndpointTail)),
            .language = row.content.language,
            .timezone = row.content.timezone,
            .created_at = row.created_at,
            .seen_at = row.seen_at,
            .gone_at = row.gone_at,
            .paused_until = row.paused_until,
            .quiet_hours = row.quiet_hours,
            .topics = row.topics,
            .user = row.user};
  }

  static bool is_meant(const core::RosterEntry& entry, const std::string& search) {
    return search.empty() || search == std::to_string(entry.id.value) ||
           search == entry.endpoint_tail || search == entry.user;
  }

  MemorySubscriptionStore& subscriptions_;
};

}  // namespace lamppost::fakes
