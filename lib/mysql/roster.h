#pragma once
// The list of subscribers, over `subscription` and the tables beside it.

#include "lib/core/roster.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Roster final : public core::RosterStore {
 public:
  explicit Roster(Session& session) : session_(session) {}

  std::vector<core::RosterEntry> list(const core::RosterFilter&, SubscriptionId after,
                                      std::size_t limit, Time now) override;
  std::optional<core::RosterEntry> read(SubscriptionId) override;
  void put_away(SubscriptionId, Time now) override;
  void bring_back(SubscriptionId) override;

 private:
  std::vector<SubscriptionId> candidates(const core::RosterFilter&, SubscriptionId after,
                                         std::size_t limit, Time now);
  bool is_large(const std::string& topic);
  std::vector<core::RosterEntry> look_up(std::span<const SubscriptionId> ids);
  void add_topics(std::span<const SubscriptionId> ids, std::vector<core::RosterEntry>& entries);

  Session& session_;
};

}  // namespace lamppost::mysql
