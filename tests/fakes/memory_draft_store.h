#pragma once
// Drafts in memory. Passes the same contract suite as the real store.

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "lib/core/draft_store.h"
#include "tests/fakes/disturbance.h"

namespace lamppost::fakes {

class MemoryDraftStore final : public core::DraftStore, public Disturbance {
 public:
  DraftId create(const core::DraftText& text, Time now) override {
    return call("create", [&] {
      const DraftId id{next_id_++};
      drafts_.emplace(id, core::Draft{id, 1, now, text});
      return id;
    });
  }

  std::vector<core::Draft> list(std::size_t limit) override {
    return call("list", [&] {
      std::vector<core::Draft> drafts;
      for (const auto& [id, draft] : drafts_) {
        drafts.push_back(draft);
        drafts.back().text.content.clear();
      }
      std::ranges::sort(drafts, std::greater{}, [](const core::Draft& draft) {
        return std::tuple(draft.updated_at, draft.id);
      });
      drafts.resize(std::min(limit, drafts.size()));
      return drafts;
    });
  }

  std::optional<core::Draft> read(DraftId id) override {
    return call("read", [&]() -> std::optional<core::Draft> {
      const auto found = drafts_.find(id);
      return found == drafts_.end() ? std::nullopt : std::optional(found->second);
    });
  }

  bool change(DraftId id, std::uint64_t version, const core::DraftText& text, Time now) override {
    return call("change", [&] {
      const auto found = drafts_.find(id);
      if (found == drafts_.end() || found->second.version != version) return false;
      found->second = {id, version + 1, now, text};
      return true;
    });
  }

  bool remove(DraftId id) override {
    return call("remove", [&] { return drafts_.erase(id) == 1; });
  }

 private:
  std::map<DraftId, core::Draft> drafts_;
  std::uint64_t next_id_ = 1;
};

}  // namespace lamppost::fakes
