#include "lib/curl/handles.h"

#include <string>

#include "lib/base/failure.h"

namespace lamppost::curl {

Library::Library() {
  const auto code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK)
    throw Failure(std::string("libcurl cannot start: ") + curl_easy_strerror(code));
}

void require(CURLcode code, CURLoption option) {
  if (code != CURLE_OK)
    throw Failure("libcurl refused option " + std::to_string(option) + ": " +
                  curl_easy_strerror(code));
}

void set(CURL* easy, CURLoption option, long value) {
  require(curl_easy_setopt(easy, option, value), option);
}
void set(CURL* easy, CURLoption option, const char* value) {
  require(curl_easy_setopt(easy, option, value), option);
}
void set(CURL* easy, CURLoption option, void* value) {
  require(curl_easy_setopt(easy, option, value), option);
}
void set(CURL* easy, CURLoption option, std::chrono::milliseconds value) {
  set(easy, option, static_cast<long>(value.count()));
}
void set(CURLM* multi, CURLMoption option, long value) {
  const auto code = curl_multi_setopt(multi, option, value);
  if (code != CURLM_OK)
    throw Failure("libcurl refused option " + std::to_string(option) + ": " +
                  curl_multi_strerror(code));
}

}  // namespace lamppost::curl
