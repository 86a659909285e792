#include "lib/web/recent_json.h"

namespace lamppost::web {
namespace {

std::string_view to_word(core::Fate fate) {
  using enum core::Fate;
  switch (fate) {
    case Waiting:
    case HandedOut:
    case Later:
      return "waiting";
    case Accepted:
      return "accepted";
    case Gone:
      return "gone";
    case Failed:
      return "failed";
    case Expired:
      return "expired";
    case Unsure:
    case UnsureKept:
    case UnsureAsked:
      return "unsure";
    case Skipped:
      return "skipped";
  }
  return "unsure";
}

// Empty if it is no message of ours.
std::string title_of(const std::string& payload) {
  const auto message = json::parse_object(payload);
  if (!message) return "";
  const auto* notification = message->find("notification");
  if (!notification || !notification->object()) return "";
  const auto* title = notification->object()->find("title");
  return title && title->text() ? *title->text() : "";
}

}  // namespace

json::Array recent_json(const std::vector<core::RecentMessage>& messages) {
  json::Array recent;
  for (const auto& [payload, at, fate] : messages)
    recent.push_back(json::Object{{"title", title_of(payload)},
                                  {"at", std::int64_t{at.time_since_epoch().count()}},
                                  {"fate", to_word(fate)}});
  return recent;
}

}  // namespace lamppost::web
