// What every SegmentStore does.

#include <doctest/doctest.h>

#include "lib/mysql/segments.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_segment_store.h"

namespace lamppost::contract {
namespace {

struct MemorySegments {
  fakes::MemorySegmentStore store;
};

struct RealSegments {
  RealSegments() { session.execute("DELETE FROM segment"); }
  mysql::Session session{login()};
  mysql::Segments store{session};
};

using List = std::vector<core::Segment>;
const core::Segment kLocals{"locals", "N\xc3\xa4he \xf0\x9f\x91\x8b", "news && user:\"\xc3\xa4\""};
const core::Segment kOld{"an-old-one", "Old", "!seen:30d" + std::string(900, ' ')};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemorySegments);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealSegments);

namespace lamppost::contract {

TEST_SUITE("contract.segment_store") {
  TEST_CASE_TEMPLATE("what is put is there in its order, and nothing else", Stores, MemorySegments,
                     RealSegments) {
    Stores at;
    CHECK(at.store.list().empty());

    at.store.replace(List{kOld, kLocals});
    CHECK(at.store.list() == List{kOld, kLocals});
    at.store.replace(List{kLocals, kOld});
    CHECK(at.store.list() == List{kLocals, kOld});
    auto changed = kLocals;
    changed.audience = "lang:de";
    at.store.replace(List{changed});
    CHECK(at.store.list() == List{changed});
    at.store.replace({});

    CHECK(at.store.list().empty());
  }
}

}  // namespace lamppost::contract
