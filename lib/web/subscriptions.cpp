#include "lib/web/subscriptions.h"

#include "lib/base/base64url.h"
#include "lib/core/members.h"
#include "lib/core/subscription_form.h"

#include <algorithm>

namespace lamppost::web {
namespace {

using core::Members;
using webpush::Endpoint;

constexpr std::size_t kMaxTopics = 100;
constexpr std::size_t kMaxTopic = 64;  // bytes

struct Form {
  webpush::Recipient recipient;
  std::string language, timezone, key, replaces;
  std::string text;  // toJSON() as it was given, or as we would write it
};

// An endpoint that may be of a push service that is no longer allowed: only its characters matter.
Result<std::string> read_known_endpoint(Members& members, const char* name) {
  auto endpoint = members.text(name, Endpoint::kMaxSize);
  if (!std::ranges::all_of(endpoint, [](char c) { return c > ' ' && c <= '~'; }))
    members.refuse(name, "must be the URL of a subscription");
  if (members.error()) return *members.error();
  return endpoint;
}

Result<Form> read_posted_text(const json::Value& posted, const webpush::EndpointPolicy& policy) {
  const auto* text = posted.text();
  if (!text) return Error{"subscription_json", "must be a text"};
  const auto object = json::parse_object(*text);
  if (!object) return Error{"subscription_json", object.error().message};
  auto recipient = core::parse_recipient(*object, policy, "subscription_json.");
  if (!recipient) return recipient.error();
  return Form{*std::move(recipient), {}, {}, {}, {}, *text};
}

Result<Form> read_bare(const json::Object& object, const webpush::EndpointPolicy& policy,
                       const std::string& prefix) {
  auto recipient = core::parse_recipient(object, policy, prefix);
  if (!recipient) return recipient.error();
  auto text = json::write(core::to_json(*recipient));
  return Form{*std::move(recipient), {}, {}, {}, {}, std::move(text)};
}

// There are no topics yet to choose from, but what cannot be a list of names is refused all the
// same.
void check_topics(Members& members) {
  const auto* topics = members.array("topics", kMaxTopics);
  if (!topics) return;
  const bool fit = std::ranges::all_of(*topics, [](const json::Value& topic) {
    return topic.text() && topic.text()->size() <= kMaxTopic;
  });
  if (!fit) members.refuse("topics", "must be a list of names, each a text of at most 64 bytes");
}

Result<Form> read_wrapped(const json::Object& body, const webpush::EndpointPolicy& policy) {
  Members members(body, "");
  const auto* subscription = members.object("subscription");
  if (!subscription) return members.error().value_or(Error{"subscription", "must be an object"});
  auto form = read_bare(*subscription, policy, "subscription.");
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
  check_topics(members);
  const auto replaces = read_known_endpoint(members, "replaces");
  if (!replaces) return replaces.error();
  whole.replaces = *replaces;
  return whole;
}

Result<Form> read_form(std::string_view body, const webpush::EndpointPolicy& policy) {
  const auto object = json::parse_object(body);
  if (!object) return object.error();
  if (const auto* posted = object->find("subscription_json"))
    return read_posted_text(*posted, policy);
  if (object->find("subscription")) return read_wrapped(*object, policy);
  return read_bare(*object, policy, "");
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

}  // namespace

Response subscribe(const Request& request, const PublicPorts& ports) {
  const auto form = read_form(request.body, ports.policy);
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
    ports.subscriptions.remove(form->replaces);
  return answer(put.created ? 201 : 200,
                json::Object{{"status", "success"},
                             {"result", json::Object{{"id", put.id.value},
                                                     {"subscription_json", form->text}}}});
}

Response unsubscribe(const Request& request, const PublicPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  Members members(*body, "");
  members.required_text("endpoint", Endpoint::kMaxSize);
  const auto endpoint = read_known_endpoint(members, "endpoint");
  if (!endpoint) return bad_input(endpoint.error());
  ports.subscriptions.remove(*endpoint);
  return answer(200, json::Object{{"status", "success"}});
}

}  // namespace lamppost::web
