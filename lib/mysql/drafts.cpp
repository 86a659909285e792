#include "lib/mysql/drafts.h"

namespace lamppost::mysql {

DraftId Drafts::create(const core::DraftText& it, Time now) {
  static constexpr Statement kCreate{
      "INSERT INTO draft (owner, version, updated_at, title, content) VALUES (?, 1, ?, ?, ?)",
      Repeat::Never};
  return {session_.insert(kCreate, {it.owner, now, it.title, it.content}).id};
}

std::vector<core::Draft> Drafts::list(std::size_t limit) {
  static constexpr std::string_view kList =
      "SELECT id, version, updated_at, owner, title FROM draft"
      " ORDER BY updated_at DESC, id DESC LIMIT ?";
  std::vector<core::Draft> drafts;
  session_.read(kList, {limit}, [&](const Row& row) {
    drafts.push_back({{row.number(0)}, row.number(1), row.time(2), {row.text(3), row.text(4), {}}});
  });
  return drafts;
}

std::optional<core::Draft> Drafts::read(DraftId id) {
  static constexpr std::string_view kRead =
      "SELECT version, updated_at, owner, title, content FROM draft WHERE id = ?";
  std::optional<core::Draft> draft;
  session_.read(kRead, {id}, [&](const Row& row) {
    draft = core::Draft{id, row.number(0), row.time(1), {row.text(2), row.text(3), row.text(4)}};
  });
  return draft;
}

bool Drafts::change(DraftId id, std::uint64_t version, const core::DraftText& it, Time now) {
  static constexpr Statement kChange{
      "UPDATE draft SET version = version + 1, owner = ?, updated_at = ?, title = ?, content = ?"
      " WHERE id = ? AND version = ?",
      Repeat::Safe};
  return session_.change(kChange, {it.owner, now, it.title, it.content, id, version}) == 1;
}

bool Drafts::remove(DraftId id) {
  static constexpr Statement kRemove{"DELETE FROM draft WHERE id = ?", Repeat::Safe};
  return session_.change(kRemove, {id}) == 1;
}

}  // namespace lamppost::mysql
