#include "lib/core/click_link.h"

#include "lib/base/base64url.h"
#include "lib/base/crypto.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::size_t kIdSize = 22;         // 16 bytes
constexpr std::size_t kSignatureSize = 16;  // 12 bytes
constexpr std::size_t kTokenSize = kIdSize + 1 + kSignatureSize;

char button_of(std::string_view action) { return action.empty() ? '-' : action.front(); }

}  // namespace

std::string ClickLinks::token(const MessageId& message, char button) const {
  const auto named = encode_base64url(message) + button;
  // The secret may sign other things elsewhere: what is signed here says what it is.
  const auto digest = crypto::hmac_sha256(as_bytes(*secret_), as_bytes("lamppost click " + named));
  return named + encode_base64url(digest).substr(0, kSignatureSize);
}

std::string ClickLinks::make(const Site& site, const MessageId& message, std::string_view action,
                             std::string_view target) const {
  const bool is_ours = target.starts_with(site.origin + '/') || target == site.origin;
  return site.origin + "/api/c/" + token(message, button_of(action)) + (is_ours ? "" : "?");
}

std::optional<ClickLinks::Named> ClickLinks::check(std::string_view token) const {
  if (!secret_ || token.size() != kTokenSize) return std::nullopt;
  const auto bytes = decode_base64url(token.substr(0, kIdSize));
  const auto button = token[kIdSize];
  Named named{};
  if (!bytes || bytes->size() != named.message.size()) return std::nullopt;
  if (button != '-' && button != '0' && button != '1') return std::nullopt;
  std::ranges::copy(*bytes, named.message.begin());
  if (button != '-') named.action = button;
  // As a whole, so that a link has one spelling.
  if (!crypto::is_equal(as_bytes(token), as_bytes(this->token(named.message, button))))
    return std::nullopt;
  return named;
}

}  // namespace lamppost::core
