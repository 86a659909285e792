#pragma once
// Subscriptions in table `subscription`.

#include "lib/core/subscription.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Subscriptions final : public core::SubscriptionStore {
 public:
  explicit Subscriptions(Session& session) : session_(session) {}

  Put put(const core::NewSubscription&, Time now) override;
  bool remove(std::string_view endpoint) override;
  std::vector<core::Subscription> read(std::span<const SubscriptionId> ids) override;
  void mark_gone(std::span<const SubscriptionId> ids, Time now) override;
  std::vector<SubscriptionId> select(const core::Audience&, SubscriptionId after, std::size_t limit,
                                     Time now) override;
  core::AudienceCount count(const core::Audience&, Time now) override;

 private:
  void look_up(std::span<const SubscriptionId> ids, std::vector<core::Subscription>& found);

  Session& session_;
};

}  // namespace lamppost::mysql
