#pragma once
// Checks an ES256 signature (RFC 7518, 3.4) by another route than the one that makes it: OpenSSL's
// verification of a DER signature under a public key that is read from its octets.

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/openssl.h"

namespace lamppost::testing {

namespace ossl = crypto::openssl;

/// OpenSSL's form of an uncompressed point on P-256; null if OpenSSL refuses it.
inline ossl::Pkey public_pkey(ByteView point) {
  Bytes octets(point.begin(), point.end());
  char curve[] = "P-256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end()};
  const ossl::PkeyContext maker{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  EVP_PKEY* pkey = nullptr;
  if (EVP_PKEY_fromdata_init(maker.get()) != 1 ||
      EVP_PKEY_fromdata(maker.get(), &pkey, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    ossl::drain_errors();
  return ossl::Pkey{pkey};
}

/// True if `signature`, r||s of 32 bytes each, is one over `text` by the owner of `point`.
inline bool verifies_es256(ByteView point, std::string_view text, ByteView signature) {
  const auto pkey = public_pkey(point);
  if (!pkey || signature.size() != 64) return false;
  const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> pair{ECDSA_SIG_new()};
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(signature.data(), 32, nullptr),
                 BN_bin2bn(signature.data() + 32, 32, nullptr));
  unsigned char* made = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &made);
  if (size <= 0) std::abort();
  const Bytes der(made, made + size);
  OPENSSL_free(made);

  const ossl::HashContext verifier{EVP_MD_CTX_new()};
  const auto bytes = as_bytes(text);
  const bool verified =
      EVP_DigestVerifyInit(verifier.get(), nullptr, EVP_sha256(), nullptr, pkey.get()) == 1 &&
      EVP_DigestVerify(verifier.get(), der.data(), der.size(), bytes.data(), bytes.size()) == 1;
  ossl::drain_errors();
  return verified;
}

}  // namespace lamppost::testing
