#pragma once
// Whom a message is for: what a browser's PushSubscription.toJSON() says, checked.

#include <array>
#include <string_view>

#include "lib/base/crypto.h"
#include "lib/base/result.h"
#include "lib/webpush/endpoint.h"

namespace lamppost::webpush {

class PublicKey {  // p256dh: a point that is on the curve
 public:
  /// Reads `keys.p256dh`: 65 bytes in base64url or base64, an uncompressed point on P-256
  /// (RFC 8291, 3.1 and 7). Error: field "keys.p256dh".
  static Result<PublicKey> parse(std::string_view base64url);
  /// A point read back from our own store.
  static PublicKey trusted(const crypto::Point& point) { return PublicKey{point}; }

  const crypto::Point& point() const noexcept { return point_; }

 private:
  explicit PublicKey(const crypto::Point& point) : point_(point) {}
  crypto::Point point_;
};

class AuthSecret {  // auth
 public:
  static constexpr std::size_t kSize = 16;  // RFC 8291, 3.2

  /// Reads `keys.auth`: 16 bytes in base64url or base64, padded or not, never mixed.
  /// Error: field "keys.auth".
  static Result<AuthSecret> parse(std::string_view base64url);
  static AuthSecret trusted(const std::array<std::uint8_t, kSize>& bytes) {
    return AuthSecret{bytes};
  }

  ByteView bytes() const noexcept { return bytes_; }

 private:
  explicit AuthSecret(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  std::array<std::uint8_t, kSize> bytes_;  // no default: no rubbish inside
};

struct Recipient {
  Endpoint endpoint;
  PublicKey key;
  AuthSecret auth;
};

}  // namespace lamppost::webpush
