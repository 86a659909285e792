#pragma once
// Owners for OpenSSL's handles, and the fetched objects that every call shares. Private to base/.

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/freed.h"

namespace lamppost::crypto::openssl {

using Bignum = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using BignumContext = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Freed<EC_GROUP_free>>;
using CurvePoint = std::unique_ptr<EC_POINT, Freed<EC_POINT_clear_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Hash = std::unique_ptr<EVP_MD, Freed<EVP_MD_free>>;
using HashContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

/// Throws CryptoFailure with OpenSSL's own words when `answer` is not 1, and empties its queue.
void require(int answer, std::string_view what);

/// What OpenSSL queued, on one line; empties the queue.
std::string drain_errors();

// Fetching an algorithm or making a context costs as much as using it, so both are made once.
struct Context {
  Group group;
  BignumContext numbers;
  CurvePoint point;
  Bignum coordinate;
  Hash sha256;
  HashContext hash;
  Cipher aes128gcm;
  CipherContext cipher;
  Context();
};

/// The process's one context (each process has one thread). First used after fork().
Context& context();

}  // namespace lamppost::crypto::openssl
