#pragma once
// Owners for libcurl's handles, and its variadic options behind types. Private to lib/curl.

#include <curl/curl.h>

#include <chrono>
#include <memory>

#include "lib/base/freed.h"

namespace lamppost::curl {

using Easy = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freed<curl_multi_cleanup>>;
using Url = std::unique_ptr<CURLU, Freed<curl_url_cleanup>>;
using Text = std::unique_ptr<char, Freed<curl_free>>;

/// libcurl's process-wide state; counted by libcurl itself.
class Library {
 public:
  Library();  // throws Failure
  ~Library() { curl_global_cleanup(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

// Each throws Failure when libcurl refuses the option. A text or structure given by pointer is
// copied by libcurl only where its manual says so.
void set(CURL* easy, CURLoption option, long value);
void set(CURL* easy, CURLoption option, const char* value);
void set(CURL* easy, CURLoption option, void* value);
void set(CURL* easy, CURLoption option, std::chrono::milliseconds value);
void set(CURLM* multi, CURLMoption option, long value);
void require(CURLcode code, CURLoption option);

template <class Answer, class... Arguments>
void set(CURL* easy, CURLoption option, Answer (*callback)(Arguments...)) {
  require(curl_easy_setopt(easy, option, callback), option);
}

}  // namespace lamppost::curl
