#include "lib/core/identity.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

// RFC 4231, 4.3: key "Jefe", data "what do ya want for nothing?".
constexpr auto* kId = "what do ya want for nothing?";
constexpr auto* kSignature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
const Identity kJefe{"Jefe"};

std::string outcome(const Identity& identity, std::string_view id, std::string_view signature) {
  const auto user = identity.parse_user(json::Object{{"id", id}, {"signature", signature}});
  return user ? *user : user.error().field + ": " + user.error().message;
}

TEST_SUITE("core.identity") {
  TEST_CASE("an id with its HMAC-SHA-256 in small hexadecimal is that user") {
    CHECK(outcome(kJefe, kId, kSignature) == kId);
  }

  TEST_CASE("any other signature is refused, and so is one of another secret") {
    std::string large = kSignature;
    for (auto& c : large) c = static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c);
    auto last = std::string(kSignature);
    last.back() = '4';
    for (const auto& wrong :
         {large, last, std::string(kSignature).substr(1), std::string(64, '0'), std::string("0")}) {
      CAPTURE(wrong);
      CHECK(outcome(kJefe, kId, wrong) == "user.signature: does not belong to this id");
    }
    CHECK(outcome(kJefe, "what do ya want for nothing", kSignature) ==
          "user.signature: does not belong to this id");
    CHECK(outcome(Identity{"jefe"}, kId, kSignature) ==
          "user.signature: does not belong to this id");
  }

  TEST_CASE("an id is visible, at most 128 bytes") {
    const std::string signature(64, '0');

    CHECK(outcome(kJefe, std::string(128, 'a'), signature).starts_with("user.signature"));
    CHECK(outcome(kJefe, "\xc2\xa0\xe2\x82\xac", signature).starts_with("user.signature"));
    CHECK(outcome(kJefe, std::string(129, 'a'), signature) == "user.id: must be at most 128 bytes");
    CHECK(outcome(kJefe, "", signature) == "user.id: must not be empty");
    for (const std::string wrong : {"a\tb", "\x01", "a\x7f", "\xc2\x80", "a\xc2\x9f"}) {
      CAPTURE(wrong);
      CHECK(outcome(kJefe, wrong, signature) == "user.id: must not hold control characters");
    }
  }

  TEST_CASE("without a secret no user is taken") {
    const Identity none{std::nullopt};

    CHECK_FALSE(none.is_set_up());
    CHECK(kJefe.is_set_up());
    CHECK(outcome(none, kId, kSignature) ==
          "user: is not set up on this site: it has no identity_secret_file");
  }
}

}  // namespace
}  // namespace lamppost::core
