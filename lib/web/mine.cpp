#include "lib/web/mine.h"

#include "lib/base/crypto.h"
#include "lib/core/subscription_form.h"
#include "lib/web/recent_json.h"

namespace lamppost::web {
namespace {

using core::Members;
using core::Subscriber;

constexpr std::size_t kRecent = 5;
constexpr std::size_t kMaxAuth = 128;  // bytes of text

json::Value to_seconds(Time time) { return std::int64_t{time.time_since_epoch().count()}; }

Response tell(const Subscriber& subscriber, const PublicPorts& ports) {
  const auto& [id, auth, created_at, seen_at, language, timezone, topics, user, paused_until,
               quiet_hours] = subscriber;
  const bool is_paused = paused_until && *paused_until > ports.clock.now();
  const auto devices = user.empty() ? 1 : ports.preferences.devices(user);
  json::Object mine{
      {"created_at", to_seconds(created_at)},
      {"seen_at", to_seconds(seen_at)},
      {"language", language},
      {"timezone", timezone},
      {"topics", json::Array(topics.begin(), topics.end())},
      {"pause_until", is_paused ? to_seconds(*paused_until) : nullptr},
      {"quiet_hours", quiet_hours ? json::Value(core::to_json(*quiet_hours)) : nullptr},
      {"user", user.empty() ? json::Value() : json::Value(user)},
      {"devices", devices},
      {"recent", recent_json(ports.recent.of(id, kRecent))}};
  return answer(200, json::Object{{"status", "success"}, {"result", std::move(mine)}});
}

enum class Erasure { None, This, Devices };

Result<Erasure> read_erasure(const json::Object& body, const Subscriber& subscriber) {
  const auto* given = body.find("delete");
  if (!given || given->is_null()) return Erasure::None;
  if (const auto* truth = given->boolean()) return *truth ? Erasure::This : Erasure::None;
  if (!given->text() || *given->text() != "devices")
    return Error{"delete", R"(must be true or "devices")"};
  if (subscriber.user.empty())
    return Error{"delete", R"(cannot be "devices": this one belongs to no user)"};
  return Erasure::Devices;
}

}  // namespace

std::optional<Subscriber> find_holder(Members& members, core::PreferenceStore& preferences) {
  members.required_text("endpoint", webpush::Endpoint::kMaxSize);
  const auto endpoint = core::parse_known_endpoint(members, "endpoint");
  const auto auth = members.required_text("auth", kMaxAuth);
  if (members.error()) return std::nullopt;
  const auto secret = webpush::AuthSecret::parse(auth);
  if (!secret) {
    members.refuse("auth", secret.error().message);
    return std::nullopt;
  }
  auto found = preferences.find(endpoint);
  if (!found || !crypto::is_equal(found->auth.bytes(), secret->bytes())) return std::nullopt;
  return found;
}

Response no_holder(const Members& members) {
  if (members.error()) return bad_input(*members.error());
  return refusal(404, "not_found", "", "No subscription is known by this endpoint and auth");
}

Response change_mine(const Request& request, const PublicPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  Members members(*body, "");
  const auto* names = members.array("topics", core::kMaxTopics);
  auto given = core::parse_preferences(*body, ports.clock.now());
  const auto holder = find_holder(members, ports.preferences);
  if (!holder) return no_holder(members);
  if (!given) return bad_input(given.error());
  auto change = *std::move(given);
  if (names) {
    const auto choice = core::parse_choice(*names, ports.topics.list());
    if (!choice) return bad_input(choice.error());
    change.topics = *choice;
  }
  ports.preferences.change(holder->id, change);
  const auto changed = find_holder(members, ports.preferences);
  return changed ? tell(*changed, ports) : no_holder(members);
}

Response show_mine(const Request& request, const PublicPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  Members members(*body, "");
  const auto holder = find_holder(members, ports.preferences);
  if (!holder) return no_holder(members);
  const auto erasure = read_erasure(*body, *holder);
  if (!erasure) return bad_input(erasure.error());
  switch (*erasure) {
    case Erasure::None:
      return tell(*holder, ports);
    case Erasure::This:
      ports.subscriptions.remove(core::parse_known_endpoint(members, "endpoint"));
      break;
    case Erasure::Devices:
      ports.preferences.erase_devices(holder->user);
      break;
  }
  return answer(200, json::Object{{"status", "success"}});
}

}  // namespace lamppost::web
