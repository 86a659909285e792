#include "lib/core/image.h"

#include "lib/base/text.h"

#include <algorithm>
#include <array>

namespace lamppost::core {
namespace {

struct Size {
  std::uint32_t width, height;
};

// Looks at bytes that may not be there: none of what follows reads past the end.
class Bounded {
 public:
  explicit Bounded(ByteView bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  /// The rest from `at` on; empty past the end.
  Bounded from(std::size_t at) const { return Bounded(bytes_.subspan(std::min(at, size()))); }
  bool begins_with(std::string_view text) const { return as_text(bytes_).starts_with(text); }
  std::optional<std::uint32_t> big(std::size_t at, std::size_t width) const {
    return number(at, width, [&](std::size_t i) { return width - 1 - i; });
  }
  std::optional<std::uint32_t> little(std::size_t at, std::size_t width) const {
    return number(at, width, [](std::size_t i) { return i; });
  }

 private:
  template <class Place>
  std::optional<std::uint32_t> number(std::size_t at, std::size_t width, const Place& place) const {
    if (at > size() || size() - at < width) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
      value |= static_cast<std::uint32_t>(bytes_[at + i]) << (8 * place(i));
    return value;
  }
  ByteView bytes_;
};

constexpr std::string_view kPngBegin = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kJpegBegin = "\xff\xd8\xff";

// PNG, 11.2.2: the first chunk is IHDR, 13 bytes: width, height and more, then its checksum.
std::optional<Size> png_size(const Bounded& file) {
  constexpr std::size_t kHeader = 8 + 4 + 4 + 13 + 4;
  const auto chunk = file.from(8);
  if (file.size() < kHeader || chunk.big(0, 4) != 13u || !chunk.from(4).begins_with("IHDR"))
    return std::nullopt;
  return Size{*chunk.big(8, 4), *chunk.big(12, 4)};
}

bool is_frame(std::uint32_t marker) {  // SOF0 to SOF15 but DHT, JPG and DAC
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// ITU T.81, B.1.1: segments of FF, marker, length (with itself), up to the frame's.
std::optional<Size> jpeg_size(const Bounded& file) {
  for (std::size_t at = 2;;) {
    if (file.big(at, 1) != 0xffu) return std::nullopt;
    const auto marker = file.big(at + 1, 1);
    if (!marker) return std::nullopt;
    if (*marker == 0xff) {  // filling
      ++at;
      continue;
    }
    if (*marker == 0x01 || (*marker >= 0xd0 && *marker <= 0xd7)) {  // they stand alone
      at += 2;
      continue;
    }
    const auto length = file.big(at + 2, 2);
    if (*marker == 0xd9 || *marker == 0xda || !length || *length < 2 ||
        file.size() - at < 2 + *length)
      return std::nullopt;
    if (is_frame(*marker)) {
      if (*length < 8) return std::nullopt;
      return Size{*file.big(at + 7, 2), *file.big(at + 5, 2)};
    }
    at += 2 + *length;
  }
}

// RFC 9649, 2: RIFF, its size, WEBP, then a chunk: name, size, content.
std::optional<Size> webp_size(const Bounded& file) {
  const auto riff = file.little(4, 4), chunk = file.little(16, 4);
  if (!riff || !chunk || *riff > file.size() - 8 || *chunk > file.size() - 20) return std::nullopt;
  const auto content = file.from(20);
  const auto name = file.from(12);
  if (name.begins_with("VP8 ") && *chunk >= 10) {  // RFC 6386, 9.1: a key frame
    if ((*content.little(0, 1) & 1) != 0 || !content.from(3).begins_with("\x9d\x01\x2a"))
      return std::nullopt;
    return Size{*content.little(6, 2) & 0x3fff, *content.little(8, 2) & 0x3fff};
  }
  if (name.begins_with("VP8L") && *chunk >= 5) {
    if (content.little(0, 1) != 0x2fu) return std::nullopt;
    const auto bits = *content.little(1, 4);
    return Size{(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1};
  }
  if (name.begins_with("VP8X") && *chunk >= 10)
    return Size{*content.little(4, 3) + 1, *content.little(7, 3) + 1};
  return std::nullopt;
}

}  // namespace

std::string_view to_text(ImageType type) {
  switch (type) {
    case ImageType::Png:
      return "image/png";
    case ImageType::Jpeg:
      return "image/jpeg";
    case ImageType::Webp:
      return "image/webp";
  }
  return {};
}

std::optional<ImageType> parse_image_type(std::string_view text) {
  for (const auto type : {ImageType::Png, ImageType::Jpeg, ImageType::Webp})
    if (to_text(type) == text) return type;
  return std::nullopt;
}

Result<ImageHeader> read_image_header(ByteView bytes) {
  const Bounded file(bytes);
  std::optional<ImageType> type;
  std::optional<Size> size;
  if (file.begins_with(kPngBegin)) {
    type = ImageType::Png;
    size = png_size(file);
  } else if (file.begins_with(kJpegBegin)) {
    type = ImageType::Jpeg;
    size = jpeg_size(file);
  } else if (file.begins_with("RIFF") && file.from(8).begins_with("WEBP")) {
    type = ImageType::Webp;
    size = webp_size(file);
  }
  if (!type) return Error{"", "is not a PNG, JPEG or WebP image"};
  if (!size)
    return Error{"", "begins as " + std::string(to_text(*type)) + ", but its header is not whole"};
  const auto fits = [](std::uint32_t side) { return side >= 1 && side <= kMaxImageSide; };
  if (!fits(size->width) || !fits(size->height))
    return Error{"", "is " + std::to_string(size->width) + " x " + std::to_string(size->height) +
                         " pixels; each side must be 1 to " + std::to_string(kMaxImageSide)};
  return ImageHeader{*type, size->width, size->height};
}

}  // namespace lamppost::core
