#pragma once
// The owner's named audiences in table `segment`.

#include "lib/core/segment.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Segments final : public core::SegmentStore {
 public:
  explicit Segments(Session& session) : session_(session) {}

  std::vector<core::Segment> list() override;
  void replace(std::span<const core::Segment>) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
