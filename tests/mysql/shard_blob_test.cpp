#include "lib/mysql/shard_blob.h"

#include <doctest/doctest.h>

#include <random>

#include "lib/base/failure.h"

namespace lamppost::mysql {
namespace {

using core::Counts;
using core::Fate;
using core::Progress;
using core::ServiceProgress;

std::vector<SubscriptionId> ids(std::initializer_list<std::uint64_t> numbers) {
  std::vector<SubscriptionId> ids;
  for (const auto number : numbers) ids.push_back({number});
  return ids;
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const auto value : values) text += static_cast<char>(value);
  return text;
}

std::vector<Fate> runs(std::initializer_list<std::pair<Fate, std::size_t>> lengths) {
  std::vector<Fate> fates;
  for (const auto& [fate, length] : lengths) fates.insert(fates.end(), length, fate);
  return fates;
}

std::string number(std::uint64_t value) {  // in base 128
  std::string packed;
  for (; value > 127; value >>= 7) packed += static_cast<char>(value % 128 + 128);
  return packed + static_cast<char>(value);
}

TEST_SUITE("mysql.shard_blob") {
  TEST_CASE("ids are differences in base 128") {
    CHECK(pack_ids(ids({1, 2, 3})) == bytes({1, 1, 1}));
    CHECK(pack_ids(ids({127, 254, 382})) == bytes({127, 127, 0x80, 1}));
    CHECK(pack_ids(ids({300})) == bytes({0xac, 2}));
    CHECK(pack_ids(ids({UINT64_MAX})) ==
          bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}));
  }

  TEST_CASE("ids come back as they went, whatever lies between them") {
    for (const auto& some :
         {ids({1}), ids({UINT64_MAX}), ids({1, UINT64_MAX}), ids({1, 2, 1ull << 63, UINT64_MAX}),
          ids({127, 128, 255, 256, 16'383, 16'384, 16'385, 1ull << 32, 1ull << 62})}) {
      CAPTURE(some.back().value);
      CHECK(unpack_ids(pack_ids(some)) == some);
    }
    std::mt19937_64 source{3};
    for (int round = 0; round < 64; ++round) {
      std::vector<SubscriptionId> some;
      std::uint64_t last = 0;
      // At most 2^63, in steps of up to 2^round or what is left.
      const auto step = std::min((1ull << 63) / core::kShardSize, 1ull << round);
      while (some.size() < core::kShardSize) some.push_back({last += source() % step + 1});
      CAPTURE(round);
      CHECK(unpack_ids(pack_ids(some)) == some);
    }
  }

  TEST_CASE("dense ids are a byte each") {
    std::vector<SubscriptionId> dense;
    for (std::uint64_t i = 0; i < core::kShardSize; ++i) dense.push_back({1'000'000 + i});

    CHECK(pack_ids(dense).size() <= core::kShardSize + 2);
  }

  TEST_CASE("what are no ids is a failure") {
    const std::string most(core::kShardSize, '\1');
    const std::vector<std::string> bad{"",                      // nobody
                                       bytes({0x80}),           // breaks off
                                       bytes({1, 0xff, 0xff}),  //
                                       bytes({0}),              // an id of 0
                                       bytes({1, 0}),           // twice the same
                                       bytes({1, 0x80, 0}),     // the same, in a longer spelling
                                       std::string(9, '\xff') + '\2',       // 65 bits
                                       std::string(9, '\xff') + "\xff\1",   // 77 bits
                                       std::string(10, '\x80') + '\1',      // 70 bits
                                       std::string(100'000, '\x80'),        // no end
                                       pack_ids(ids({UINT64_MAX})) + '\1',  // beyond the largest
                                       pack_ids(ids({1ull << 63})) + number(1ull << 63),
                                       most + '\1'};  // more than a shard holds
    for (const auto& packed : bad) {
      CAPTURE(packed.size());
      CHECK_THROWS_AS(unpack_ids(packed), StoreFailure);
    }
    CHECK(unpack_ids(most).size() == core::kShardSize);
  }

  TEST_CASE("fates are runs") {
    using enum Fate;
    CHECK(pack_fates({}).empty());
    CHECK(pack_fates(runs({{Waiting, 1}})) == bytes({0x10}));
    CHECK(pack_fates(runs({{Accepted, 15}})) == bytes({0xf2}));
    CHECK(pack_fates(runs({{Accepted, 16}})) == bytes({0x02, 16}));
    CHECK(pack_fates(runs({{UnsureKept, 3}, {Waiting, 5000}})) == bytes({0x39, 0x00, 0x88, 0x27}));
  }

  TEST_CASE("fates come back as they went, in no more bytes than there are") {
    std::mt19937 source{5};
    for (const unsigned longest : {1u, 2u, 14u, 15u, 16u, 17u, 200u, 5000u})
      for (int round = 0; round < 20; ++round) {
        std::vector<Fate> fates;
        while (fates.size() < core::kShardSize)
          fates.insert(
              fates.end(),
              std::min<std::size_t>(source() % longest + 1, core::kShardSize - fates.size()),
              static_cast<Fate>(source() % core::kFates));
        CAPTURE(longest);
        CHECK(unpack_fates(pack_fates(fates)) == fates);
        CHECK(pack_fates(fates).size() <= fates.size());
      }
  }

  TEST_CASE("what are no fates is a failure") {
    const auto most = pack_fates(std::vector(core::kShardSize, Fate::Accepted));
    const std::vector<std::string> bad{bytes({0x1b}),
                                       bytes({0x1f}),
                                       bytes({0x0f, 16}),  // no such fate
                                       bytes({0x02}),
                                       bytes({0x10, 0x00}),  // breaks off
                                       bytes({0x02, 0x80}),  //
                                       bytes({0x02, 0}),     // a run of none
                                       "~",
                                       "12 is no blob",       //
                                       most + bytes({0x10}),  // more than a shard holds
                                       bytes({0x02}) + number(core::kShardSize + 1),  //
                                       bytes({0x02}) + number(UINT64_MAX),            //
                                       bytes({0x02}) + std::string(9, '\xff') + '\2'};
    for (const auto& packed : bad) {
      CAPTURE(packed.size());
      CHECK_THROWS_AS(unpack_fates(packed), StoreFailure);
    }
    CHECK(unpack_fates(most).size() == core::kShardSize);
  }

  TEST_CASE("no bytes, however odd, are read as more than a shard, or crash") {
    std::mt19937 source{9};
    unsigned refused = 0;
    for (int round = 0; round < 20'000; ++round) {
      std::string odd(source() % 40, '\0');
      for (auto& c : odd) c = static_cast<char>(source());
      try {
        const auto some = unpack_ids(odd);
        CHECK(some.size() <= odd.size());
      } catch (const StoreFailure&) {
        ++refused;
      }
      try {
        const auto some = unpack_fates(odd);
        CHECK(some.size() <= core::kShardSize);
      } catch (const StoreFailure&) {
        ++refused;
      }
      try {
        Progress progress;
        add_sums(odd, progress);
      } catch (const StoreFailure&) {
        ++refused;
      }
    }
    CHECK(refused > 20'000);
  }

  TEST_CASE("sums are JSON with the numbers of the fates, and add up") {
    Counts all;
    all[Fate::Accepted] = 4990;
    all[Fate::UnsureKept] = 10;
    std::map<std::string, ServiceProgress> services;
    services["a.example"].counts[Fate::Accepted] = 4990;
    services["a.example"].reasons["410"] = 2;
    services["none.example"];

    const auto packed = pack_sums(all, services);
    CHECK(packed == R"({"all":{"2":4990,"9":10},"services":{"a.example":{"counts":{"2":4990},)"
                    R"("reasons":{"410":2}},"none.example":{"counts":{},"reasons":{}}}})");
    Progress progress;
    add_sums(packed, progress);
    add_sums(packed, progress);

    CHECK(progress.counts.audience() == 10'000);
    CHECK(progress.counts[Fate::UnsureKept] == 20);
    CHECK(progress.services.size() == 2);
    CHECK(progress.services.at("a.example").counts[Fate::Accepted] == 9980);
    CHECK(progress.services.at("a.example").reasons.at("410") == 4);
  }

  TEST_CASE("names that are the same on the way through JSON are one") {
    std::map<std::string, ServiceProgress> services;
    services["a.example"].reasons["\xff"] = 1;
    services["a.example"].reasons["\xfe"] = 2;
    services["\xff"].counts[Fate::Gone] = 3;
    services["\xfe"].counts[Fate::Gone] = 4;

    Progress progress;
    add_sums(pack_sums({}, services), progress);

    CHECK(progress.services.at("a.example").reasons.at("\xef\xbf\xbd") == 3);
    CHECK(progress.services.at("\xef\xbf\xbd").counts[Fate::Gone] == 7);
  }

  TEST_CASE("what are no sums is a failure") {
    for (const std::string packed :
         {"", "{", "[]", "{}", "null", R"({"all":[],"services":{}})", R"({"all":{}})",
          R"({"all":{"11":1},"services":{}})", R"({"all":{"x":1},"services":{}})",
          R"({"all":{"2x":1},"services":{}})", R"({"all":{"2":-1},"services":{}})",
          R"({"all":{"2":"1"},"services":{}})", R"({"all":{"2":1.5},"services":{}})",
          R"({"all":{},"services":{"a":1}})", R"({"all":{},"services":{"a":{"counts":{}}}})",
          R"({"all":{},"services":{"a":{"counts":{},"reasons":{"410":-1}}}})",
          R"({"all":{},"services":{"a":{"counts":{},"reasons":{"410":null}}}})"}) {
      CAPTURE(packed);
      Progress progress;
      CHECK_THROWS_AS(add_sums(packed, progress), StoreFailure);
    }
  }
}

}  // namespace
}  // namespace lamppost::mysql
