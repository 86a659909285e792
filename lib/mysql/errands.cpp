#include "lib/mysql/errands.h"

namespace lamppost::mysql {

void Errands::add(const core::NewErrand& errand, Time now) {
  // A second row would be a second notification.
  static constexpr Statement kAdd{
      "INSERT INTO errand (subscription_id, kind, language, asked_at) VALUES (?, ?, ?, ?)",
      Repeat::Never};
  const auto& [subscription, kind, language] = errand;
  session_.change(kAdd, {subscription, core::to_text(kind), language, now});
}

bool Errands::grant_test(SubscriptionId id, Time now) {
  // Rows: 1 new, 2 its rest was over, 0 it goes on. After a lost answer nobody knows.
  static constexpr Statement kGrant{
      "INSERT INTO errand_rest (subscription_id, rest_until) VALUES (?, ?) ON DUPLICATE KEY UPDATE"
      " rest_until = CASE WHEN rest_until <= ? THEN ? ELSE rest_until END",
      Repeat::Never};
  const auto until = now + kTestRest;
  return session_.change(kGrant, {id, until, now, until}) > 0;
}

std::vector<core::Errand> Errands::waiting(ErrandId after, std::size_t limit) {
  static constexpr std::string_view kWaiting =
      "SELECT id, subscription_id, kind, language, asked_at FROM errand WHERE id > ?"
      " ORDER BY id LIMIT ?";
  std::vector<core::Errand> errands;
  session_.read(kWaiting, {after, limit}, [&](const Row& row) {
    // A kind of a later version is left to those that know it.
    if (const auto kind = core::parse_errand_kind(row.text(2)))
      errands.push_back({{row.number(0)}, {{row.number(1)}, *kind, row.text(3)}, row.time(4)});
  });
  return errands;
}

bool Errands::take(ErrandId id) {
  // After a lost answer it may be gone without anybody sending it: once at most.
  static constexpr Statement kTake{"DELETE FROM errand WHERE id = ?", Repeat::Never};
  return session_.change(kTake, {id}) == 1;
}

void Errands::tidy(Time now) {
  static constexpr Statement kOld{"DELETE FROM errand WHERE asked_at <= ?", Repeat::Safe};
  static constexpr Statement kOver{"DELETE FROM errand_rest WHERE rest_until <= ?", Repeat::Safe};
  session_.change(kOld, {now - kLife});
  session_.change(kOver, {now});
}

}  // namespace lamppost::mysql
