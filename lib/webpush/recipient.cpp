#include "lib/webpush/recipient.h"

#include "lib/base/base64url.h"

#include <algorithm>

namespace lamppost::webpush {
namespace {

template <std::size_t Size>
Result<std::array<std::uint8_t, Size>> decode(std::string_view text, const char* field) {
  const auto bytes = decode_base64url(text);
  if (!bytes) return Error{field, "must be base64url or base64"};
  if (bytes->size() != Size) return Error{field, "must be " + std::to_string(Size) + " bytes"};
  std::array<std::uint8_t, Size> exact{};
  std::ranges::copy(*bytes, exact.begin());
  return exact;
}

}  // namespace

Result<PublicKey> PublicKey::parse(std::string_view base64url) {
  const auto point = decode<sizeof(crypto::Point)>(base64url, "keys.p256dh");
  if (!point) return point.error();
  if (!crypto::is_on_curve(*point))
    return Error{"keys.p256dh", "must be an uncompressed point on the curve P-256"};
  return PublicKey{*point};
}

Result<AuthSecret> AuthSecret::parse(std::string_view base64url) {
  const auto secret = decode<kSize>(base64url, "keys.auth");
  if (!secret) return secret.error();
  return AuthSecret{*secret};
}

}  // namespace lamppost::webpush
