#include <doctest/doctest.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <string>

#include "lib/base/crypto.h"
#include "lib/base/openssl.h"
#include "tests/base/hex.h"

namespace lamppost::crypto {
namespace {

using openssl::Pkey;
using testing::from_hex;
using testing::to_hex;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

// The PEM that `write` makes.
template <class Write>
std::string pem_of(const Write& write) {
  const Bio bio{BIO_new(BIO_s_mem())};
  REQUIRE(write(bio.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}
std::string pkcs8(EVP_PKEY* key) {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}
std::string encrypted_pkcs8(EVP_PKEY* key, const char* password) {
  return pem_of([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(), password,
                                         static_cast<int>(std::string_view(password).size()),
                                         nullptr, nullptr);
  });
}

std::string point_of(EVP_PKEY* key) {
  Point point{};
  std::size_t size = 0;
  REQUIRE(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                          &size) == 1);
  return to_hex(point);
}

// A SEC 1 private key whose scalar is whatever the hex says (RFC 5915, 3).
std::string sec1_with_scalar(const std::string& hex) {
  const auto octet = [](std::size_t value) {
    return to_hex(Bytes{static_cast<std::uint8_t>(value)});
  };
  const std::string body =
      "02010104" + octet(hex.size() / 2) + hex + "a00a06082a8648ce3d030107";  // prime256v1
  const auto der = from_hex("30" + octet(body.size() / 2) + body);
  return pem_of([&](BIO* bio) {
    return PEM_write_bio(bio, "EC PRIVATE KEY", "", der.data(), static_cast<long>(der.size())) > 0;
  });
}

void check_refused(std::string_view pem, std::string_view message) {
  const auto pair = KeyPair::from_pem(pem);
  REQUIRE_FALSE(pair);
  CHECK(pair.error().message == message);
}

constexpr auto kNotPem = "must be an unencrypted private key in PEM";
constexpr auto kNotP256 = "must be a private key on the curve P-256";

TEST_SUITE("base.key_pair.pem") {
  TEST_CASE("a key that OpenSSL wrote is read, as PKCS #8 and as SEC 1") {
    const Pkey key{EVP_EC_gen("P-256")};
    const auto sec1 = pem_of([&](BIO* bio) {
      return PEM_write_bio_PrivateKey_traditional(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                  nullptr);
    });
    REQUIRE(sec1.starts_with("-----BEGIN EC PRIVATE KEY-----"));

    for (const auto& pem : {pkcs8(key.get()), sec1, "# our key\n\n" + pkcs8(key.get())}) {
      const auto pair = KeyPair::from_pem(pem);
      REQUIRE(pair);
      CHECK(to_hex(pair->public_point()) == point_of(key.get()));
    }
  }

  TEST_CASE("what is written is PKCS #8 that OpenSSL reads as the same key") {
    const auto pair = KeyPair::generate();

    const auto pem = pair.to_pem();

    CHECK(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    const Pkey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    REQUIRE(key != nullptr);
    CHECK(point_of(key.get()) == to_hex(pair.public_point()));
    const openssl::PkeyContext checker{EVP_PKEY_CTX_new(key.get(), nullptr)};
    CHECK(EVP_PKEY_pairwise_check(checker.get()) == 1);
  }

  TEST_CASE("what is written reads back as the same pair") {
    const auto pair = KeyPair::generate();
    const auto peer = KeyPair::generate();

    const auto again = KeyPair::from_pem(pair.to_pem());

    REQUIRE(again);
    CHECK(again->agree(peer.public_point()) == pair.agree(peer.public_point()));
  }

  TEST_CASE("an encrypted key is refused without asking for a password, an empty one included") {
    const Pkey key{EVP_EC_gen("P-256")};

    check_refused(encrypted_pkcs8(key.get(), "secret"), kNotPem);
    check_refused(encrypted_pkcs8(key.get(), ""), kNotPem);
    check_refused(pem_of([&](BIO* bio) {
                    return PEM_write_bio_PrivateKey_traditional(bio, key.get(), EVP_aes_128_cbc(),
                                                                nullptr, 0, nullptr,
                                                                const_cast<char*>("secret"));
                  }),
                  kNotPem);
  }

  TEST_CASE("keys on other curves and of other kinds are refused") {
    for (const std::string curve : {"P-384", "P-521", "P-224", "secp256k1", "brainpoolP256r1"}) {
      CAPTURE(curve);
      const Pkey key{EVP_EC_gen(curve.c_str())};
      REQUIRE(key != nullptr);
      check_refused(pkcs8(key.get()), kNotP256);
    }
    for (const std::string kind : {"ED25519", "X25519"}) {
      CAPTURE(kind);
      const Pkey key{EVP_PKEY_Q_keygen(nullptr, nullptr, kind.c_str())};
      REQUIRE(key != nullptr);
      check_refused(pkcs8(key.get()), kNotP256);
    }
    const Pkey rsa{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})};
    check_refused(pkcs8(rsa.get()), kNotP256);
  }

  TEST_CASE("a public key, rubbish, nothing and a cut key are refused") {
    const Pkey key{EVP_EC_gen("P-256")};
    const auto pem = pkcs8(key.get());

    check_refused(pem_of([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); }), kNotPem);
    check_refused("rubbish", kNotPem);
    check_refused("", kNotPem);
    check_refused({}, kNotPem);
    check_refused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", kNotPem);
    check_refused(pem.substr(0, pem.size() / 2), kNotPem);
    check_refused(pem.substr(pem.find('\n') + 1), kNotPem);
  }

  TEST_CASE("a scalar that is out of range or longer than the order is refused, not thrown") {
    const std::string order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    CHECK(KeyPair::from_pem(sec1_with_scalar(std::string(62, '0') + "01")));
    for (const auto& scalar : {std::string(64, '0'), order, std::string(64, 'f')}) {
      CAPTURE(scalar);
      check_refused(sec1_with_scalar(scalar), "is not a private key of P-256");
    }
    check_refused(sec1_with_scalar("01" + order), kNotP256);
  }
}

}  // namespace
}  // namespace lamppost::crypto
