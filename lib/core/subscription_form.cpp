#include "lib/core/subscription_form.h"

#include "lib/base/base64url.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::size_t kMaxKeyText = 128;  // 65 bytes are 88 characters of padded base64

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Result<webpush::Recipient> parse_recipient(const json::Object& object,
                                           const webpush::EndpointPolicy& policy,
                                           const std::string& prefix) {
  Members members(object, prefix);
  const auto url = members.required_text("endpoint", webpush::Endpoint::kMaxSize);
  const auto* keys = members.object("keys");
  if (!keys) members.refuse("keys", std::string(Members::kMissing));
  if (members.error()) return *members.error();
  Members key_members(*keys, prefix + "keys.");
  const auto p256dh = key_members.required_text("p256dh", kMaxKeyText);
  const auto auth = key_members.required_text("auth", kMaxKeyText);
  if (key_members.error()) return *key_members.error();

  const auto named = [&](const Error& error) { return Error{prefix + error.field, error.message}; };
  auto endpoint = webpush::Endpoint::parse(url, policy);
  if (!endpoint) return named(endpoint.error());
  const auto key = webpush::PublicKey::parse(p256dh);
  if (!key) return named(key.error());
  const auto secret = webpush::AuthSecret::parse(auth);
  if (!secret) return named(secret.error());
  return webpush::Recipient{*std::move(endpoint), *key, *secret};
}

json::Object to_json(const webpush::Recipient& recipient) {
  return {{"endpoint", recipient.endpoint.url()},
          {"expirationTime", nullptr},
          {"keys", json::Object{{"p256dh", encode_base64url(recipient.key.point())},
                                {"auth", encode_base64url(recipient.auth.bytes())}}}};
}

std::string parse_known_endpoint(Members& members, const std::string& name) {
  auto endpoint = members.text(name, webpush::Endpoint::kMaxSize);
  if (!std::ranges::all_of(endpoint, [](char c) { return c > ' ' && c <= '~'; }))
    members.refuse(name, "must be the URL of a subscription");
  return endpoint;
}

Result<std::string> parse_language(std::string_view text) {
  const auto fits = [](char c) { return is_alphanumeric(c) || c == '-'; };
  if (text.size() > 35 || !std::ranges::all_of(text, fits))
    return Error{"", "must be a language tag such as de-AT"};
  return std::string(text);
}

Result<std::string> parse_timezone(std::string_view text) {
  const auto fits = [](char c) {
    return is_alphanumeric(c) || c == '/' || c == '_' || c == '-' || c == '+';
  };
  if (text.size() > 64 || !std::ranges::all_of(text, fits))
    return Error{"", "must be a time zone such as Europe/Vienna"};
  return std::string(text);
}

}  // namespace lamppost::core
