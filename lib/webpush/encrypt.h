#pragma once
// The Web Push content coding: one message, one recipient, one record.
// Knows nothing of HTTP; for the request around it see request.h.

#include <array>

#include "lib/base/bytes.h"
#include "lib/base/crypto.h"
#include "lib/webpush/recipient.h"

namespace lamppost::webpush {

constexpr std::size_t kBodyLimit = 4096;  // every push service takes this (RFC 8030, 7.2)
constexpr std::size_t kHeaderSize =
    16 + 4 + 1 + 65;                  // salt, record size, key length, key (RFC 8188, 2.1)
constexpr std::size_t kTagSize = 16;  // AEAD_AES_128_GCM
constexpr std::size_t kMaxPlaintext = kBodyLimit - kHeaderSize - kTagSize - 1 /*delimiter*/;
static_assert(kMaxPlaintext == 3993);  // as RFC 8291, 4 says

using Salt = std::array<std::uint8_t, 16>;

/// The coding aes128gcm with a single record (RFC 8188, 2).
///
/// ikm        input keying material, any size
/// keyid      goes into the header as it is, at most 255 bytes
/// padding    zero bytes after the delimiter; plaintext + padding at most kMaxPlaintext
/// Returns    header, ciphertext, tag
Bytes encode_aes128gcm(ByteView plaintext, std::size_t padding, ByteView ikm, const Salt& salt,
                       ByteView keyid);

/// Encrypts `plaintext` for one recipient (RFC 8291, 3 and 4).
///
/// plaintext  at most kMaxPlaintext bytes, which checked(Message) has seen to; may be empty
/// padding    hides the length: zero bytes added, cut to what still fits
/// sender     a fresh pair for every message; fixed only in tests (RFC 8291, appendix A)
/// Returns    the whole request body: 86-byte header, ciphertext, 16-byte tag
/// Throws     CryptoFailure if OpenSSL refuses, or if a recipient that did not pass
///            PublicKey::parse has a point that is not on the curve
Bytes encrypt(ByteView plaintext, std::size_t padding, const Recipient& recipient,
              const crypto::KeyPair& sender, const Salt& salt);

}  // namespace lamppost::webpush
