#pragma once
// VAPID: how the application server says who it is (RFC 8292).

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/base/result.h"

namespace lamppost::webpush {

/// A contact that all push services believe: `mailto:` an address or an `https:` URL, neither at
/// localhost nor under .local, .invalid, .localhost or .devhost, without spaces or angle brackets
/// (RFC 8292, 2.1; Apple refuses the rest). Error: no field.
Result<std::string> parse_vapid_subject(std::string_view text);

class Vapid {
 public:
  static constexpr Seconds kLifetime{12 * 3600};  // RFC 8292, 2 allows 24 h; our clock may be wrong
  // Strangers choose the host below a suffix such as .notify.windows.com: more origins than the
  // real services have must not eat the memory.
  static constexpr std::size_t kMaxTokens = 256;

  /// subject  one that parse_vapid_subject let pass
  Vapid(crypto::KeyPair key, std::string subject);

  /// base64url of the 65-byte point: the browser's applicationServerKey and `k` (RFC 8292, 3.2).
  const std::string& public_key() const noexcept { return public_key_; }

  /// The value of the Authorization header for a push service: "vapid t=..., k=..." (RFC 8292, 3).
  /// One token per origin, signed anew at half of its life, or when the clock was set back.
  /// The reference holds until the next call.
  const std::string& authorization(std::string_view origin, Time now);

 private:
  struct Token {
    std::string value;
    Time made_at;
  };
  crypto::KeyPair key_;
  std::string subject_;
  std::string public_key_;
  std::map<std::string, Token, std::less<>> tokens_;
};

/// The number that subscriptions remember a key by: the first 4 bytes of the SHA-256 of its public
/// point. Made from the key, so that nobody has to be asked for it.
std::uint32_t vapid_key_id(const crypto::Point&);

class VapidKeys {  // a subscription can only be sent to with the key that it was made with (RFC
                   // 8292, 4.2)
 public:
  void add(std::uint32_t key_id, Vapid vapid);
  /// None: not held here; such a recipient is skipped and counted.
  Vapid* find(std::uint32_t key_id);

 private:
  std::map<std::uint32_t, Vapid> keys_;
};

}  // namespace lamppost::webpush
