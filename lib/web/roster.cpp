#include "lib/web/roster.h"

#include "lib/core/preference.h"
#include "lib/core/service.h"
#include "lib/core/subscription_form.h"
#include "lib/web/query.h"
#include "lib/web/recent_json.h"
#include "lib/web/trial.h"

#include <algorithm>
#include <charconv>

namespace lamppost::web {
namespace {

using core::RosterEntry;
using core::RosterStore;

constexpr std::size_t kListed = 50;
constexpr std::size_t kRecent = 10;
constexpr std::size_t kMaxSearch = 128;  // bytes, as a user's name
constexpr std::size_t kMaxTopic = 32;
constexpr std::size_t kMaxLanguage = 35;
constexpr std::uint64_t kMaxId = INT64_MAX;

json::Value seconds(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return std::int64_t{time->time_since_epoch().count()};
}

json::Object to_json(const RosterEntry& entry) {
  const auto& hours = entry.quiet_hours;
  return {{"id", entry.id.value},
          {"service", entry.service},
          {"host", entry.host},
          {"endpoint_tail", entry.endpoint_tail},
          {"language", entry.language},
          {"timezone", entry.timezone},
          {"created_at", seconds(entry.created_at)},
          {"seen_at", seconds(entry.seen_at)},
          {"gone_at", seconds(entry.gone_at)},
          {"paused_until", seconds(entry.paused_until)},
          {"quiet_hours", hours ? json::Value(core::to_json(*hours)) : nullptr},
          {"topics", json::Array(entry.topics.begin(), entry.topics.end())},
          {"user", entry.user}};
}

// None: it cannot be one.
std::optional<SubscriptionId> read_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc{} || stop != end || id > kMaxId) return std::nullopt;
  return SubscriptionId{id};
}

Response no_such_subscription() {
  return refusal(404, "not_found", "", "There is no such subscription");
}

// With that one after `change`, or 404.
Response change_entry(const Parts& parts, const AdminPorts& ports,
                      const std::function<void(SubscriptionId)>& change) {
  const auto id = read_id(parts[0]);
  if (!id) return no_such_subscription();
  change(*id);
  const auto entry = ports.roster.read(*id);
  return entry ? answer(200, to_json(*entry)) : no_such_subscription();
}

}  // namespace

Result<core::RosterFilter> read_roster_filter(const Request& request) {
  core::RosterFilter filter;
  const auto state = query_text(request, "state", 10);
  const auto service = query_text(request, "service", 10);
  const auto language = query_text(request, "lang", kMaxLanguage);
  const auto topic = query_text(request, "topic", kMaxTopic);
  const auto search = query_text(request, "q", kMaxSearch);
  for (const auto* text : {&state, &service, &language, &topic, &search})
    if (!*text) return text->error();
  if (!state->empty()) {
    const auto known = core::parse_roster_state(*state);
    if (!known) return Error{"state", "must be one of active, gone, paused, all"};
    filter.state = *known;
  }
  const auto is_known = std::ranges::find(core::kServices, *service) != core::kServices.end();
  if (!service->empty() && !is_known)
    return Error{"service", "must be one of fcm, mozilla, apple, windows, other"};
  const auto tag = core::parse_language(*language);
  if (!tag) return Error{"lang", tag.error().message};
  filter.service = *service;
  filter.language = *tag;
  filter.topic = *topic;
  filter.search = *search;
  return filter;
}

Response list_roster(const Request& request, const AdminPorts& ports) {
  const auto filter = read_roster_filter(request);
  const auto after = query_number(request, "after", 0, 0, kMaxId);
  const auto limit = query_number(request, "limit", kListed, 1, RosterStore::kPageLimit);
  if (!filter) return bad_input(filter.error());
  if (!after) return bad_input(after.error());
  if (!limit) return bad_input(limit.error());
  const auto page = ports.roster.list(*filter, {*after}, *limit, ports.sending.clock.now());
  json::Array list;
  for (const auto& entry : page) list.push_back(to_json(entry));
  const bool more = page.size() == *limit;
  return answer(200, json::Object{{"subscriptions", std::move(list)},
                                  {"next", more ? json::Value(page.back().id.value) : nullptr}});
}

Response show_roster_entry(const Request&, const Parts& parts, const AdminPorts& ports) {
  const auto id = read_id(parts[0]);
  const auto entry = id ? ports.roster.read(*id) : std::nullopt;
  if (!entry) return no_such_subscription();
  auto body = to_json(*entry);
  body.append("recent", recent_json(ports.recent.of(*id, kRecent)));
  return answer(200, std::move(body));
}

Response put_away(const Request&, const Parts& parts, const AdminPorts& ports) {
  return change_entry(parts, ports, [&](SubscriptionId id) {
    ports.roster.put_away(id, ports.sending.clock.now());
  });
}

Response bring_back(const Request&, const Parts& parts, const AdminPorts& ports) {
  return change_entry(parts, ports, [&](SubscriptionId id) { ports.roster.bring_back(id); });
}

Response test_roster_entry(const Request& request, const Parts& parts, const AdminPorts& ports) {
  const auto message = json::parse_object(request.body);
  if (!message) return bad_input(message.error());
  const auto id = read_id(parts[0]);
  return id ? try_on(*id, "", *message, ports) : no_such_subscription();
}

}  // namespace lamppost::web
