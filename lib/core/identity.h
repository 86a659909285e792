#pragma once
// Which of the site's users a subscription belongs to: the site says so, by a signature that only
// it can make. Knows nothing of how a user logs in.

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/json.h"
#include "lib/base/result.h"

namespace lamppost::core {

class Identity {
 public:
  static constexpr std::size_t kMaxUser = 128;     // bytes
  static constexpr std::size_t kLeastSecret = 16;  // bytes; guessing a shorter one is no work

  /// secret  what the site signs with; none: no user is taken here
  explicit Identity(std::optional<std::string> secret) : secret_(std::move(secret)) {}

  bool is_set_up() const noexcept { return secret_.has_value(); }

  /// Reads {"id", "signature"} and gives the id. The signature is HMAC-SHA-256 of the id's bytes,
  /// 64 hexadecimal digits in small letters. Error: "user", "user.id" or "user.signature".
  Result<std::string> parse_user(const json::Object&) const;

 private:
  std::optional<std::string> secret_;
};

}  // namespace lamppost::core
