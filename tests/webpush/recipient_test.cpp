#include "lib/webpush/recipient.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "lib/base/base64url.h"

namespace lamppost::webpush {
namespace {

// RFC 8291, appendix A: what a browser would hand over.
constexpr std::string_view kP256dh =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr std::string_view kAuth = "BTBZMqHH6r4Tts7J_aSIgg";

// The other alphabet, with padding.
std::string standard(std::string_view base64url) {
  std::string text(base64url);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string key_refusal(std::string_view text) {
  const auto key = PublicKey::parse(text);
  if (key) return "(taken)";
  CHECK(key.error().field == "keys.p256dh");
  return key.error().message;
}
std::string key_refusal(const Bytes& octets) { return key_refusal(encode_base64url(octets)); }

std::string auth_refusal(std::string_view text) {
  const auto secret = AuthSecret::parse(text);
  if (secret) return "(taken)";
  CHECK(secret.error().field == "keys.auth");
  return secret.error().message;
}

constexpr auto kNoPoint = "must be an uncompressed point on the curve P-256";
constexpr auto kNoBase64 = "must be base64url or base64";

TEST_SUITE("webpush.public_key") {
  TEST_CASE("the key of RFC 8291 is taken in both alphabets, padded or not") {
    for (const std::string& text :
         {std::string(kP256dh), std::string(kP256dh) + "=", standard(kP256dh),
          standard(kP256dh).substr(0, kP256dh.size())}) {
      CAPTURE(text);
      const auto key = PublicKey::parse(text);

      REQUIRE(key);
      CHECK(encode_base64url(key->point()) == kP256dh);
    }
  }

  TEST_CASE("64, 66, 33 and no bytes are refused") {
    const auto octets = *decode_base64url(kP256dh);
    auto longer = octets;
    longer.push_back(0);

    CHECK(key_refusal(Bytes(octets.begin(), octets.end() - 1)) == "must be 65 bytes");
    CHECK(key_refusal(Bytes(octets.begin() + 1, octets.end())) == "must be 65 bytes");
    CHECK(key_refusal(longer) == "must be 65 bytes");
    CHECK(key_refusal(Bytes{}) == "must be 65 bytes");
    CHECK(key_refusal(Bytes{0}) == "must be 65 bytes");  // SEC 1's infinity
    auto compressed = Bytes(octets.begin(), octets.begin() + 33);
    for (const std::uint8_t first : Bytes{2, 3}) {
      compressed[0] = first;
      CHECK(key_refusal(compressed) == "must be 65 bytes");
    }
  }

  TEST_CASE("65 bytes of another form are refused: compressed, hybrid, infinity") {
    for (const std::uint8_t first : Bytes{0, 1, 2, 3, 5, 6, 7, 0xff}) {
      CAPTURE(first);
      auto octets = *decode_base64url(kP256dh);
      octets[0] = first;

      CHECK(key_refusal(octets) == kNoPoint);
    }
    CHECK(key_refusal(Bytes(65, 0)) == kNoPoint);
  }

  TEST_CASE("a point off the curve is refused, also by one bit") {
    auto octets = *decode_base64url(kP256dh);
    octets[64] ^= 1;
    CHECK(key_refusal(octets) == kNoPoint);

    octets.assign(65, 0);
    octets[0] = 4;
    CHECK(key_refusal(octets) == kNoPoint);

    octets.assign(65, 0xff);  // coordinates beyond the prime
    octets[0] = 4;
    CHECK(key_refusal(octets) == kNoPoint);
  }

  TEST_CASE("mixed alphabets, wrong padding and unused bits are refused") {
    std::string mixed(kP256dh);
    *std::ranges::find(mixed, '-') = '+';
    CHECK(key_refusal(mixed) == kNoBase64);
    CHECK(key_refusal(std::string(kP256dh) + "==") == kNoBase64);
    CHECK(key_refusal(std::string(kP256dh) + " ") == kNoBase64);
    CHECK(key_refusal("\n" + std::string(kP256dh)) == kNoBase64);
    std::string spelled(kP256dh);
    REQUIRE(spelled.back() == '4');
    spelled.back() = '5';
    CHECK(key_refusal(spelled) == kNoBase64);
  }
}

TEST_SUITE("webpush.auth_secret") {
  TEST_CASE("the secret of RFC 8291 is taken in both alphabets, padded or not") {
    for (const std::string& text : {std::string(kAuth), std::string(kAuth) + "==", standard(kAuth),
                                    standard(kAuth).substr(0, kAuth.size())}) {
      CAPTURE(text);
      const auto secret = AuthSecret::parse(text);

      REQUIRE(secret);
      CHECK(encode_base64url(secret->bytes()) == kAuth);
    }
  }

  TEST_CASE("15, 17 and no bytes are refused and the field is named") {
    CHECK(auth_refusal("AAAAAAAAAAAAAAAAAAAA") == "must be 16 bytes");
    CHECK(auth_refusal(encode_base64url(Bytes(17, 1))) == "must be 16 bytes");
    CHECK(auth_refusal("") == "must be 16 bytes");
  }

  TEST_CASE("mixed alphabets, wrong padding and unused bits are refused") {
    CHECK(auth_refusal("BTBZMqHH6r4Tts7J_aSI+g") == kNoBase64);
    CHECK(auth_refusal("BTBZMqHH6r4Tts7J_aSIgg=") == kNoBase64);
    CHECK(auth_refusal("BTBZMqHH6r4Tts7J_aSIgg===") == kNoBase64);
    CHECK(auth_refusal("BTBZMqHH6r4Tts7J_aSIgh") == kNoBase64);
    CHECK(auth_refusal("not base64url at all!!") == kNoBase64);
  }

  TEST_CASE("what our store gives back is taken as it is") {
    std::array<std::uint8_t, AuthSecret::kSize> bytes{1, 2, 3};

    CHECK(std::ranges::equal(AuthSecret::trusted(bytes).bytes(), bytes));
  }
}

}  // namespace
}  // namespace lamppost::webpush
