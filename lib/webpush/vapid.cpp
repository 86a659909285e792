#include "lib/webpush/vapid.h"

#include "lib/base/base64url.h"
#include "lib/base/json.h"
#include "lib/base/text.h"
#include "lib/webpush/host_name.h"

#include <algorithm>

namespace lamppost::webpush {
namespace {

bool is_believable_domain(const std::string& domain) {
  const auto dot = domain.rfind('.');
  if (!is_host_name(domain) || dot == std::string::npos) return false;
  const auto top = std::string_view(domain).substr(dot + 1);
  return top != "local" && top != "localhost" && top != "invalid" && top != "devhost";
}

std::string encode(const json::Value& value) {
  return encode_base64url(as_bytes(json::write(value)));
}

}  // namespace

Result<std::string> parse_vapid_subject(std::string_view text) {
  const Error refusal{"",
                      "must be mailto:name@domain or https://domain/, with a domain that "
                      "exists: push services refuse localhost, .local and .invalid"};
  const auto odd = [](char c) { return c <= ' ' || c > '~' || c == '<' || c == '>' || c == '"'; };
  if (std::ranges::any_of(text, odd)) return refusal;
  std::string_view domain;
  if (text.starts_with("mailto:")) {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == std::string_view("mailto:").size()) return refusal;
    domain = text.substr(at + 1);
  } else if (text.starts_with("https://")) {
    domain = text.substr(std::string_view("https://").size());
    domain = domain.substr(0, domain.find_first_of("/:?#"));
  }
  if (!is_believable_domain(lower_case(domain))) return refusal;
  return std::string(text);
}

Vapid::Vapid(crypto::KeyPair key, std::string subject)
    : key_(std::move(key)),
      subject_(std::move(subject)),
      public_key_(encode_base64url(key_.public_point())) {}

const std::string& Vapid::authorization(std::string_view origin, Time now) {
  const auto known = tokens_.find(origin);
  if (known != tokens_.end()) {
    const auto age = now - known->second.made_at;
    if (age >= Seconds{0} && age < kLifetime / 2) return known->second.value;
  }
  if (known == tokens_.end() && tokens_.size() >= kMaxTokens) tokens_.clear();
  const json::Object header{{"typ", "JWT"}, {"alg", "ES256"}};
  const json::Object claims{{"aud", std::string(origin)},
                            {"exp", (now + kLifetime).time_since_epoch().count()},
                            {"sub", subject_}};
  const auto text = encode(header) + '.' + encode(claims);
  auto& token = tokens_[std::string(origin)];
  token.value = "vapid t=" + text + '.' + encode_base64url(key_.sign(text)) + ", k=" + public_key_;
  token.made_at = now;
  return token.value;
}

std::uint32_t vapid_key_id(const crypto::Point& point) {
  const auto digest = crypto::sha256(point);
  return std::uint32_t{digest[0]} << 24 | std::uint32_t{digest[1]} << 16 |
         std::uint32_t{digest[2]} << 8 | std::uint32_t{digest[3]};
}

void VapidKeys::add(std::uint32_t key_id, Vapid vapid) {
  keys_.insert_or_assign(key_id, std::move(vapid));
}

Vapid* VapidKeys::find(std::uint32_t key_id) {
  const auto found = keys_.find(key_id);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace lamppost::webpush
