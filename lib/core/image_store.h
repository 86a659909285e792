#pragma once
// The port to where pictures are kept, by the SHA-256 of their bytes.

#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/core/image.h"

namespace lamppost::core {

class ImageStore {  // port
 public:
  virtual ~ImageStore() = default;

  /// Keeps it; one that is there already stays as it is.
  virtual void put(const crypto::Digest& sha, const ImageHeader&, ByteView bytes, Time now) = 0;

  struct Image {
    ImageType type;
    std::string bytes;
  };
  virtual std::optional<Image> find(const crypto::Digest& sha) = 0;
};

}  // namespace lamppost::core
