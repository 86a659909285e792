#pragma once
// Bytes as hexadecimal digits in small letters.

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"

namespace lamppost {

std::string to_hex(ByteView bytes);

/// None if it is anything but pairs of digits in small letters, so that bytes have one spelling.
std::optional<Bytes> decode_hex(std::string_view text);

}  // namespace lamppost
