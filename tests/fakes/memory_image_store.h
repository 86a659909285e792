#pragma once
// Pictures in memory. Passes the same contract suite as the real store.

#include <map>

#include "lib/core/image_store.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryImageStore final : public core::ImageStore, public Disturbance {
 public:
  void put(const crypto::Digest& sha, const core::ImageHeader& header, ByteView bytes,
           Time) override {
    call("put", [&] {
      return images_.emplace(sha, Image{header.type, std::string(as_text(bytes))}).second;
    });
  }

  std::optional<Image> find(const crypto::Digest& sha) override {
    return call("find", [&]() -> std::optional<Image> {
      const auto found = images_.find(sha);
      return found == images_.end() ? std::nullopt : std::optional(found->second);
    });
  }

  std::size_t size() const noexcept { return images_.size(); }

 private:
  std::map<crypto::Digest, Image> images_;
};

}  // namespace lamppost::fakes
