#include "lib/web/drafts.h"

#include "lib/core/members.h"

#include <charconv>
#include <ctime>

namespace lamppost::web {
namespace {

constexpr std::size_t kMaxContent = 32 * 1024;  // bytes
constexpr std::size_t kListed = 200;
constexpr std::size_t kMaxTitle = 200;  // bytes of it that lists show

std::optional<DraftId> read_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id > INT64_MAX)
    return std::nullopt;
  return DraftId{id};
}

Response no_such_draft() { return refusal(404, "not_found", "", "There is no such draft"); }

// The beginning of the content's title, up to the last character that is whole.
std::string title_of(const json::Object& content) {
  const auto* title = content.find("title");
  if (!title || !title->text()) return {};
  const auto& text = *title->text();
  if (text.size() <= kMaxTitle) return text;
  auto end = kMaxTitle;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

core::DraftText read_text(core::Members& members, const std::string& owner) {
  const auto* content = members.object("content");
  if (!content) {
    members.refuse("content", std::string(core::Members::kMissing));
    return {};
  }
  core::DraftText text{owner, title_of(*content), json::write(*content)};
  if (text.content.size() > kMaxContent)
    members.refuse("content", "must be at most " + std::to_string(kMaxContent) + " bytes");
  return text;
}

json::Object summary(const core::Draft& draft) {
  return {{"id", draft.id.value},
          {"owner", draft.text.owner},
          {"version", draft.version},
          {"updated_at", std::int64_t{draft.updated_at.time_since_epoch().count()}}};
}

json::Object to_json(const core::Draft& draft) {
  auto json = summary(draft);
  const auto content = json::parse(draft.text.content);
  json.append("content", content ? *content : json::Value{});
  return json;
}

std::string utc(Time time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  char text[32] = "";
  gmtime_r(&seconds, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text;
}

Response conflict(const core::Draft& current) {
  const auto message = current.text.owner + " has saved it at " + utc(current.updated_at) +
                       ", as version " + std::to_string(current.version);
  return answer(
      409,
      json::Object{
          {"status", "error"},
          {"error", json::Object{{"code", "conflict"}, {"field", "version"}, {"message", message}}},
          {"current", to_json(current)}});
}

}  // namespace

Response list_drafts(const Request&, const AdminPorts& ports) {
  json::Array drafts;
  for (const auto& draft : ports.drafts.list(kListed)) {
    auto json = summary(draft);
    json.append("title", draft.text.title);
    drafts.push_back(std::move(json));
  }
  return answer(200, json::Object{{"drafts", std::move(drafts)}});
}

Response create_draft(const Request& request, const AdminPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  core::Members members(*body, "");
  const auto text = read_text(members, request.owner);
  if (members.error()) return bad_input(*members.error());
  const auto id = ports.drafts.create(text, ports.sending.clock.now());
  return answer(201, json::Object{{"id", id.value}, {"version", 1}});
}

Response show_draft(const Request&, const Parts& parts, const AdminPorts& ports) {
  const auto id = read_id(parts[0]);
  const auto draft = id ? ports.drafts.read(*id) : std::nullopt;
  return draft ? answer(200, to_json(*draft)) : no_such_draft();
}

Response change_draft(const Request& request, const Parts& parts, const AdminPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  const auto id = read_id(parts[0]);
  auto current = id ? ports.drafts.read(*id) : std::nullopt;
  if (!current) return no_such_draft();
  core::Members members(*body, "");
  const auto given = members.integer("version", 0, 1, INT64_MAX - 1);
  if (given == 0) members.refuse("version", std::string(core::Members::kMissing));
  const auto text = read_text(members, request.owner);
  if (members.error()) return bad_input(*members.error());

  const auto version = static_cast<std::uint64_t>(given);
  if (!ports.drafts.change(*id, version, text, ports.sending.clock.now())) {
    current = ports.drafts.read(*id);
    if (!current) return no_such_draft();
    // Whoever saves the same again, since the answer was lost, has saved it.
    const bool is_ours = current->version == version + 1 && current->text.owner == text.owner &&
                         current->text.content == text.content;
    if (!is_ours) return conflict(*current);
  }
  return answer(200, json::Object{{"version", version + 1}});
}

Response remove_draft(const Request&, const Parts& parts, const AdminPorts& ports) {
  const auto id = read_id(parts[0]);
  if (!id || !ports.drafts.remove(*id)) return no_such_draft();
  return answer(200, json::Object{{"status", "success"}});
}

}  // namespace lamppost::web
