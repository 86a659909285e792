#pragma once
// Hexadecimal, as the standards print their test vectors; failing checks then print it too.

#include <string>
#include <string_view>

#include "lib/base/bytes.h"

namespace lamppost::testing {

/// Trusts its author: pairs of hex digits, nothing else.
inline Bytes from_hex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(value(hex[i]) * 16 + value(hex[i + 1])));
  return bytes;
}

inline std::string to_hex(ByteView bytes) {
  std::string hex;
  for (const std::uint8_t byte : bytes) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace lamppost::testing
