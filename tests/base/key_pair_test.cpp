#include <doctest/doctest.h>

#include <openssl/err.h>

#include <algorithm>

#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "tests/base/es256_verifier.h"
#include "tests/base/hex.h"

namespace lamppost::crypto {
namespace {

using testing::from_hex;
using testing::to_hex;
using testing::verifies_es256;

// The domain parameters of P-256 (SEC 2, 2.4.2).
constexpr auto kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr auto kGenerator =
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
// The point with x = 0: y is the square root of the curve's b.
constexpr auto kRootOfB = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
constexpr auto kPrime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
constexpr auto kZero = "0000000000000000000000000000000000000000000000000000000000000000";

Point point_of(const std::string& hex) {
  const auto bytes = from_hex(hex);
  Point point{};
  REQUIRE(bytes.size() == point.size());
  std::ranges::copy(bytes, point.begin());
  return point;
}

KeyPair pair_of(std::string_view scalar) {
  auto pair = KeyPair::from_private(from_hex(scalar));
  REQUIRE(pair);
  return *pair;
}

TEST_SUITE("base.key_pair") {
  TEST_CASE("the pair of the scalar 1 is the generator, that of the order less 1 its negative") {
    const auto one = pair_of("0000000000000000000000000000000000000000000000000000000000000001");
    const auto last = pair_of("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550");

    CHECK(to_hex(one.public_point()) == kGenerator);
    CHECK(std::equal(one.public_point().begin(), one.public_point().begin() + 33,
                     last.public_point().begin()));
    CHECK(one.public_point() != last.public_point());
  }

  TEST_CASE("zero, the order and more, and other sizes than 32 bytes are no private keys") {
    for (const std::string& scalar :
         {std::string(kZero), std::string(kOrder), std::string(64, 'f'), std::string(),
          std::string(kOrder).substr(2), "00" + std::string(kGenerator).substr(2, 64)}) {
      CAPTURE(scalar);
      CHECK_FALSE(KeyPair::from_private(from_hex(scalar)));
    }
  }

  TEST_CASE("ECDH gives the shared secret of NIST's test vector (CAVS 14.1, P-256, count 0)") {
    const auto pair = pair_of("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534");
    const auto peer = point_of(
        "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
        "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac");

    CHECK(to_hex(pair.public_point()) ==
          "04ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230"
          "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141");
    CHECK(to_hex(pair.agree(peer)) ==
          "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
  }

  TEST_CASE("a shared secret that begins with zero keeps its 32 bytes") {
    const auto one = pair_of("0000000000000000000000000000000000000000000000000000000000000001");

    CHECK(to_hex(one.agree(point_of("04" + std::string(kZero) + kRootOfB))) == kZero);
  }

  TEST_CASE("generated pairs differ, lie on the curve and agree with each other") {
    const auto ours = KeyPair::generate();
    const auto theirs = KeyPair::generate();

    CHECK(ours.public_point() != theirs.public_point());
    CHECK(is_on_curve(ours.public_point()));
    CHECK(testing::public_pkey(ours.public_point()) != nullptr);
    CHECK(ours.agree(theirs.public_point()) == theirs.agree(ours.public_point()));
  }

  TEST_CASE("only uncompressed points on the curve, with coordinates in range, are points") {
    const std::string x = std::string(kGenerator).substr(2, 64);
    const std::string y = std::string(kGenerator).substr(66);
    CHECK(is_on_curve(point_of("04" + x + y)));
    CHECK(is_on_curve(point_of("04" + std::string(kZero) + kRootOfB)));

    for (const std::string& bad : {
             "04" + y + x,                                        // off the curve
             "04" + x + x,                                        //
             "04" + x + std::string(kZero),                       //
             "04" + std::string(kZero) + kZero,                   // how some write infinity
             "04" + std::string(kPrime) + kRootOfB,               // x = p, which is 0 again
             "04" + std::string(64, 'f') + std::string(64, 'f'),  //
             "06" + x + y,                                        // hybrid, right for neither
             "07" + x + y,                                        // hybrid, right for an odd y
             "02" + x + std::string(kZero),                       // compressed, filled up
             "03" + x + std::string(kZero),                       //
             "00" + std::string(kZero) + kZero,                   // infinity, filled up
             "05" + x + y,                                        //
         }) {
      CAPTURE(bad);
      CHECK_FALSE(is_on_curve(point_of(bad)));
    }
  }

  TEST_CASE("a peer that is not on the curve is a failure, not a secret") {
    const auto pair = KeyPair::generate();
    auto peer = KeyPair::generate().public_point();
    peer[64] ^= 1;

    CHECK_THROWS_AS(static_cast<void>(pair.agree(peer)), CryptoFailure);
  }

  TEST_CASE("refusals leave no error behind for the TLS of the same thread to trip over") {
    auto point = KeyPair::generate().public_point();
    point[64] ^= 1;

    CHECK_FALSE(is_on_curve(point));
    CHECK(ERR_peek_error() == 0);
    CHECK_FALSE(KeyPair::from_pem("rubbish"));
    CHECK(ERR_peek_error() == 0);
    CHECK(KeyPair::from_pem(KeyPair::generate().to_pem()));
    CHECK(ERR_peek_error() == 0);
    static_cast<void>(KeyPair::generate().sign("text"));
    CHECK(ERR_peek_error() == 0);
  }

  TEST_CASE("a signature is verified by OpenSSL, for this text and this key only") {
    const auto pair = KeyPair::generate();
    const auto signature = pair.sign("header.claims");

    CHECK(verifies_es256(pair.public_point(), "header.claims", signature));
    CHECK_FALSE(verifies_es256(pair.public_point(), "header.claimz", signature));
    CHECK_FALSE(verifies_es256(KeyPair::generate().public_point(), "header.claims", signature));
    auto altered = signature;
    altered[40] ^= 1;
    CHECK_FALSE(verifies_es256(pair.public_point(), "header.claims", altered));
    CHECK(verifies_es256(pair.public_point(), "", pair.sign({})));
  }

  TEST_CASE("a signature whose r or s is short is filled up on the left") {
    const auto pair = KeyPair::generate();
    std::array<std::uint8_t, 64> signature{};

    // One in 128 begins with a zero byte in either half: all but certain within 4 000.
    int tries = 0;
    do {
      signature = pair.sign("text");
    } while (signature[0] != 0 && signature[32] != 0 && ++tries < 4000);

    REQUIRE(tries < 4000);
    CHECK(verifies_es256(pair.public_point(), "text", signature));
  }

  TEST_CASE("a copy is the same pair") {
    const auto pair = KeyPair::generate();
    const auto copy = pair;

    CHECK(copy.public_point() == pair.public_point());
    CHECK(verifies_es256(pair.public_point(), "text", copy.sign("text")));
  }
}

}  // namespace
}  // namespace lamppost::crypto
