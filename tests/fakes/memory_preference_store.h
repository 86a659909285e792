#pragma once
// What subscribers chose, over subscriptions in memory. Passes the same contract suite as the real
// store.

#include <algorithm>

#include "lib/core/preference.h"
#include "tests/fakes/memory_topic_store.h"

namespace lamppost::fakes {

class MemoryPreferenceStore final : public core::PreferenceStore, public Disturbance {
 public:
  MemoryPreferenceStore(MemorySubscriptionStore& subscriptions, MemoryTopicStore& topics)
      : subscriptions_(subscriptions), topics_(topics) {}

  std::optional<core::Subscriber> find(std::string_view endpoint) override {
    return call("find", [&]() -> std::optional<core::Subscriber> {
      for (const auto& [id, row] : subscriptions_.rows()) {
        const auto& [recipient, key_id, language, timezone] = row.content;
        if (recipient.endpoint.url() == endpoint)
          return core::Subscriber{
              id,       recipient.auth, row.created_at, row.seen_at,      language,
              timezone, row.topics,     row.user,       row.paused_until, row.quiet_hours};
      }
      return std::nullopt;
    });
  }

  void change(SubscriptionId id, const core::PreferenceChange& change) override {
    call("change", [&] {
      const auto at = subscriptions_.rows().find(id);
      if (at == subscriptions_.rows().end()) return false;
      auto& row = at->second;
      if (change.language) row.content.language = *change.language;
      if (change.timezone) row.content.timezone = *change.timezone;
      if (change.user) row.user = *change.user;
      if (change.paused_until) row.paused_until = *change.paused_until;
      if (change.quiet_hours) row.quiet_hours = *change.quiet_hours;
      if (!change.topics) return true;
      row.topics.clear();
      for (const auto& topic : topics_.list())
        if (std::ranges::find(*change.topics, topic.name) != change.topics->end())
          row.topics.push_back(topic.name);
      return true;
    });
  }

  std::uint64_t devices(const std::string& user) override {
    return call("devices", [&] {
      return static_cast<std::uint64_t>(std::ranges::count_if(
          subscriptions_.rows(), [&](const auto& entry) { return entry.second.user == user; }));
    });
  }

  void erase_devices(const std::string& user) override {
    call("erase_devices", [&] {
      return std::erase_if(subscriptions_.rows(),
                           [&](const auto& entry) { return entry.second.user == user; });
    });
  }

 private:
  MemorySubscriptionStore& subscriptions_;
  MemoryTopicStore& topics_;
};

}  // namespace lamppost::fakes
