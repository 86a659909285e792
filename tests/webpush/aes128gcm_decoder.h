#pragma once
// Reads the content coding aes128gcm (RFC 8188) with OpenSSL's own HKDF and GCM: the judge of what
// lib/webpush writes, which shares no code with it. Unlike Web Push it takes many records.

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/openssl.h"

namespace lamppost::testing {

struct DecodedMessage {
  Bytes keyid;
  std::size_t record_size = 0;
  std::size_t records = 0;
  std::size_t padding = 0;  // zero bytes after the delimiters, of all records
  Bytes plaintext;
};

/// HKDF-SHA-256 (RFC 5869), extract and expand.
inline Bytes openssl_hkdf(Bytes salt, Bytes key, std::string_view info, std::size_t length) {
  const std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  const std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>> context{EVP_KDF_CTX_new(kdf.get())};
  char digest[] = "SHA256";
  Bytes label(info.begin(), info.end());
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, label.data(), label.size()),
      OSSL_PARAM_construct_end()};
  Bytes output(length);
  if (EVP_KDF_derive(context.get(), output.data(), length, parameters) != 1)
    throw std::runtime_error("OpenSSL refused HKDF");
  return output;
}

/// What AES-128-GCM sealed, ciphertext and tag; none if the tag is wrong.
inline std::optional<Bytes> open_aes128gcm(const Bytes& key, const Bytes& nonce, ByteView sealed) {
  const auto ciphertext = sealed.first(sealed.size() - 16);
  Bytes tag(sealed.end() - 16, sealed.end());
  const crypto::openssl::CipherContext cipher{EVP_CIPHER_CTX_new()};
  Bytes plaintext(ciphertext.size() + 16);
  int size = 0;
  int rest = 0;
  const bool opened =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1 &&
      EVP_DecryptUpdate(cipher.get(), plaintext.data(), &size, ciphertext.data(),
                        static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, 16, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), plaintext.data() + size, &rest) == 1;
  if (!opened) return std::nullopt;
  plaintext.resize(static_cast<std::size_t>(size + rest));
  return plaintext;
}

/// Reads a whole message. None if it is not one: short, altered, cut between records, or with a
/// delimiter that does not fit the record's place (RFC 8188, 2).
inline std::optional<DecodedMessage> decode_aes128gcm(ByteView message, const Bytes& ikm) {
  constexpr std::size_t kFixed = 16 + 4 + 1;
  if (message.size() < kFixed || message.size() < kFixed + message[20]) return std::nullopt;
  const Bytes salt(message.begin(), message.begin() + 16);
  DecodedMessage decoded;
  for (const auto byte : message.subspan(16, 4))
    decoded.record_size = decoded.record_size << 8 | byte;
  if (decoded.record_size < 18) return std::nullopt;
  const auto keyid = message.subspan(kFixed, message[20]);
  decoded.keyid.assign(keyid.begin(), keyid.end());

  using namespace std::string_view_literals;
  const auto key = openssl_hkdf(salt, ikm, "Content-Encoding: aes128gcm\0"sv, 16);
  const auto base = openssl_hkdf(salt, ikm, "Content-Encoding: nonce\0"sv, 12);
  auto rest = message.subspan(kFixed + keyid.size());
  do {
    const auto sealed = rest.first(std::min(decoded.record_size, rest.size()));
    rest = rest.subspan(sealed.size());
    if (sealed.size() < 17) return std::nullopt;  // a delimiter and the tag
    auto nonce = base;
    nonce[11] = static_cast<std::uint8_t>(nonce[11] ^ decoded.records++);
    auto record = open_aes128gcm(key, nonce, sealed);
    if (!record) return std::nullopt;
    while (!record->empty() && record->back() == 0) {
      record->pop_back();
      ++decoded.padding;
    }
    if (record->empty() || record->back() != (rest.empty() ? 2 : 1)) return std::nullopt;
    decoded.plaintext.insert(decoded.plaintext.end(), record->begin(), record->end() - 1);
  } while (!rest.empty());
  return decoded;
}

}  // namespace lamppost::testing
