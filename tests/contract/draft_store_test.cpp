// What every DraftStore does.

#include <doctest/doctest.h>

#include "lib/mysql/drafts.h"
#include "tests/contract/crowd.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_draft_store.h"

namespace lamppost::contract {
namespace {

constexpr Time kNow{Seconds{1'800'000'000}};
const core::DraftText kText{"J\xc3\xb6rg", "Gr\xc3\xbc\xc3\x9f",
                            "{\"title\":\"\xf0\x9f\x91\x8b \"}"};
const core::DraftText kOther{"bob", "", "{}"};

struct MemoryDrafts {
  fakes::MemoryDraftStore store;
};

struct RealDrafts {
  RealDrafts() { session.execute("DELETE FROM draft"); }
  mysql::Session session{login()};
  mysql::Drafts store{session};
};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryDrafts);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealDrafts);

namespace lamppost::contract {

TEST_SUITE("contract.draft_store") {
  TEST_CASE_TEMPLATE("a draft is kept as it was given", Stores, MemoryDrafts, RealDrafts) {
    Stores at;

    const auto id = at.store.create(kText, kNow);

    const auto draft = at.store.read(id);
    REQUIRE(draft);
    CHECK(draft->id == id);
    CHECK(draft->version == 1);
    CHECK(draft->updated_at == kNow);
    CHECK(draft->text.owner == kText.owner);
    CHECK(draft->text.title == kText.title);
    CHECK(draft->text.content == kText.content);
    CHECK_FALSE(at.store.read({id.value + 1}));
  }

  TEST_CASE_TEMPLATE("a change counts only from the version that is there", Stores, MemoryDrafts,
                     RealDrafts) {
    Stores at;
    const auto id = at.store.create(kText, kNow);

    CHECK_FALSE(at.store.change(id, 2, kOther, kNow));
    CHECK(at.store.change(id, 1, kOther, kNow + Seconds{5}));
    CHECK_FALSE(at.store.change(id, 1, kText, kNow + Seconds{6}));
    CHECK_FALSE(at.store.change({id.value + 1}, 1, kText, kNow));

    const auto draft = at.store.read(id);
    CHECK(draft->version == 2);
    CHECK(draft->updated_at == kNow + Seconds{5});
    CHECK(draft->text.owner == "bob");
    CHECK(draft->text.content == "{}");
  }

  TEST_CASE_TEMPLATE("to save what is there already is a new version too", Stores, MemoryDrafts,
                     RealDrafts) {
    Stores at;
    const auto id = at.store.create(kText, kNow);

    CHECK(at.store.change(id, 1, kText, kNow));

    CHECK(at.store.read(id)->version == 2);
  }

  TEST_CASE_TEMPLATE("the list begins with what was changed last, without the contents", Stores,
                     MemoryDrafts, RealDrafts) {
    Stores at;
    const auto one = at.store.create(kText, kNow), two = at.store.create(kOther, kNow);
    const auto three = at.store.create(kText, kNow - Seconds{1});
    const auto ids = [&](std::size_t limit) {
      std::vector<DraftId> ids;
      for (const auto& draft : at.store.list(limit)) ids.push_back(draft.id);
      return ids;
    };
    CHECK(ids(9) == std::vector{two, one, three});

    at.store.change(three, 1, kOther, kNow + Seconds{1});

    CHECK(ids(9) == std::vector{three, two, one});
    CHECK(ids(2) == std::vector{three, two});
    CHECK(at.store.list(9).back().text.title == kText.title);
    CHECK(at.store.list(9).back().text.content.empty());
  }

  TEST_CASE_TEMPLATE("one that is removed is not there any more", Stores, MemoryDrafts,
                     RealDrafts) {
    Stores at;
    const auto id = at.store.create(kText, kNow);

    CHECK(at.store.remove(id));

    CHECK_FALSE(at.store.remove(id));
    CHECK_FALSE(at.store.read(id));
    CHECK_FALSE(at.store.change(id, 1, kText, kNow));
    CHECK(at.store.list(9).empty());
  }

  TEST_CASE("of ten who save the same version at once, one does") {
    RealDrafts at;
    const auto id = at.store.create(kText, kNow);

    const auto members = crowd<bool>(10, [&](unsigned, const auto& start) {
      mysql::Session session{login()};
      mysql::Drafts store{session};
      store.read(id);
      start();
      return store.change(id, 1, kOther, kNow);
    });

    CHECK(failures_of<bool>(members).empty());
    CHECK(std::ranges::count(members, true, &Member<bool>::answer) == 1);
    CHECK(at.store.read(id)->version == 2);
  }
}

}  // namespace lamppost::contract
