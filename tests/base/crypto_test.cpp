#include "lib/base/crypto.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/base/hex.h"

namespace lamppost::crypto {
namespace {

using testing::from_hex;
using testing::to_hex;

Bytes counting(std::uint8_t from, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = from++;
  return bytes;
}

TEST_SUITE("base.crypto") {
  TEST_CASE("SHA-256 of FIPS 180-2, appendix B") {
    CHECK(to_hex(sha256(as_bytes("abc"))) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  TEST_CASE("HMAC-SHA-256 of RFC 4231, 4: a short key, one of text, one longer than a block") {
    CHECK(to_hex(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(to_hex(hmac_sha256(Bytes(131, 0xaa),
                             as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }

  TEST_CASE("what is equal has one length and the same bytes") {
    const auto equal = [](std::string_view one, std::string_view other) {
      return is_equal(as_bytes(one), as_bytes(other));
    };

    CHECK(equal("", ""));
    CHECK(equal("abc", "abc"));
    CHECK_FALSE(equal("abc", "abd"));
    CHECK_FALSE(equal("abc", "bbc"));
    CHECK_FALSE(equal("abc", "ab"));
    CHECK_FALSE(equal("", "a"));
  }

  TEST_CASE("HKDF of RFC 5869, A.1, in two steps and in one") {
    const Bytes key(22, 0x0b);
    const auto salt = counting(0x00, 13);
    const auto info = counting(0xf0, 10);
    const auto expected =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";

    const auto prk = hkdf_extract(salt, key);

    CHECK(to_hex(prk) == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    CHECK(to_hex(hkdf_expand(prk, info, 42)) == expected);
    CHECK(to_hex(hkdf_sha256(salt, key, info, 42)) == expected);
  }

  TEST_CASE("HKDF of RFC 5869, A.2: long inputs and three blocks of output") {
    CHECK(to_hex(hkdf_sha256(counting(0x60, 80), counting(0x00, 80), counting(0xb0, 80), 82)) ==
          "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
          "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
          "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  TEST_CASE("HKDF of RFC 5869, A.3: no salt, no info") {
    CHECK(to_hex(hkdf_sha256({}, Bytes(22, 0x0b), {}, 42)) ==
          "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  TEST_CASE("HKDF gives nothing, a part of a block, and the most that it may") {
    const auto whole = hkdf_sha256({}, Bytes(22, 0x0b), {}, 8160);

    CHECK(whole.size() == 8160);
    CHECK(hkdf_sha256({}, Bytes(22, 0x0b), {}, 0).empty());
    CHECK(hkdf_sha256({}, Bytes(22, 0x0b), {}, 12) == Bytes(whole.begin(), whole.begin() + 12));
  }

  TEST_CASE("AES-128-GCM of the GCM specification, test cases 1 to 3") {
    CHECK(to_hex(aes128gcm_seal(Bytes(16), Bytes(12), {})) == "58e2fccefa7e3061367f1d57a4e7455a");
    CHECK(to_hex(aes128gcm_seal(Bytes(16), Bytes(12), Bytes(16))) ==
          "0388dace60b6a392f328c2b971b2fe78"
          "ab6e47d42cec13bdf53a67b21257bddf");
    CHECK(to_hex(aes128gcm_seal(
              from_hex("feffe9928665731c6d6a8f9467308308"), from_hex("cafebabefacedbaddecaf888"),
              from_hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"))) ==
          "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
          "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
          "4d5c2af327cd64a62cf35abd2ba6fab4");
  }

  TEST_CASE("randomness fills the whole, and never the same") {
    Bytes first(4096);
    Bytes second(4096);

    fill_random(first);
    fill_random(second);

    CHECK(first != second);
    CHECK(std::ranges::count(first, 0) < 80);  // 16 are expected
    fill_random({});
  }
}

}  // namespace
}  // namespace lamppost::crypto
