#include "lib/base/crypto.h"

#include "lib/base/failure.h"
#include "lib/base/openssl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <cassert>
#include <cstring>

namespace lamppost::crypto {
namespace {

// HMAC by hand over one fetched digest: EVP_MAC and EVP_KDF cost two to ten times as much per
// message, and an encryption needs five of them.
Digest hmac(ByteView key, std::initializer_list<ByteView> parts) {
  constexpr std::size_t kBlock = 64;
  std::array<std::uint8_t, kBlock> inner{};
  if (key.size() > kBlock) {
    const Digest hashed = sha256(key);
    std::memcpy(inner.data(), hashed.data(), hashed.size());
  } else if (!key.empty()) {
    std::memcpy(inner.data(), key.data(), key.size());
  }
  auto outer = inner;
  for (auto& byte : inner) byte ^= 0x36;
  for (auto& byte : outer) byte ^= 0x5c;

  auto& context = openssl::context();
  Digest digest{};
  EVP_MD_CTX* hash = context.hash.get();
  openssl::require(EVP_DigestInit_ex2(hash, context.sha256.get(), nullptr), "SHA-256");
  openssl::require(EVP_DigestUpdate(hash, inner.data(), inner.size()), "SHA-256");
  for (const auto part : parts)
    openssl::require(EVP_DigestUpdate(hash, part.data(), part.size()), "SHA-256");
  openssl::require(EVP_DigestFinal_ex(hash, digest.data(), nullptr), "SHA-256");
  openssl::require(EVP_DigestInit_ex2(hash, context.sha256.get(), nullptr), "SHA-256");
  openssl::require(EVP_DigestUpdate(hash, outer.data(), outer.size()), "SHA-256");
  openssl::require(EVP_DigestUpdate(hash, digest.data(), digest.size()), "SHA-256");
  openssl::require(EVP_DigestFinal_ex(hash, digest.data(), nullptr), "SHA-256");
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  return digest;
}

}  // namespace

Digest hkdf_extract(ByteView salt, ByteView key) { return hmac(salt, {key}); }

Bytes hkdf_expand(const Digest& pseudorandom_key, ByteView info, std::size_t length) {
  assert(length <= 255 * sizeof(Digest));  // RFC 5869, 2.3
  Bytes output;
  output.reserve(length + sizeof(Digest));
  Digest block{};
  for (std::uint8_t counter = 1; output.size() < length; ++counter) {
    const auto previous = counter == 1 ? ByteView{} : ByteView{block};
    block = hmac(pseudorandom_key, {previous, info, ByteView{&counter, 1}});
    output.insert(output.end(), block.begin(), block.end());
  }
  output.resize(length);
  OPENSSL_cleanse(block.data(), block.size());
  return output;
}

Bytes hkdf_sha256(ByteView salt, ByteView key, ByteView info, std::size_t length) {
  return hkdf_expand(hkdf_extract(salt, key), info, length);
}

Bytes aes128gcm_seal(ByteView key, ByteView nonce, ByteView plaintext) {
  constexpr std::size_t kTag = 16;
  assert(key.size() == 16 && nonce.size() == 12);
  auto& context = openssl::context();
  EVP_CIPHER_CTX* cipher = context.cipher.get();
  Bytes sealed(plaintext.size() + kTag);
  int written = 0;
  openssl::require(
      EVP_EncryptInit_ex2(cipher, context.aes128gcm.get(), key.data(), nonce.data(), nullptr),
      "AES-128-GCM");
  openssl::require(EVP_EncryptUpdate(cipher, sealed.data(), &written, plaintext.data(),
                                     static_cast<int>(plaintext.size())),
                   "AES-128-GCM");
  openssl::require(EVP_EncryptFinal_ex(cipher, sealed.data() + written, &written), "AES-128-GCM");
  openssl::require(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTag),
                                       sealed.data() + plaintext.size()),
                   "AES-128-GCM");
  return sealed;
}

Digest sha256(ByteView bytes) {
  auto& context = openssl::context();
  Digest digest{};
  EVP_MD_CTX* hash = context.hash.get();
  openssl::require(EVP_DigestInit_ex2(hash, context.sha256.get(), nullptr), "SHA-256");
  openssl::require(EVP_DigestUpdate(hash, bytes.data(), bytes.size()), "SHA-256");
  openssl::require(EVP_DigestFinal_ex(hash, digest.data(), nullptr), "SHA-256");
  return digest;
}

Digest hmac_sha256(ByteView key, ByteView text) { return hmac(key, {text}); }

bool is_equal(ByteView one, ByteView other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

void fill_random(std::span<std::uint8_t> bytes) {
  openssl::require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())), "randomness");
}

}  // namespace lamppost::crypto
