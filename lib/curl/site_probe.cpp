#include "lib/curl/site_probe.h"

#include "lib/base/failure.h"
#include "lib/curl/handles.h"

namespace lamppost::curl {
namespace {

std::size_t discard(char*, std::size_t, std::size_t size, void*) { return size; }

}  // namespace

Probe probe_site(const std::string& url) {
  const Library library;
  const Easy easy{curl_easy_init()};
  if (!easy) throw Failure("libcurl has no handle");
  set(easy.get(), CURLOPT_URL, url.c_str());
  set(easy.get(), CURLOPT_PROXY, "");
  set(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy.get(), CURLOPT_NOSIGNAL, 1L);
  set(easy.get(), CURLOPT_TIMEOUT_MS, std::chrono::milliseconds(5000));
  set(easy.get(), CURLOPT_WRITEFUNCTION, discard);
  const auto code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) return {std::nullopt, curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return {static_cast<int>(status), {}};
}

}  // namespace lamppost::curl
