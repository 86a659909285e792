#pragma once
// Pictures in table `image`.

#include "lib/core/image_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Images final : public core::ImageStore {
 public:
  explicit Images(Session& session) : session_(session) {}

  void put(const crypto::Digest& sha, const core::ImageHeader&, ByteView bytes, Time now) override;
  std::optional<Image> find(const crypto::Digest& sha) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
