#pragma once
// What a picture is and how large, read from its first bytes. Never decodes: a file that lies about
// the rest is a picture that browsers do not show.

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace lamppost::core {

enum class ImageType { Png, Jpeg, Webp };  // what every browser shows in a notification
std::string_view to_text(ImageType);       // "image/png"
std::optional<ImageType> parse_image_type(std::string_view text);

struct ImageHeader {
  ImageType type;
  std::uint32_t width, height;  // pixels, before any turn that the file asks for
};

constexpr std::size_t kMaxImage = 512 * 1024;  // bytes
constexpr std::uint32_t kMaxImageSide = 4096;  // pixels; a few of 4096 x 4096 fill a phone's memory

/// Error (no field): none of the three types, a header that is not whole, or a side that is 0 or
/// over kMaxImageSide.
Result<ImageHeader> read_image_header(ByteView);

}  // namespace lamppost::core
