#include "lib/base/crypto.h"
#include "lib/base/failure.h"
#include "lib/base/openssl.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include <cstring>

namespace lamppost::crypto {

using openssl::context;
using openssl::require;

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

struct KeyPair::State {
  openssl::Bignum scalar;
  Point point{};
};

namespace {

Point to_octets(const EC_POINT* point) {
  Point octets{};
  const auto size = EC_POINT_point2oct(context().group.get(), point, POINT_CONVERSION_UNCOMPRESSED,
                                       octets.data(), octets.size(), context().numbers.get());
  require(size == octets.size() ? 1 : 0, "to write a point");
  return octets;
}

// Answers false for everything but an uncompressed point on the curve. The first octet is looked
// at here because OpenSSL also takes compressed and hybrid points and a lone 0 for infinity.
bool read_point(const Point& octets) {
  if (octets[0] != POINT_CONVERSION_UNCOMPRESSED) return false;
  if (EC_POINT_oct2point(context().group.get(), context().point.get(), octets.data(), octets.size(),
                         context().numbers.get()) == 1)
    return true;
  openssl::drain_errors();
  return false;
}

// The pair in OpenSSL's own form, for the rare uses: signing and writing PEM.
openssl::Pkey to_pkey(const BIGNUM* scalar, Point point) {
  std::array<std::uint8_t, 32> secret{};
  require(BN_bn2nativepad(scalar, secret.data(), secret.size()) == 32 ? 1 : 0, "the private key");
  char group[] = "P-256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_end()};
  const openssl::PkeyContext maker{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  require(maker ? 1 : 0, "EC keys");
  require(EVP_PKEY_fromdata_init(maker.get()), "EC keys");
  EVP_PKEY* pkey = nullptr;
  const int answer = EVP_PKEY_fromdata(maker.get(), &pkey, EVP_PKEY_KEYPAIR, parameters);
  OPENSSL_cleanse(secret.data(), secret.size());
  require(answer, "the key pair");
  return openssl::Pkey{pkey};
}

}  // namespace

KeyPair::KeyPair(std::shared_ptr<const State> state) : state_(std::move(state)) {}

const Point& KeyPair::public_point() const noexcept { return state_->point; }

KeyPair KeyPair::generate() {
  auto state = std::make_shared<State>();
  state->scalar.reset(BN_secure_new());
  require(state->scalar ? 1 : 0, "memory for a key");
  const BIGNUM* order = EC_GROUP_get0_order(context().group.get());
  do {
    require(BN_priv_rand_range(state->scalar.get(), order), "randomness for a key");
  } while (BN_is_zero(state->scalar.get()));
  BN_set_flags(state->scalar.get(), BN_FLG_CONSTTIME);
  require(EC_POINT_mul(context().group.get(), context().point.get(), state->scalar.get(), nullptr,
                       nullptr, context().numbers.get()),
          "to make a key pair");
  state->point = to_octets(context().point.get());
  return KeyPair{std::move(state)};
}

Result<KeyPair> KeyPair::from_private(ByteView scalar) {
  if (scalar.size() != 32) return Error{"", "must be 32 bytes"};
  auto state = std::make_shared<State>();
  state->scalar.reset(BN_secure_new());
  require(state->scalar && BN_bin2bn(scalar.data(), 32, state->scalar.get()) ? 1 : 0,
          "the private key");
  BN_set_flags(state->scalar.get(), BN_FLG_CONSTTIME);
  if (BN_is_zero(state->scalar.get()) ||
      BN_cmp(state->scalar.get(), EC_GROUP_get0_order(context().group.get())) >= 0)
    return Error{"", "is not a private key of P-256"};
  require(EC_POINT_mul(context().group.get(), context().point.get(), state->scalar.get(), nullptr,
                       nullptr, context().numbers.get()),
          "to make a key pair");
  state->point = to_octets(context().point.get());
  return KeyPair{std::move(state)};
}

Result<KeyPair> KeyPair::from_pem(std::string_view pem) {
  const Error refusal{"", "must be an unencrypted private key in PEM"};
  if (pem.empty()) return refusal;  // for BIO_new_mem_buf, no bytes are a fault
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  require(bio ? 1 : 0, "memory for a key");
  // Refusing the request for a password makes an encrypted key an error, not a prompt. Answering 0
  // would try the empty password.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  const openssl::Pkey pkey{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)};
  openssl::drain_errors();
  if (!pkey) return refusal;
  std::array<char, 32> group{};
  std::size_t length = 0;
  BIGNUM* scalar = nullptr;
  const bool p256 = EVP_PKEY_get_group_name(pkey.get(), group.data(), group.size(), &length) == 1 &&
                    std::string_view(group.data(), length) == SN_X9_62_prime256v1 &&
                    EVP_PKEY_get_bn_param(pkey.get(), OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1;
  const openssl::Bignum owned{scalar};
  openssl::drain_errors();
  if (!p256) return Error{"", "must be a private key on the curve P-256"};
  std::array<std::uint8_t, 32> bytes{};
  require(BN_bn2binpad(owned.get(), bytes.data(), 32) == 32 ? 1 : 0, "the private key");
  auto pair = from_private(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return pair;
}

std::string KeyPair::to_pem() const {
  const auto pkey = to_pkey(state_->scalar.get(), state_->point);
  const Bio bio{BIO_new(BIO_s_secmem())};
  require(bio ? 1 : 0, "memory for a key");
  require(PEM_write_bio_PrivateKey(bio.get(), pkey.get(), nullptr, nullptr, 0, nullptr, nullptr),
          "to write the key");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Digest KeyPair::agree(const Point& peer) const {
  if (!read_point(peer)) throw CryptoFailure("the peer's point is not on the curve P-256");
  EC_POINT* point = context().point.get();
  BIGNUM* x = context().coordinate.get();
  require(EC_POINT_mul(context().group.get(), point, nullptr, point, state_->scalar.get(),
                       context().numbers.get()),
          "ECDH");
  require(EC_POINT_get_affine_coordinates(context().group.get(), point, x, nullptr,
                                          context().numbers.get()),
          "ECDH");
  Digest shared{};
  require(BN_bn2binpad(x, shared.data(), 32) == 32 ? 1 : 0, "ECDH");
  BN_clear(x);
  return shared;
}

std::array<std::uint8_t, 64> KeyPair::sign(std::string_view text) const {
  const auto pkey = to_pkey(state_->scalar.get(), state_->point);
  const openssl::HashContext signer{EVP_MD_CTX_new()};
  require(signer ? 1 : 0, "memory for a signature");
  require(
      EVP_DigestSignInit_ex(signer.get(), nullptr, "SHA256", nullptr, nullptr, pkey.get(), nullptr),
      "ES256");
  std::array<std::uint8_t, 80> der{};  // a P-256 signature has at most 72 bytes of DER
  std::size_t size = der.size();
  const auto bytes = as_bytes(text);
  require(EVP_DigestSign(signer.get(), der.data(), &size, bytes.data(), bytes.size()), "ES256");

  const std::uint8_t* cursor = der.data();
  const Signature signature{d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(size))};
  require(signature ? 1 : 0, "ES256");
  std::array<std::uint8_t, 64> raw{};
  require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), 32) == 32 ? 1 : 0, "ES256");
  require(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + 32, 32) == 32 ? 1 : 0,
          "ES256");
  return raw;
}

bool is_on_curve(const Point& point) { return read_point(point); }

}  // namespace lamppost::crypto
