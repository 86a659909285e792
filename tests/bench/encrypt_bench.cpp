// What a push costs in encryption, against what OpenSSL cannot do without: one ECDH and one key
// generation. Absolute times drift on a shared machine, so the three are interleaved, timed in CPU
// time of the thread, and compared by their best rounds.

#include "lib/base/crypto.h"
#include "lib/webpush/encrypt.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

namespace {

namespace crypto = lamppost::crypto;
namespace webpush = lamppost::webpush;

constexpr std::size_t kRecipients = 512;
constexpr std::size_t kCallsARound = 96;
constexpr int kRounds = 40;
constexpr double kTarget = 1.20;

struct FreePkey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Pkey = std::unique_ptr<EVP_PKEY, FreePkey>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreePkey>;

void require(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "encrypt_bench: OpenSSL refused %s\n", what);
  std::exit(1);
}

crypto::Point point_of(const Pkey& pair) {
  crypto::Point point{};
  std::size_t size = 0;
  require(EVP_PKEY_get_octet_string_param(pair.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                          point.size(), &size) == 1 &&
              size == point.size(),
          "a public key");
  return point;
}

double cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Candidate {
  const char* name;
  std::function<void(std::size_t recipient)> call;
  std::vector<double> rounds{};  // microseconds a call

  void run(std::size_t first) {
    const double start = cpu_microseconds();
    for (std::size_t i = 0; i < kCallsARound; ++i) call((first + i) % kRecipients);
    rounds.push_back((cpu_microseconds() - start) / kCallsARound);
  }
  double best() const { return *std::ranges::min_element(rounds); }
  double median() const {
    auto sorted = rounds;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

}  // namespace

int main() {
  const Pkey own{EVP_EC_gen("P-256")};
  require(own != nullptr, "a key pair");
  std::vector<webpush::Recipient> recipients;
  std::vector<PkeyContext> derivations;  // the peer is set beforehand and not validated
  for (std::size_t i = 0; i < kRecipients; ++i) {
    const Pkey peer{EVP_EC_gen("P-256")};
    require(peer != nullptr, "a key pair");
    auto& derivation = derivations.emplace_back(EVP_PKEY_CTX_new(own.get(), nullptr));
    require(EVP_PKEY_derive_init(derivation.get()) == 1 &&
                EVP_PKEY_derive_set_peer_ex(derivation.get(), peer.get(), 0) == 1,
            "a derivation");
    std::array<std::uint8_t, 16> secret{};
    crypto::fill_random(secret);
    recipients.push_back({webpush::Endpoint::trusted("https://push.example.net/"),
                          webpush::PublicKey::trusted(point_of(peer)),
                          webpush::AuthSecret::trusted(secret)});
  }
  const PkeyContext generator{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
  char curve[] = "P-256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
      OSSL_PARAM_construct_end()};
  require(EVP_PKEY_keygen_init(generator.get()) == 1 &&
              EVP_PKEY_CTX_set_params(generator.get(), parameters) == 1,
          "a generator");
  const lamppost::Bytes payload(webpush::kMaxPlaintext, 'x');

  Candidate derive{"EVP_PKEY_derive", [&](std::size_t recipient) {
                     std::array<std::uint8_t, 32> shared{};
                     std::size_t size = shared.size();
                     require(
                         EVP_PKEY_derive(derivations[recipient].get(), shared.data(), &size) == 1,
                         "to derive");
                   }};
  Candidate generate{"EVP_PKEY_generate", [&](std::size_t) {
                       EVP_PKEY* pair = nullptr;
                       require(EVP_PKEY_generate(generator.get(), &pair) == 1, "to generate");
                       EVP_PKEY_free(pair);
                     }};
  Candidate encrypt{"encrypt", [&](std::size_t recipient) {
                      webpush::Salt salt;
                      crypto::fill_random(salt);
                      const auto body = webpush::encrypt(payload, 0, recipients[recipient],
                                                         crypto::KeyPair::generate(), salt);
                      require(body.size() == webpush::kBodyLimit, "a body of 4096 bytes");
                    }};

  for (int round = 0; round < kRounds; ++round) {
    const auto first = static_cast<std::size_t>(round) * kCallsARound % kRecipients;
    for (auto* candidate : {&derive, &generate, &encrypt}) candidate->run(first);
  }

  std::printf("%d rounds of %zu calls, body %zu bytes, %zu recipients; us of CPU a call\n", kRounds,
              kCallsARound, webpush::kBodyLimit, kRecipients);
  for (const auto* candidate : {&derive, &generate, &encrypt})
    std::printf("%-18s min %6.1f  median %6.1f\n", candidate->name, candidate->best(),
                candidate->median());
  const double ratio = encrypt.best() / (derive.best() + generate.best());
  std::printf("encrypt / (derive + generate) = %.3f (at most %.2f)\n", ratio, kTarget);
  return ratio <= kTarget ? 0 : 1;
}
