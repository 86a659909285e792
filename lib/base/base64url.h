#pragma once
// base64url (RFC 4648, 5): the alphabet of keys, tokens and message ids on the web.

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"

namespace lamppost {

/// base64url without padding.
std::string encode_base64url(ByteView bytes);

/// Reads base64url or base64, padded or not. None if it is neither, if both alphabets are mixed,
/// if the padding is wrong, or if unused bits are set (so that a value has exactly one spelling
/// per alphabet and padding).
std::optional<Bytes> decode_base64url(std::string_view text);

}  // namespace lamppost
