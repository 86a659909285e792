#include "lib/webpush/encrypt.h"

#include <doctest/doctest.h>

#include "lib/base/failure.h"
#include "tests/webpush/aes128gcm_decoder.h"
#include "tests/webpush/user_agent.h"
#include "tests/webpush/vectors.h"

namespace lamppost::webpush {
namespace {

using testing::array_at;
using testing::bytes_at;

// RFC 8291, 5 and appendix A.
struct Rfc8291 {
  json::Value whole = testing::vectors_of("rfc8291");
  const json::Object& inputs = *whole.object()->find("inputs")->object();
  const json::Object& expected = *whole.object()->find("expected")->object();

  crypto::Point user_agent = array_at<crypto::Point>(inputs, "ua_public");
  Salt salt = array_at<Salt>(inputs, "salt");
  crypto::KeyPair sender = *crypto::KeyPair::from_private(bytes_at(inputs, "as_private"));
  Recipient recipient{
      Endpoint::trusted("https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJ"),
      PublicKey::trusted(user_agent),
      AuthSecret::trusted(array_at<std::array<std::uint8_t, 16>>(inputs, "auth_secret"))};
  Bytes input(const std::string& name) const { return bytes_at(inputs, name); }
  std::string want(const std::string& name) const { return testing::text_at(expected, name); }
};

crypto::Digest digest_of(const std::string& base64url) {
  crypto::Digest digest{};
  std::ranges::copy(*decode_base64url(base64url), digest.begin());
  return digest;
}

TEST_SUITE("webpush.encrypt") {
  TEST_CASE("RFC 8291, appendix A: the sender's pair and the shared secret") {
    const Rfc8291 rfc;

    CHECK(encode_base64url(rfc.sender.public_point()) == testing::text_at(rfc.inputs, "as_public"));
    CHECK(encode_base64url(rfc.sender.agree(rfc.user_agent)) == rfc.want("ecdh_secret"));
  }

  TEST_CASE("RFC 8291, appendix A: PRK_key and IKM, from the auth secret") {
    const Rfc8291 rfc;

    const auto prk =
        crypto::hkdf_extract(rfc.input("auth_secret"), bytes_at(rfc.expected, "ecdh_secret"));

    CHECK(encode_base64url(prk) == rfc.want("PRK_key"));
    CHECK(encode_base64url(crypto::hkdf_expand(prk, bytes_at(rfc.expected, "key_info"), 32)) ==
          rfc.want("IKM"));
  }

  TEST_CASE("RFC 8291, appendix A: PRK, CEK and NONCE, from the salt") {
    const Rfc8291 rfc;

    const auto prk = crypto::hkdf_extract(rfc.salt, bytes_at(rfc.expected, "IKM"));

    CHECK(encode_base64url(prk) == rfc.want("PRK"));
    CHECK(encode_base64url(crypto::hkdf_expand(prk, bytes_at(rfc.expected, "cek_info"), 16)) ==
          rfc.want("CEK"));
    CHECK(encode_base64url(crypto::hkdf_expand(digest_of(rfc.want("PRK")),
                                               bytes_at(rfc.expected, "nonce_info"), 12)) ==
          rfc.want("NONCE"));
  }

  TEST_CASE("RFC 8291, appendix A: the ciphertext, whose last 16 bytes are the tag") {
    const Rfc8291 rfc;

    const auto sealed =
        crypto::aes128gcm_seal(bytes_at(rfc.expected, "CEK"), bytes_at(rfc.expected, "NONCE"),
                               bytes_at(rfc.expected, "padded_plaintext"));

    CHECK(encode_base64url(sealed) == rfc.want("ciphertext"));
  }

  TEST_CASE("RFC 8291, appendix A: the coding of the message under IKM") {
    const Rfc8291 rfc;

    const auto body = encode_aes128gcm(rfc.input("plaintext"), 0, bytes_at(rfc.expected, "IKM"),
                                       rfc.salt, rfc.sender.public_point());

    CHECK(encode_base64url(body) == rfc.want("body"));
  }

  TEST_CASE("RFC 8291, section 5: the whole body, byte for byte, and its header") {
    const Rfc8291 rfc;

    const auto body = encrypt(rfc.input("plaintext"), 0, rfc.recipient, rfc.sender, rfc.salt);

    CHECK(encode_base64url(body) == rfc.want("body"));
    CHECK(body.size() == 144);
    CHECK(encode_base64url(ByteView(body).first(kHeaderSize)) == rfc.want("header"));
  }

  TEST_CASE("RFC 8188, 3.1, byte for byte") {
    const auto examples = testing::vectors_of("rfc8188");
    const auto& vectors = *examples.array()->at(0).object();

    const auto body = encode_aes128gcm(as_bytes("I am the walrus"), 0, bytes_at(vectors, "ikm"),
                                       array_at<Salt>(vectors, "salt"), {});

    CHECK(encode_base64url(body) == testing::text_at(vectors, "body"));
    CHECK(body.size() == 53);
  }

  TEST_CASE("a keyid goes into the header as it is, up to 255 bytes") {
    const Bytes ikm(16, 1);
    for (const std::size_t size : {0u, 2u, 65u, 255u}) {
      CAPTURE(size);
      const Bytes keyid(size, 'k');

      const auto decoded =
          testing::decode_aes128gcm(encode_aes128gcm(as_bytes("text"), 3, ikm, Salt{}, keyid), ikm);

      REQUIRE(decoded);
      CHECK(decoded->keyid == keyid);
      CHECK(decoded->padding == 3);
      CHECK(as_text(decoded->plaintext) == "text");
    }
  }

  TEST_CASE("the record size is 4096 in network order and the key's length is 65") {
    const testing::UserAgent user_agent;

    const auto body = encrypt({}, 0, user_agent.subscribe(), crypto::KeyPair::generate(), Salt{});

    CHECK(Bytes(body.begin() + 16, body.begin() + 22) == Bytes{0x00, 0x00, 0x10, 0x00, 65, 0x04});
  }

  TEST_CASE("an empty, a small and the largest message are read by their recipient") {
    const testing::UserAgent user_agent;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMaxPlaintext}) {
      CAPTURE(size);
      const Bytes plaintext(size, 0);  // zeros at the end are not taken for padding

      const auto body =
          encrypt(plaintext, 0, user_agent.subscribe(), crypto::KeyPair::generate(), Salt{});

      CHECK(body.size() == kHeaderSize + size + 1 + kTagSize);
      const auto decoded = user_agent.read(body);
      REQUIRE(decoded);
      CHECK(decoded->plaintext == plaintext);
      CHECK(decoded->padding == 0);
    }
  }

  TEST_CASE("3993 bytes make a body of 4096, the most that every service takes") {
    const testing::UserAgent user_agent;

    const auto body =
        encrypt(Bytes(3993, 'x'), 0, user_agent.subscribe(), crypto::KeyPair::generate(), Salt{});

    CHECK(body.size() == 4096);
  }

  TEST_CASE("padding adds zeros after the delimiter and is cut to what fits") {
    const testing::UserAgent user_agent;
    const auto padded = [&](std::size_t size, std::size_t padding) {
      const auto body = encrypt(Bytes(size, 'x'), padding, user_agent.subscribe(),
                                crypto::KeyPair::generate(), Salt{});
      CHECK(body.size() <= kBodyLimit);
      const auto decoded = user_agent.read(body);
      REQUIRE(decoded);
      CHECK(decoded->plaintext == Bytes(size, 'x'));
      return decoded->padding;
    };

    CHECK(padded(10, 0) == 0);
    CHECK(padded(10, 100) == 100);
    CHECK(padded(10, 3983) == 3983);
    CHECK(padded(10, 3984) == 3983);
    CHECK(padded(10, SIZE_MAX) == 3983);
    CHECK(padded(3993, 1) == 0);
    CHECK(padded(0, 3993) == 3993);
  }

  TEST_CASE("another recipient, another secret and an altered body are not read") {
    const testing::UserAgent user_agent;
    const testing::UserAgent stranger;
    auto body =
        encrypt(as_bytes("text"), 0, user_agent.subscribe(), crypto::KeyPair::generate(), Salt{});

    CHECK(user_agent.read(body));
    CHECK_FALSE(stranger.read(body));
    body.back() ^= 1;
    CHECK_FALSE(user_agent.read(body));
  }

  TEST_CASE("salt and sender alone make the difference: the same ones give the same body") {
    const testing::UserAgent user_agent;
    const auto recipient = user_agent.subscribe();
    const auto sender = crypto::KeyPair::generate();
    Salt other{};
    other[15] = 1;

    const auto body = encrypt(as_bytes("text"), 0, recipient, sender, Salt{});

    CHECK(encrypt(as_bytes("text"), 0, recipient, sender, Salt{}) == body);
    CHECK(encrypt(as_bytes("text"), 0, recipient, sender, other) != body);
    CHECK(encrypt(as_bytes("text"), 0, recipient, crypto::KeyPair::generate(), Salt{}) != body);
  }

  TEST_CASE("a stored point that is not on the curve is a failure, never a body") {
    auto recipient = testing::UserAgent{}.subscribe();
    auto point = recipient.key.point();
    point[64] ^= 1;
    recipient.key = PublicKey::trusted(point);

    CHECK_THROWS_AS(static_cast<void>(encrypt(as_bytes("text"), 0, recipient,
                                              crypto::KeyPair::generate(), Salt{})),
                    CryptoFailure);
  }
}

}  // namespace
}  // namespace lamppost::webpush
