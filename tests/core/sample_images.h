#pragma once
// The first bytes of pictures, as small as their formats allow.

#include <string>

namespace lamppost::testing {

inline std::string big(std::size_t value, int width) {
  std::string bytes;
  for (int i = width - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}
inline std::string little(std::size_t value, int width) {
  const auto bytes = big(value, width);
  return {bytes.rbegin(), bytes.rend()};
}

inline std::string png(std::size_t width, std::size_t height) {
  return "\x89PNG\r\n\x1a\n" + big(13, 4) + "IHDR" + big(width, 4) + big(height, 4) +
         std::string("\x08\x06\0\0\0", 5) + "sum!";
}

/// `before`: segments ahead of the frame, whose marker is `frame`.
inline std::string jpeg(std::size_t width, std::size_t height, const std::string& before = "",
                        char frame = '\xc0') {
  return "\xff\xd8" + before + '\xff' + frame + big(11, 2) + '\x08' + big(height, 2) +
         big(width, 2) + std::string("\x01\x01\x11\0", 4);
}

inline std::string webp(const std::string& name, const std::string& content) {
  return "RIFF" + little(4 + 8 + content.size(), 4) + "WEBP" + name + little(content.size(), 4) +
         content;
}
inline std::string webp_lossy(std::size_t width, std::size_t height) {
  return webp("VP8 ",
              std::string("\x10\0\0\x9d\x01\x2a", 6) + little(width, 2) + little(height, 2));
}
inline std::string webp_lossless(std::size_t width, std::size_t height) {
  return webp("VP8L", '\x2f' + little((width - 1) | (height - 1) << 14, 4));
}
inline std::string webp_extended(std::size_t width, std::size_t height) {
  return webp("VP8X", std::string(4, '\0') + little(width - 1, 3) + little(height - 1, 3));
}

}  // namespace lamppost::testing
