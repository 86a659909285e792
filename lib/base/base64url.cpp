#include "lib/base/base64url.h"

#include <array>

namespace lamppost {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNone = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(kAlphabet[i])] = i;
  values['+'] = 62;
  values['/'] = 63;
  return values;
}
constexpr auto kValues = make_values();

}  // namespace

std::string encode_base64url(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  return text;
}

std::optional<Bytes> decode_base64url(std::string_view text) {
  const auto digits = text.substr(0, text.find('='));
  const auto padding = text.substr(digits.size());
  if (padding.find_first_not_of('=') != std::string_view::npos) return std::nullopt;
  if (!padding.empty() && (text.size() % 4 != 0 || padding.size() > 2)) return std::nullopt;
  if (digits.size() % 4 == 1) return std::nullopt;
  const bool url = digits.find_first_of("-_") != std::string_view::npos;
  if (url && digits.find_first_of("+/") != std::string_view::npos) return std::nullopt;

  Bytes bytes;
  bytes.reserve(digits.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : digits) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(digit)];
    if (value == kNone) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> count & 0xff));
    }
  }
  if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace lamppost
