#include "lib/webpush/encrypt.h"

#include <algorithm>
#include <cassert>
#include <string_view>

namespace lamppost::webpush {
namespace {

constexpr std::uint32_t kRecordSize = kBodyLimit;
constexpr std::uint8_t kLastRecord = 2;  // the delimiter of the last record (RFC 8188, 2)

// A C string with the NUL that the info strings of RFC 8188 and 8291 end with.
template <std::size_t Size>
std::string_view with_nul(const char (&text)[Size]) {
  return {text, Size};
}

template <class... Parts>
Bytes join(const Parts&... parts) {
  Bytes whole;
  whole.reserve((parts.size() + ...));
  (whole.insert(whole.end(), parts.begin(), parts.end()), ...);
  return whole;
}

}  // namespace

Bytes encode_aes128gcm(ByteView plaintext, std::size_t padding, ByteView ikm, const Salt& salt,
                       ByteView keyid) {
  assert(plaintext.size() + padding <= kMaxPlaintext && keyid.size() <= 255);
  const auto prk = crypto::hkdf_extract(salt, ikm);
  const auto key = crypto::hkdf_expand(prk, as_bytes(with_nul("Content-Encoding: aes128gcm")), 16);
  // The record's number is 0, so the nonce is used as it is (RFC 8188, 2.3).
  const auto nonce = crypto::hkdf_expand(prk, as_bytes(with_nul("Content-Encoding: nonce")), 12);

  Bytes record;
  record.reserve(plaintext.size() + 1 + padding);
  record.assign(plaintext.begin(), plaintext.end());
  record.push_back(kLastRecord);
  record.resize(record.size() + padding);
  const auto sealed = crypto::aes128gcm_seal(key, nonce, record);

  const std::array<std::uint8_t, 5> sizes{kRecordSize >> 24 & 0xff, kRecordSize >> 16 & 0xff,
                                          kRecordSize >> 8 & 0xff, kRecordSize & 0xff,
                                          static_cast<std::uint8_t>(keyid.size())};
  return join(salt, sizes, keyid, sealed);
}

Bytes encrypt(ByteView plaintext, std::size_t padding, const Recipient& recipient,
              const crypto::KeyPair& sender, const Salt& salt) {
  const auto& ours = sender.public_point();
  const auto& theirs = recipient.key.point();
  const auto shared = sender.agree(theirs);
  const auto ikm = crypto::hkdf_sha256(recipient.auth.bytes(), shared,
                                       join(with_nul("WebPush: info"), theirs, ours), 32);
  return encode_aes128gcm(plaintext, std::min(padding, kMaxPlaintext - plaintext.size()), ikm, salt,
                          ours);
}

}  // namespace lamppost::webpush
