#include "lib/core/image.h"

#include <doctest/doctest.h>

#include <random>

#include "tests/core/sample_images.h"

namespace lamppost::core {
namespace {

using namespace testing;

// "image/png 3x2", or what is wrong.
std::string told(const std::string& file) {
  const auto header = read_image_header(as_bytes(file));
  if (!header) {
    CHECK(header.error().field.empty());
    return header.error().message;
  }
  return std::string(to_text(header->type)) + ' ' + std::to_string(header->width) + 'x' +
         std::to_string(header->height);
}

bool is_refused(const std::string& file) { return !read_image_header(as_bytes(file)); }

const std::string kSegment = "\xff\xe1" + big(6, 2) + "Exif";

TEST_SUITE("core.image") {
  TEST_CASE("each format tells its type and size") {
    CHECK(told(png(3, 2)) == "image/png 3x2");
    CHECK(told(jpeg(3, 2)) == "image/jpeg 3x2");
    CHECK(told(webp_lossy(3, 2)) == "image/webp 3x2");
    CHECK(told(webp_lossless(3, 2)) == "image/webp 3x2");
    CHECK(told(webp_extended(3, 2)) == "image/webp 3x2");
    CHECK(told(png(4096, 4096)) == "image/png 4096x4096");
    CHECK(told(webp_lossless(4096, 1)) == "image/webp 4096x1");
  }

  TEST_CASE("a JPEG is read as programs write it: JFIF, a table, then a frame of three parts") {
    const std::string file =
        std::string("\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x48\0\x48\0\0", 20) + "\xff\xdb" +
        big(67, 2) + std::string(65, '\x01') +
        std::string("\xff\xc0\0\x11\x08\0\x07\0\x05\x03\x01\x11\0\x02\x11\x01\x03\x11\x01", 19);

    CHECK(told(file) == "image/jpeg 5x7");
  }

  TEST_CASE("a JPEG's frame is found behind other segments, filling and lone markers") {
    CHECK(told(jpeg(3, 2, kSegment + kSegment)) == "image/jpeg 3x2");
    CHECK(told(jpeg(3, 2, "\xff\xff\xff" + kSegment.substr(1))) == "image/jpeg 3x2");
    CHECK(told(jpeg(3, 2, kSegment + "\xff\x01\xff\xd0")) == "image/jpeg 3x2");
    for (const char frame : {'\xc1', '\xc2', '\xc3', '\xc5', '\xca', '\xcf'})
      CHECK(told(jpeg(3, 2, "", frame)) == "image/jpeg 3x2");
  }

  TEST_CASE("a table of a JPEG is no frame, and behind its picture there is none") {
    for (const char no_frame : {'\xc4', '\xc8', '\xcc', '\xda', '\xd9'})
      CHECK(is_refused(jpeg(3, 2, "", no_frame)));
    CHECK(is_refused(jpeg(3, 2, "\xff\xd9")));
    CHECK(is_refused(jpeg(3, 2, "\xff\xda" + big(2, 2))));
  }

  TEST_CASE("a side of 0 or above 4096 is refused with both") {
    CHECK(told(png(0, 1)) == "is 0 x 1 pixels; each side must be 1 to 4096");
    CHECK(told(png(1, 0)).starts_with("is 1 x 0 pixels"));
    CHECK(told(jpeg(3, 0)).starts_with("is 3 x 0 pixels"));
    CHECK(told(webp_lossy(0, 2)).starts_with("is 0 x 2 pixels"));
    CHECK(told(png(4097, 1)).starts_with("is 4097 x 1 pixels"));
    CHECK(told(png(0xffffffff, 1)).starts_with("is 4294967295 x 1 pixels"));
    CHECK(told(jpeg(65535, 65535)).starts_with("is 65535 x 65535 pixels"));
    CHECK(told(webp_lossless(16384, 16384)).starts_with("is 16384 x 16384 pixels"));
    CHECK(told(webp_extended(1 << 24, 1)).starts_with("is 16777216 x 1 pixels"));
  }

  TEST_CASE("what is no picture, or one of another kind, is refused") {
    for (const std::string file : {"", "no image", "<svg xmlns='http://www.w3.org/2000/svg'/>",
                                   "GIF89a\x01\x01", "<!doctype html>", "BM", "RIFF",
                                   "RIFF\x20\x20\x20\x20WAVEfmt ", "\xff\xd8", "\x89PNG\r\n"}) {
      CAPTURE(file);
      CHECK(told(file) == "is not a PNG, JPEG or WebP image");
    }
  }

  TEST_CASE("a file that lies about its header is refused") {
    auto wrong_chunk = png(3, 2), long_header = png(3, 2), inter_frame = webp_lossy(3, 2),
         no_start = inter_frame, no_signature = webp_lossless(3, 2), other_chunk = no_signature,
         long_riff = inter_frame, long_chunk = inter_frame;
    wrong_chunk[12] = 'J';
    long_header[11] = 14;
    inter_frame[20] = '\x11';
    no_start[23] = '\x9c';
    no_signature[20] = '\x2e';
    other_chunk[15] = 'Q';
    long_riff[4] = '\x7f';
    long_chunk[16] = '\x7f';

    for (const auto& file :
         {wrong_chunk, long_header, inter_frame, no_start, no_signature, other_chunk, long_riff,
          long_chunk, webp("VP8 ", "123456789"), webp("VP8L", "\x2f"), webp("VP8X", "123456789"),
          jpeg(3, 2, "\xff\xe1" + big(0, 2)), jpeg(3, 2, "\xff\xe1" + big(1, 2)),
          jpeg(3, 2, "\xff\xe1" + big(60000, 2)), jpeg(3, 2, "xx"),
          std::string("\xff\xd8\xff\xc0") + big(7, 2) + std::string(20, '\x01')}) {
      CAPTURE(file);
      CHECK(is_refused(file));
    }
  }

  TEST_CASE("a file that ends anywhere in its header is refused") {
    for (const auto& file : {png(3, 2), jpeg(3, 2, kSegment), webp_lossy(3, 2), webp_lossless(3, 2),
                             webp_extended(3, 2)})
      for (std::size_t length = 0; length < file.size(); ++length) {
        CAPTURE(length);
        CHECK(is_refused(file.substr(0, length)));
      }
  }

  TEST_CASE("whatever stands in a header, it is a size within the limits or refused") {
    std::mt19937 random{7};
    std::size_t read = 0;
    for (const auto& file : {png(3, 2), jpeg(3, 2, kSegment), webp_lossy(3, 2), webp_lossless(3, 2),
                             webp_extended(3, 2)})
      for (int i = 0; i < 20'000; ++i) {
        auto spoilt = file;
        for (int n = 0; n < 3; ++n) spoilt[random() % file.size()] = static_cast<char>(random());
        // On the heap, of its very size: a sanitizer sees a byte too many.
        const Bytes bytes(as_bytes(spoilt).begin(), as_bytes(spoilt).end());
        const auto header = read_image_header(bytes);
        if (!header) continue;
        ++read;
        REQUIRE(header->width - 1 < kMaxImageSide);
        REQUIRE(header->height - 1 < kMaxImageSide);
      }
    CHECK(read > 1000);
  }

  TEST_CASE("types have the names of the web") {
    for (const auto type : {ImageType::Png, ImageType::Jpeg, ImageType::Webp})
      CHECK(parse_image_type(to_text(type)) == type);
    CHECK_FALSE(parse_image_type("image/svg+xml"));
  }
}

}  // namespace
}  // namespace lamppost::core
