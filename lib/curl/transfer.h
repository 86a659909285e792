#pragma once
// One request on its way: an easy handle that is used again and again, and what comes back through
// it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/curl/address_guard.h"
#include "lib/curl/handles.h"
#include "lib/curl/host_queue.h"
#include "lib/curl/push_client.h"
#include "lib/webpush/push_service.h"

namespace lamppost::curl {

constexpr std::size_t kMaxAnswerBody = 64 * 1024;  // more is an attack: the transfer ends there
constexpr std::size_t kMaxAnswerHeaders = 32 * 1024;
constexpr std::size_t kMaxDetail = 200;  // bytes of the answer that are kept

class Transfer {
 public:
  /// settings, guard and the path live longer than this. Throws Failure if libcurl is out of
  /// memory.
  Transfer(const Settings& settings, const AddressGuard& guard, const std::string& ca_path);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Takes a request for `host`. False if it must not be handed to libcurl (see detail of reply()).
  bool prepare(Queued queued, HostQueue& host);

  CURL* handle() const noexcept { return easy_.get(); }
  HostQueue& host() const noexcept { return *host_; }

  /// What became of it. `code` is what libcurl said.
  webpush::PushReply reply(CURLcode code);
  /// Whether the connection was over before the request was sent or processed, as happens whenever
  /// a service ends one in peace: it is sent on another at once, which nobody needs to know.
  bool is_to_start_again(CURLcode code) const;
  /// The request, to be queued again.
  Queued take();
  /// The reply for one that prepare() refused or libcurl did not take: certainly not sent.
  webpush::PushReply unsent() const;

  /// Lets go of the request, so that a spare transfer is small.
  void clear();

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_debug(CURL* easy, curl_infotype type, char* text, std::size_t size, void* self);
  static int before_request(void* self, char* to, char* from, int to_port, int from_port);

  bool is_same_host();
  bool may_go(long sent_before);
  void read_header(std::string_view line);
  bool has_left(CURLcode code) const;
  bool is_told_off() const { return goaways_before_ != host_->goaways; }
  std::string transport_error(CURLcode code, bool left) const;

  const AddressGuard& guard_;
  Easy easy_;
  Url url_;
  webpush::PushRequest request_;
  int starts_ = 0;                   // of the request, this one included
  std::vector<curl_slist> headers_;  // points into request_
  HostQueue* host_ = nullptr;

  std::string body_start_;
  std::size_t body_size_ = 0;
  std::size_t header_size_ = 0;
  Seconds retry_after_{0};
  std::string windows_error_;  // how the Windows service gives its reason
  std::string refusal_;        // our own: an address, a URL
  std::string cut_off_;        // why, when it was sent, its connection broke and it is not repeated
  bool has_clean_start_ = false;
  int repeats_on_trust_ = 0;
  std::uint64_t broken_before_ = 0;
  std::uint64_t goaways_before_ = 0;
  char error_[CURL_ERROR_SIZE] = "";
};

}  // namespace lamppost::curl
