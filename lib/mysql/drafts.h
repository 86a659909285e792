#pragma once
// Messages that are being written, in table `draft`.

#include "lib/core/draft_store.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

class Drafts final : public core::DraftStore {
 public:
  explicit Drafts(Session& session) : session_(session) {}

  DraftId create(const core::DraftText&, Time now) override;
  std::vector<core::Draft> list(std::size_t limit) override;
  std::optional<core::Draft> read(DraftId) override;
  bool change(DraftId, std::uint64_t version, const core::DraftText&, Time now) override;
  bool remove(DraftId) override;

 private:
  Session& session_;
};

}  // namespace lamppost::mysql
