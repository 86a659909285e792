#pragma once
// A browser's side of Web Push (RFC 8291), made of OpenSSL alone: it subscribes, and reads what it
// is sent.

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "lib/base/base64url.h"
#include "lib/webpush/recipient.h"
#include "tests/base/es256_verifier.h"
#include "tests/webpush/aes128gcm_decoder.h"

namespace lamppost::testing {

class UserAgent {
 public:
  using Secret = std::array<std::uint8_t, 16>;

  /// One with a new key pair and a fixed secret.
  UserAgent() : pair_(EVP_EC_gen("P-256")) { secret_.fill(7); }

  /// The one whose keys are known.
  UserAgent(const Bytes& scalar, const crypto::Point& point, const Secret& secret)
      : secret_(secret) {
    Bytes native(scalar.rbegin(), scalar.rend());  // OpenSSL wants the machine's byte order
    auto octets = point;
    char curve[] = "P-256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native.data(), native.size()),
        OSSL_PARAM_construct_end()};
    const ossl::PkeyContext maker{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* pair = nullptr;
    if (EVP_PKEY_fromdata_init(maker.get()) != 1 ||
        EVP_PKEY_fromdata(maker.get(), &pair, EVP_PKEY_KEYPAIR, parameters) != 1)
      throw std::runtime_error("OpenSSL refused the user agent's key");
    pair_.reset(pair);
  }

  /// The subscription's p256dh.
  crypto::Point point() const {
    crypto::Point point{};
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(pair_.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                        point.size(), &size) != 1)
      throw std::runtime_error("OpenSSL refused the user agent's point");
    return point;
  }

  webpush::Recipient subscribe(std::string url = "https://push.example.net/v1/abc") const {
    return {webpush::Endpoint::trusted(std::move(url)), webpush::PublicKey::trusted(point()),
            webpush::AuthSecret::trusted(secret_)};
  }

  /// The message in a push's body; none if it is not for this user agent or altered. As Web Push
  /// demands: one record, and the sender's point as keyid (RFC 8291, 4).
  std::optional<DecodedMessage> read(ByteView body) const {
    if (body.size() < 86) return std::nullopt;
    const auto sender = body.subspan(21, 65);
    const auto peer = public_pkey(sender);
    if (!peer) return std::nullopt;
    const ossl::PkeyContext derivation{EVP_PKEY_CTX_new(pair_.get(), nullptr)};
    Bytes shared(32);
    std::size_t size = shared.size();
    if (EVP_PKEY_derive_init(derivation.get()) != 1 ||
        EVP_PKEY_derive_set_peer(derivation.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(derivation.get(), shared.data(), &size) != 1)
      throw std::runtime_error("OpenSSL refused ECDH");

    std::string info("WebPush: info\0", 14);
    info += as_text(point());
    info += as_text(sender);
    const auto ikm = openssl_hkdf({secret_.begin(), secret_.end()}, shared, info, 32);
    auto decoded = decode_aes128gcm(body, ikm);
    if (decoded && (decoded->records != 1 || decoded->keyid.size() != 65)) return std::nullopt;
    return decoded;
  }

 private:
  ossl::Pkey pair_;
  Secret secret_{};
};

}  // namespace lamppost::testing
