#include "lib/core/identity.h"

#include "lib/base/crypto.h"
#include "lib/base/hex.h"
#include "lib/core/members.h"

#include <algorithm>

namespace lamppost::core {
namespace {

constexpr std::size_t kSignature = 64;  // digits

// Not UTF-8 it cannot be: it came out of JSON. U+0080 to U+009F are C2 80 to C2 9F.
bool has_controls(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
      return true;
  }
  return false;
}

}  // namespace

Result<std::string> Identity::parse_user(const json::Object& user) const {
  if (!secret_) return Error{"user", "is not set up on this site: it has no identity_secret_file"};
  Members members(user, "user.");
  auto id = members.required_text("id", kMaxUser);
  if (has_controls(id)) members.refuse("id", "must not hold control characters");
  const auto signature = members.required_text("signature", kSignature);
  if (members.error()) return *members.error();
  // Of one length, so that the comparison takes as long for each wrong one.
  if (!crypto::is_equal(as_bytes(signature),
                        as_bytes(to_hex(crypto::hmac_sha256(as_bytes(*secret_), as_bytes(id))))))
    return Error{"user.signature", "does not belong to this id"};
  return id;
}

}  // namespace lamppost::core
