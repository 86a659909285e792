#include "lib/mysql/images.h"

namespace lamppost::mysql {

void Images::put(const crypto::Digest& sha, const core::ImageHeader& header, ByteView bytes,
                 Time now) {
  static constexpr Statement kPut{
      "INSERT INTO image (sha, type, width, height, created_at, bytes) VALUES (?, ?, ?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE created_at = created_at",
      Repeat::Safe};
  session_.change(kPut, {sha, core::to_text(header.type), header.width, header.height, now, bytes});
}

std::optional<core::ImageStore::Image> Images::find(const crypto::Digest& sha) {
  static constexpr std::string_view kFind = "SELECT type, bytes FROM image WHERE sha = ?";
  std::optional<Image> image;
  session_.read(kFind, {sha}, [&](const Row& row) {
    // A type of a later version is not ours to show.
    if (const auto type = core::parse_image_type(row.text(0))) image = {*type, row.text(1)};
  });
  return image;
}

}  // namespace lamppost::mysql
