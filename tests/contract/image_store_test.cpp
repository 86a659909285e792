// What every ImageStore does.

#include <doctest/doctest.h>

#include "lib/mysql/images.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_image_store.h"

namespace lamppost::contract {
namespace {

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr crypto::Digest kSha{1, 2, 3, ' '}, kOther{9};
constexpr core::ImageHeader kHeader{core::ImageType::Webp, 4096, 1};

struct MemoryImages {
  fakes::MemoryImageStore store;
};

struct RealImages {
  RealImages() { session.execute("DELETE FROM image"); }
  mysql::Session session{login()};
  mysql::Images store{session};
};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryImages);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealImages);

namespace lamppost::contract {

TEST_SUITE("contract.image_store") {
  TEST_CASE_TEMPLATE("an image comes back byte by byte, as large as it may be", Stores,
                     MemoryImages, RealImages) {
    Stores at;
    std::string bytes;
    for (std::size_t i = 0; i < core::kMaxImage; ++i) bytes += static_cast<char>(i * 7 % 256);

    at.store.put(kSha, kHeader, as_bytes(bytes), kNow);

    const auto image = at.store.find(kSha);
    REQUIRE(image);
    CHECK(image->type == core::ImageType::Webp);
    CHECK((image->bytes == bytes));
    CHECK_FALSE(at.store.find(kOther));
  }

  TEST_CASE_TEMPLATE("one that is there already stays as it is", Stores, MemoryImages, RealImages) {
    Stores at;
    at.store.put(kSha, kHeader, as_bytes("first"), kNow);

    at.store.put(kSha, {core::ImageType::Png, 1, 1}, as_bytes("second"), kNow);

    CHECK(at.store.find(kSha)->bytes == "first");
    CHECK(at.store.find(kSha)->type == core::ImageType::Webp);
  }
}

}  // namespace lamppost::contract
