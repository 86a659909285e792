// The judge is judged first: by the RFCs' messages, and by what it must not take.

#include "tests/webpush/aes128gcm_decoder.h"

#include <doctest/doctest.h>

#include "tests/webpush/user_agent.h"
#include "tests/webpush/vectors.h"

namespace lamppost {
namespace {

using testing::bytes_at;
using testing::decode_aes128gcm;
using testing::text_at;

json::Object example(std::size_t number) {
  return *testing::vectors_of("rfc8188").array()->at(number).object();
}

TEST_SUITE("webpush.aes128gcm_decoder") {
  TEST_CASE("RFC 8188, 3.1: one record, no keyid") {
    const auto vectors = example(0);

    const auto decoded = decode_aes128gcm(bytes_at(vectors, "body"), bytes_at(vectors, "ikm"));

    REQUIRE(decoded);
    CHECK(as_text(decoded->plaintext) == text_at(vectors, "plaintext"));
    CHECK(decoded->record_size == 4096);
    CHECK(decoded->records == 1);
    CHECK(decoded->keyid.empty());
    CHECK(decoded->padding == 0);
  }

  TEST_CASE("RFC 8188, 3.2: two records, a keyid and a byte of padding") {
    const auto vectors = example(1);

    const auto decoded = decode_aes128gcm(bytes_at(vectors, "body"), bytes_at(vectors, "ikm"));

    REQUIRE(decoded);
    CHECK(as_text(decoded->plaintext) == text_at(vectors, "plaintext"));
    CHECK(decoded->record_size == 25);
    CHECK(decoded->records == 2);
    CHECK(as_text(decoded->keyid) == "a1");
    CHECK(decoded->padding == 1);
  }

  TEST_CASE("a message that is cut, between records or within, is no message") {
    const auto vectors = example(1);
    const auto body = bytes_at(vectors, "body");
    const auto ikm = bytes_at(vectors, "ikm");

    for (std::size_t size = 0; size < body.size(); ++size) {
      CAPTURE(size);
      CHECK_FALSE(decode_aes128gcm(ByteView(body).first(size), ikm));
    }
  }

  TEST_CASE("a flipped bit anywhere but in the keyid, or another key, is no message") {
    const auto vectors = example(1);
    auto body = bytes_at(vectors, "body");
    auto ikm = bytes_at(vectors, "ikm");

    for (std::size_t i = 0; i < body.size(); ++i) {
      CAPTURE(i);
      const bool in_keyid = i == 21 || i == 22;
      body[i] ^= 1;
      CHECK(decode_aes128gcm(body, ikm).has_value() == in_keyid);
      body[i] ^= 1;
    }
    ikm[0] ^= 1;
    CHECK_FALSE(decode_aes128gcm(body, ikm));
  }

  TEST_CASE("a user agent with the keys of RFC 8291, appendix A reads its message") {
    const auto vectors = testing::vectors_of("rfc8291");
    const auto& inputs = *vectors.object()->find("inputs")->object();
    const auto& expected = *vectors.object()->find("expected")->object();
    const testing::UserAgent user_agent{
        bytes_at(inputs, "ua_private"), testing::array_at<crypto::Point>(inputs, "ua_public"),
        testing::array_at<testing::UserAgent::Secret>(inputs, "auth_secret")};

    const auto decoded = user_agent.read(bytes_at(expected, "body"));

    REQUIRE(decoded);
    CHECK(as_text(decoded->plaintext) == "When I grow up, I want to be a watermelon");
    CHECK_FALSE(testing::UserAgent{}.read(bytes_at(expected, "body")));
  }
}

}  // namespace
}  // namespace lamppost
