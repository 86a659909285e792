#pragma once
// What subscribers chose: tables `preference` and `subscription_topic`, beside `subscription`.

#include "lib/core/preference.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Preferences final : public core::PreferenceStore {
 public:
  explicit Preferences(Session& session) : session_(session) {}

  std::optional<core::Subscriber> find(std::string_view endpoint) override;
  void change(SubscriptionId, const core::PreferenceChange&) override;
  std::uint64_t devices(const std::string& user) override;
  void erase_devices(const std::string& user) override;

 private:
  std::vector<std::string> topics_of(SubscriptionId);
  void choose(SubscriptionId, const std::vector<std::string>& topics);
  Session& session_;
};

/// From two columns of a row; none: they are null.
std::optional<core::QuietHours> to_quiet_hours(const Row&, unsigned column);
std::optional<Time> to_time(const Row&, unsigned column);

}  // namespace lamppost::mysql
