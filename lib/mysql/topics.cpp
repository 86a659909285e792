#include "lib/mysql/topics.h"

#include <algorithm>

namespace lamppost::mysql {
namespace {

constexpr std::uint64_t kForgottenAtOnce = 1000;  // a cluster takes no statement of any size

}  // namespace

std::vector<core::Topic> Topics::list() {
  static constexpr std::string_view kList =
      "SELECT name, label, is_default FROM topic ORDER BY place, name";
  std::vector<core::Topic> topics;
  session_.read(kList, {}, [&](const Row& row) {
    topics.push_back({row.text(0), row.text(1), row.number(2) != 0});
  });
  return topics;
}

// A topic goes before the choices of it, which count only while it is there. Should the rest be
// left undone by a crash, it is done before a topic of that name comes again.
void Topics::replace(std::span<const core::Topic> topics) {
  static constexpr Statement kRemove{"DELETE FROM topic WHERE name = ?", Repeat::Safe};
  static constexpr Statement kPut{
      "INSERT INTO topic (name, label, is_default, place) VALUES (?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE label = ?, is_default = ?, place = ?",
      Repeat::Safe};
  const auto known = list();
  const auto holds = [](std::span<const core::Topic> some, const std::string& name) {
    return std::ranges::find(some, name, &core::Topic::name) != some.end();
  };
  for (const auto& [name, label, is_default] : known) {
    if (holds(topics, name)) continue;
    session_.change(kRemove, {name});
    forget_choices(name);
  }
  std::uint32_t place = 0;
  for (const auto& [name, label, is_default] : topics) {
    if (!holds(known, name)) forget_choices(name);
    const std::uint32_t ticked = is_default ? 1 : 0;
    session_.change(kPut, {name, label, ticked, place, label, ticked, place});
    ++place;
  }
}

void Topics::forget_choices(const std::string& name) {
  static constexpr Statement kForget{
      "DELETE FROM subscription_topic WHERE topic_name = ? ORDER BY subscription_id LIMIT ?",
      Repeat::Safe};
  while (session_.change(kForget, {name, kForgottenAtOnce}) == kForgottenAtOnce) {
  }
}

}  // namespace lamppost::mysql
