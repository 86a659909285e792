#include "lib/web/subscriptions.h"

#include "lib/base/base64url.h"
#include "lib/core/members.h"
#include "lib/core/subscription_form.h"

#include <algorithm>

namespace lamppost::web {
namespace {

using core::Members;

struct Form {
  webpush::Recipient recipient;
  std::string language, timezone, key, replaces;
  core::PreferenceChange change;  // of topics and user
  std::string text;               // toJSON() as it was given, or as we would write it
};

Result<Form> read_posted_text(const json::Value& posted, const webpush::EndpointPolicy& policy) {
  const auto* text = posted.text();
  if (!text) return Error{"subscription_json", "must be a text"};
  const auto object = json::parse_object(*text);
  if (!object) return Error{"subscription_json", object.error().message};
  auto recipient = core::parse_recipient(*object, policy, "subscription_json.");
  if (!recipient) return recipient.error();
  return Form{*std::move(recipient), {}, {}, {}, {}, {}, *text};
}

Result<Form> read_bare(const json::Object& object, const webpush::EndpointPolicy& policy,
                       const std::string& prefix) {
  auto recipient = core::parse_recipient(object, policy, prefix);
  if (!recipient) return recipient.error();
  auto text = json::write(core::to_json(*recipient));
  return Form{*std::move(recipient), {}, {}, {}, {}, {}, std::move(text)};
}

core::PreferenceChange read_change(Members& members, const PublicPorts& ports) {
  core::PreferenceChange change;
  if (const auto* names = members.array("topics", core::kMaxTopics)) {
    const auto choice = core::parse_choice(*names, ports.topics.list());
    if (!choice) members.refuse(choice.error());
    if (choice) change.topics = *choice;
  }
  if (const auto* given = members.object("user")) {
    const auto user = ports.identity.parse_user(*given);
    if (!user) members.refuse(user.error());
    if (user) change.user = *user;
  }
  return change;
}

Result<Form> read_wrapped(const json::Object& body, const PublicPorts& ports) {
  Members members(body, "");
  const auto* subscription = members.object("subscription");
  if (!subscription) return members.error().value_or(Error{"subscription", "must be an object"});
  auto form = read_bare(*subscription, ports.policy, "subscription.");
  if (!form) return form;
  auto whole = *std::move(form);
  const auto language = core::parse_language(members.text("language", 35));
  if (!language) return Error{"language", language.error().message};
  const auto timezone = core::parse_timezone(members.text("timezone", 64));
  if (!timezone) return Error{"timezone", timezone.error().message};
  whole.language = *language;
  whole.timezone = *timezone;
  // An empty one is not taken for none: the subscription could never be sent to.
  if (const auto* key = body.find("key"); key && !key->is_null())
    whole.key = members.required_text("key", 128);
  whole.change = read_change(members, ports);
  whole.replaces = core::parse_known_endpoint(members, "replaces");
  if (members.error()) return *members.error();
  return whole;
}

Result<Form> read_form(std::string_view body, const PublicPorts& ports) {
  const auto object = json::parse_object(body);
  if (!object) return object.error();
  if (const auto* posted = object->find("subscription_json"))
    return read_posted_text(*posted, ports.policy);
  if (object->find("subscription")) return read_wrapped(*object, ports);
  return read_bare(*object, ports.policy, "");
}

// The VAPID key that the browser says it was given.
Result<core::VapidPublicKey> find_key(const std::string& text, core::VapidKeyStore& keys) {
  const auto bytes = decode_base64url(text);
  crypto::Point point{};
  if (!bytes || bytes->size() != point.size())
    return Error{"key", "must be 65 bytes of base64url: the applicationServerKey"};
  std::ranges::copy(*bytes, point.begin());
  const auto known = keys.find(point);
  if (!known) return Error{"key", "is not a key of this site: subscribe again with /api/config's"};
  return *known;
}

// What was chosen with the old endpoint goes on with the new one, but for what is said now. The old
// one goes last, so that whoever asks again after a failure finds it still.
void take_over(const std::string& old_endpoint, SubscriptionId id, core::PreferenceChange change,
               const PublicPorts& ports) {
  const auto old = ports.preferences.find(old_endpoint);
  if (old) {
    if (!change.topics) change.topics = old->topics;
    if (!change.user && !old->user.empty()) change.user = old->user;
    if (old->paused_until) change.paused_until = old->paused_until;
    if (old->quiet_hours) change.quiet_hours = old->quiet_hours;
  }
  ports.preferences.change(id, change);
  if (old) ports.subscriptions.remove(old_endpoint);
}

}  // namespace

Response subscribe(const Request& request, const PublicPorts& ports) {
  const auto form = read_form(request.body, ports);
  if (!form) return bad_input(form.error());

  auto key = ports.vapid_keys.current();
  if (!key) return unavailable("There is no VAPID key yet, so nobody can have subscribed with it");
  if (!form->key.empty()) {
    const auto named = find_key(form->key, ports.vapid_keys);
    if (!named) return bad_input(named.error());
    key = *named;
  }
  const auto put = ports.subscriptions.put(
      {form->recipient, key->id, form->language, form->timezone}, ports.clock.now());
  if (!form->replaces.empty() && form->replaces != form->recipient.endpoint.url())
    take_over(form->replaces, put.id, form->change, ports);
  else
    ports.preferences.change(put.id, form->change);
  if (put.created && form->replaces.empty() && ports.welcome)
    ports.errands.add({put.id, core::ErrandKind::Welcome, form->language}, ports.clock.now());
  return answer(put.created ? 201 : 200,
                json::Object{{"status", "success"},
                             {"result", json::Object{{"id", put.id.value},
                                                     {"subscription_json", form->text}}}});
}

Response unsubscribe(const Request& request, const PublicPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  Members members(*body, "");
  members.required_text("endpoint", webpush::Endpoint::kMaxSize);
  const auto endpoint = core::parse_known_endpoint(members, "endpoint");
  if (members.error()) return bad_input(*members.error());
  ports.subscriptions.remove(endpoint);
  return answer(200, json::Object{{"status", "success"}});
}

}  // namespace lamppost::web
