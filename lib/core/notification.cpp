#include "lib/core/notification.h"

#include "lib/base/base64url.h"
#include "lib/core/members.h"
#include "lib/core/subscription_form.h"
#include "lib/webpush/encrypt.h"

#include <algorithm>
#include <array>

namespace lamppost::core {
namespace {

constexpr std::size_t kMaxTitle = 500;  // bytes; browsers show far less, but 3993 is the real limit
constexpr std::size_t kMaxBody = 3000;
constexpr std::size_t kMaxWord = 64;  // tag, replace
constexpr std::size_t kMaxActions = 2;

// Members of the message that this version does not know yet. Ignoring one of them would send to
// people, or at times, that the owner did not mean.
constexpr std::array kUnsupported{"variants"};

using LinkParser = Result<std::string> (*)(std::string_view, const Site&);

// Reads a notification member by member and keeps the first error.
class Reader {
 public:
  Reader(const json::Object& object, const Site& site, std::string prefix)
      : members_(object, std::move(prefix)), site_(site) {}

  std::string link(const char* name, LinkParser parse, std::string otherwise) {
    const auto given = members_.text(name, kMaxLink);
    if (given.empty()) return otherwise;
    auto link = parse(given, site_);
    if (!link) members_.refuse(name, link.error().message);
    return link ? *std::move(link) : otherwise;
  }
  Members& members() { return members_; }

 private:
  Members members_;
  const Site& site_;
};

std::vector<Action> read_actions(Members& members, const Site& site) {
  std::vector<Action> actions;
  const auto* array = members.array("actions", kMaxActions);
  if (!array) return actions;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto name = "actions[" + std::to_string(i) + "]";
    const auto* object = (*array)[i].object();
    if (!object) {
      members.refuse(name, "must be an object with title and url");
      return actions;
    }
    Reader reader(*object, site, name + ".");
    Action action;
    action.title = reader.members().required_text("title", kMaxWord);
    action.url = reader.link("url", parse_click_target, site.origin + "/");
    if (reader.members().error()) members.refuse(*reader.members().error());
    actions.push_back(std::move(action));
  }
  return actions;
}

}  // namespace

Result<Notification> parse_notification(const json::Object& object, const Site& site,
                                        const NotificationDefaults& defaults) {
  Members members(object, "");
  members.required_text("title", kMaxTitle);
  if (members.error()) return *members.error();
  return parse_unfinished(object, site, defaults);
}

Result<Notification> parse_unfinished(const json::Object& object, const Site& site,
                                      const NotificationDefaults& defaults) {
  Reader reader(object, site, "");
  auto& members = reader.members();
  Notification it;
  it.title = members.text("title", kMaxTitle);
  it.body = members.text("body", kMaxBody);
  it.url = reader.link("url", parse_click_target, site.origin + "/");
  it.icon = reader.link("icon", parse_picture, defaults.icon);
  it.image = reader.link("image", parse_picture, "");
  it.badge = reader.link("badge", parse_picture, "");
  it.tag = members.text("tag", kMaxWord);
  it.lang = members.text("lang", kMaxWord);
  it.dir = members.text("dir", kMaxWord);
  it.replace = members.text("replace", kMaxWord);
  it.renotify = members.boolean("renotify");
  it.require_interaction = members.boolean("require_interaction");
  it.silent = members.boolean("silent");
  it.ttl = Seconds{members.integer("ttl", defaults.ttl.count(), 0, webpush::kMaxTtl.count())};
  it.actions = read_actions(members, site);
  it.report = defaults.report;
  if (const auto urgency = members.text("urgency", kMaxWord); !urgency.empty()) {
    if (const auto parsed = webpush::parse_urgency(urgency))
      it.urgency = *parsed;
    else
      members.refuse("urgency", parsed.error().message);
  }
  if (const auto lang = parse_language(it.lang); !lang)
    members.refuse("lang", lang.error().message);
  if (!it.dir.empty() && it.dir != "auto" && it.dir != "ltr" && it.dir != "rtl")
    members.refuse("dir", "must be auto, ltr or rtl");
  if (it.renotify && it.tag.empty() && it.replace.empty())
    members.refuse("renotify", "needs a tag or replace: browsers refuse it without one");
  for (const auto* name : kUnsupported)
    if (object.find(name)) members.refuse(name, "is not supported by this version");
  if (members.error()) return *members.error();
  return it;
}

std::string make_payload(const Notification& it, const MessageId& id) {
  json::Object notification{{"title", it.title}, {"navigate", it.url}};
  const auto set_text = [&](const char* name, const std::string& text) {
    if (!text.empty()) notification.append(name, text);
  };
  const auto set_flag = [&](const char* name, bool flag) {
    if (flag) notification.append(name, true);
  };
  set_text("body", it.body);
  set_text("lang", it.lang);
  set_text("dir", it.dir);
  set_text("tag", it.tag.empty() ? it.replace : it.tag);
  set_text("icon", it.icon);
  set_text("badge", it.badge);
  set_text("image", it.image);
  set_flag("silent", it.silent);
  set_flag("renotify", it.renotify);
  set_flag("requireInteraction", it.require_interaction);
  if (!it.actions.empty()) {
    json::Array actions;
    for (const auto& action : it.actions)
      actions.push_back(json::Object{{"action", std::to_string(actions.size())},
                                     {"title", action.title},
                                     {"navigate", action.url}});
    notification.append("actions", std::move(actions));
  }
  json::Object data{{"id", encode_base64url(id)}};
  if (it.report) data.append("report", true);
  notification.append("data", std::move(data));
  return json::write(json::Object{{"web_push", 8030}, {"notification", std::move(notification)}});
}

std::string to_classic(const std::string& payload) {
  const auto declarative = json::parse_object(payload);
  if (!declarative) return payload;
  json::Object classic;
  for (const auto& [name, value] : declarative->members())
    if (name != "web_push") classic.append(name, value);
  return json::write(std::move(classic));
}

Result<webpush::Message> make_message(const Notification& it, const MessageId& id) {
  webpush::Message message{.payload = make_payload(it, id),
                           .ttl = it.ttl,
                           .urgency = it.urgency,
                           .topic = it.replace.empty() ? "" : webpush::make_topic(it.replace),
                           .padded_to = 0};
  if (message.payload.size() > webpush::kMaxPlaintext)
    return Error{"message", "is " +
                                std::to_string(message.payload.size() - webpush::kMaxPlaintext) +
                                " bytes too long: all its texts and links together must fit into " +
                                std::to_string(webpush::kMaxPlaintext) + " bytes"};
  return webpush::checked(std::move(message));
}

}  // namespace lamppost::core
