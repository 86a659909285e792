#pragma once
// The cryptographic ground of Web Push: P-256, HKDF, AES-GCM, SHA-256, randomness.
// The only room that knows OpenSSL. It knows nothing of messages or tokens.

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace lamppost::crypto {

using Point = std::array<std::uint8_t, 65>;  // P-256, uncompressed: 0x04, x, y (SEC 1, 2.3.3)
using Digest = std::array<std::uint8_t, 32>;

/// A P-256 key pair. Copies share the private half, which is wiped with the last of them.
class KeyPair {
 public:
  /// A fresh pair. Throws CryptoFailure if OpenSSL has no randomness.
  static KeyPair generate();

  /// Reads an unencrypted PEM private key (PKCS #8 or SEC 1). Error: no key, encrypted, not P-256.
  static Result<KeyPair> from_pem(std::string_view pem);

  /// The pair of a private scalar: 32 bytes, big-endian. Error: zero or not below the order.
  static Result<KeyPair> from_private(ByteView scalar);

  /// PKCS #8 PEM. Secret: whoever has it can notify in our name.
  std::string to_pem() const;

  const Point& public_point() const noexcept;

  /// ECDH: the 32-byte x coordinate shared with `peer`. Throws CryptoFailure if it is not on the
  /// curve.
  Digest agree(const Point& peer) const;

  /// ES256 over `text`: r||s, 32 bytes each (RFC 7518, 3.4).
  std::array<std::uint8_t, 64> sign(std::string_view text) const;

 private:
  struct State;
  explicit KeyPair(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;  // shared: a pair is a value, its secret exists once
};

/// True for an uncompressed point on P-256 other than infinity: full validation, the cofactor is 1.
bool is_on_curve(const Point&);

/// HKDF-SHA-256 (RFC 5869) in its two steps; `expand` gives `length` bytes, at most 8160.
Digest hkdf_extract(ByteView salt, ByteView key);
Bytes hkdf_expand(const Digest& pseudorandom_key, ByteView info, std::size_t length);
Bytes hkdf_sha256(ByteView salt, ByteView key, ByteView info, std::size_t length);

/// AES-128-GCM without associated data: ciphertext, then the 16-byte tag.
/// key 16 bytes, nonce 12 bytes, never the same pair twice.
Bytes aes128gcm_seal(ByteView key, ByteView nonce, ByteView plaintext);

Digest sha256(ByteView);
Digest hmac_sha256(ByteView key, ByteView text);
/// For secrets: takes as long wherever the first difference is.
bool is_equal(ByteView, ByteView);
void fill_random(std::span<std::uint8_t>);

}  // namespace lamppost::crypto
