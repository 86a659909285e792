#pragma once
// Segments in memory. Passes the same contract suite as the real store.

#include "lib/core/segment.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemorySegmentStore final : public core::SegmentStore, public Disturbance {
 public:
  std::vector<core::Segment> list() override {
    return call("list", [&] { return segments_; });
  }
  void replace(std::span<const core::Segment> segments) override {
    call("replace", [&] {
      segments_.assign(segments.begin(), segments.end());
      return true;
    });
  }

 private:
  std::vector<core::Segment> segments_;
};

}  // namespace lamppost::fakes
