#include "lib/base/openssl.h"

#include "lib/base/failure.h"

#include <openssl/err.h>

#include <array>

namespace lamppost::crypto::openssl {

std::string drain_errors() {
  std::string text;
  while (const auto code = ERR_get_error()) {
    std::array<char, 256> line{};
    ERR_error_string_n(code, line.data(), line.size());
    if (!text.empty()) text += "; ";
    text += line.data();
  }
  return text;
}

void require(int answer, std::string_view what) {
  if (answer == 1) return;
  throw CryptoFailure("OpenSSL refused " + std::string(what) + ": " + drain_errors());
}

Context::Context()
    : group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)),
      numbers(BN_CTX_secure_new()),
      point(EC_POINT_new(group.get())),
      coordinate(BN_new()),
      sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr)),
      hash(EVP_MD_CTX_new()),
      aes128gcm(EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)),
      cipher(EVP_CIPHER_CTX_new()) {
  const bool complete =
      group && numbers && point && coordinate && sha256 && hash && aes128gcm && cipher;
  require(complete ? 1 : 0, "P-256, SHA-256 and AES-128-GCM");
}

Context& context() {
  static Context made;
  return made;
}

}  // namespace lamppost::crypto::openssl
