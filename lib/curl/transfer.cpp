#include "lib/curl/transfer.h"

#include <unistd.h>

#include <algorithm>

#include "lib/base/failure.h"
#include "lib/base/text.h"
#include "lib/curl/retry_after.h"
#include "lib/webpush/endpoint.h"

namespace lamppost::curl {
namespace {

// Headers that libcurl would add by itself, taken away.
constexpr std::string_view kNoExpect = "Expect:";
constexpr std::string_view kNoAccept = "Accept:";
constexpr std::string_view kNoContentType = "Content-Type:";

bool has_name(std::string_view header,
              std::string_view name) {  // `name` in lower case, with the colon
  return header.size() >= name.size() && lower_case(header.substr(0, name.size())) == name;
}

bool is_one_line(std::string_view header) {
  return header.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

curl_slist node(std::string_view text) {
  // libcurl reads these only; its type lacks the const.
  return {const_cast<char*>(text.data()), nullptr};
}

std::string part(const Url& url, CURLUPart what) {
  char* text = nullptr;
  if (curl_url_get(url.get(), what, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  return Text(text).get();
}

// "HTTP/2 stream 5 was reset" becomes "HTTP/2 stream was reset".
std::string without_numbers(std::string_view text) {
  // How libcurl says that a connection is gone already when it wants to use it.
  if (text.starts_with("getpeername()")) return "the connection ended before an answer";
  std::string words;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, end - at);
    at = end + 1;
    if (word.find_first_not_of("0123456789") == std::string_view::npos) continue;
    if (!words.empty()) words += ' ';
    words += word;
  }
  return words;
}

Transfer& transfer(void* self) { return *static_cast<Transfer*>(self); }

}  // namespace

Transfer::Transfer(const Settings& settings, const AddressGuard& guard, const std::string& ca_path)
    : guard_(guard), easy_(curl_easy_init()), url_(curl_url()) {
  if (!easy_ || !url_) throw Failure("libcurl is out of memory");
  body_start_.reserve(kMaxDetail);
  CURL* const easy = easy_.get();
  void* const self = this;
  set(easy, CURLOPT_PRIVATE, self);
  set(easy, CURLOPT_ERRORBUFFER, error_);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_VERBOSE, 1L);  // for on_debug; costs nothing that can be measured
  set(easy, CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
  set(easy, CURLOPT_DEBUGDATA, self);

  set(easy, CURLOPT_PROTOCOLS_STR, "https");
  set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY, "");  // also not one of the environment's
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_PIPEWAIT, 1L);  // wait for a connection to come up rather than open another
  set(easy, CURLOPT_POST, 1L);
  set(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);  // the least; the default is 64 KB for each request
  if (!settings.user_agent.empty()) set(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());

  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_CAPATH,
      static_cast<const char*>(nullptr));  // else the bundle is parsed each time
  set(easy, CURLOPT_CAINFO, ca_path.c_str());

  // Each handle would keep the sessions of the connections that it has opened, and hardly use one.
  set(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);

  // A look-up that is given up goes on in a thread of its own; without this it would be waited for,
  // and with it everything, until the system's resolver gives up too.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, settings.connect_timeout);
  set(easy, CURLOPT_TIMEOUT_MS, settings.timeout);
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, 10L);
  set(easy, CURLOPT_MAXLIFETIME_CONN, 600L);

  set(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(easy, CURLOPT_WRITEDATA, self);
  set(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(easy, CURLOPT_HEADERDATA, self);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, self);
  set(easy, CURLOPT_PREREQFUNCTION, &Transfer::before_request);
  set(easy, CURLOPT_PREREQDATA, self);
}

bool Transfer::prepare(Queued queued, HostQueue& host) {
  clear();
  request_ = std::move(queued.request);
  starts_ = queued.starts + 1;
  host_ = &host;
  if (!is_same_host()) {
    refusal_ = "the endpoint's host is not certain";
    return false;
  }
  if (!std::ranges::all_of(request_.headers, is_one_line)) {
    refusal_ = "a header is not one line";
    return false;
  }

  bool has_type = false;
  for (const auto& header : request_.headers) {
    headers_.push_back(node(header));
    has_type = has_type || has_name(header, "content-type:");
  }
  headers_.push_back(node(kNoExpect));
  headers_.push_back(node(kNoAccept));
  if (!has_type) headers_.push_back(node(kNoContentType));
  for (std::size_t i = 0; i + 1 < headers_.size(); ++i) headers_[i].next = &headers_[i + 1];

  CURL* const easy = easy_.get();
  static constexpr char kNothing[] =
      "";  // a null pointer would make libcurl read the standard input
  const void* const body =
      request_.body.empty() ? kNothing : static_cast<const void*>(request_.body.data());
  set(easy, CURLOPT_CURLU, static_cast<void*>(url_.get()));
  set(easy, CURLOPT_HTTPHEADER, static_cast<void*>(headers_.data()));
  set(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
  set(easy, CURLOPT_POSTFIELDS, const_cast<void*>(body));
  return true;
}

// What libcurl will connect to must be what our own grammar read and the policy allowed; the handle
// that is compared here is the one that is used.
bool Transfer::is_same_host() {
  if (curl_url_set(url_.get(), CURLUPART_URL, nullptr, 0) != CURLUE_OK) return false;
  if (curl_url_set(url_.get(), CURLUPART_URL, request_.url.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    return false;
  const auto endpoint = webpush::Endpoint::trusted(request_.url);
  const auto host = part(url_, CURLUPART_HOST);
  const auto port = part(url_, CURLUPART_PORT);
  const auto origin = "https://" + host + (port == "443" ? "" : ":" + port);
  return part(url_, CURLUPART_SCHEME) == "https" && host == endpoint.host() &&
         origin == endpoint.origin();
}

webpush::PushReply Transfer::reply(CURLcode code) {
  webpush::PushReply reply{
      .tag = request_.tag, .status = {}, .left = true, .retry_after = {}, .detail = {}};
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200) {  // it answered; what went wrong after that changes nothing
    long version = CURL_HTTP_VERSION_2;
    curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
    host_->speaks_http2 = version == CURL_HTTP_VERSION_2;
    reply.status = static_cast<int>(status);
    reply.retry_after = retry_after_;
    reply.detail = printable(body_start_.empty() ? windows_error_ : body_start_, kMaxDetail);
    return reply;
  }
  reply.left = has_left(code);
  if (reply.left) ++host_->broken_connections;
  reply.detail = printable(transport_error(code, reply.left), kMaxDetail);
  return reply;
}

bool Transfer::is_to_start_again(CURLcode code) const {
  constexpr int kMostStarts = 7;  // within 0.7 s
  const bool is_over = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                       code == CURLE_GOT_NOTHING || code == CURLE_HTTP2 ||
                       code == CURLE_HTTP2_STREAM;
  return is_over && !has_left(code) && refusal_.empty() && starts_ < kMostStarts;
}

Queued Transfer::take() { return {std::move(request_), starts_}; }

webpush::PushReply Transfer::unsent() const {
  return {.tag = request_.tag,
          .status = {},
          .left = false,
          .retry_after = {},
          .detail = refusal_.empty() ? "libcurl did not take it" : refusal_};
}

// Certain are two cases only: no byte of it was given to a connection, or its last one ended with
// GOAWAY before the request's stream, which then was not processed (RFC 9113, 6.8): the session has
// nothing left to do, or libcurl has met with that five times in a row.
bool Transfer::has_left(CURLcode code) const {
  if (!cut_off_.empty()) return true;
  long sent = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
  if (sent == 0) return false;
  const bool is_over = code == CURLE_HTTP2 && error_[0] == '\0';
  const bool was_repeated = std::string_view(error_).starts_with("Connection died, tried");
  return !(is_told_off() && (is_over || was_repeated));
}

// Reports count equal reasons, so no number of a port, a stream or a millisecond is among them.
std::string Transfer::transport_error(CURLcode code, bool left) const {
  if (!refusal_.empty()) return refusal_;
  if (!cut_off_.empty()) return without_numbers(cut_off_);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return left ? "timed out without an answer" : "timed out before it was sent";
    case CURLE_COULDNT_CONNECT:
      return "could not connect";
    case CURLE_COULDNT_RESOLVE_HOST:
      return "could not find the host's address";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
      return "the connection ended before an answer";
    default:
      return error_[0] ? without_numbers(error_) : curl_easy_strerror(code);
  }
}

void Transfer::clear() {
  request_ = {};
  headers_.clear();
  host_ = nullptr;
  body_start_.clear();
  body_size_ = 0;
  header_size_ = 0;
  retry_after_ = Seconds{0};
  windows_error_.clear();
  refusal_.clear();
  cut_off_.clear();
  has_clean_start_ = false;
  repeats_on_trust_ = 0;
  error_[0] = '\0';
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& it = transfer(self);
  const std::size_t bytes = size * count;
  it.body_size_ += bytes;
  if (it.body_size_ > kMaxAnswerBody) return 0;  // ends the transfer
  it.body_start_.append(data, std::min(bytes, kMaxDetail - it.body_start_.size()));
  return bytes;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& it = transfer(self);
  const std::size_t bytes = size * count;
  it.header_size_ += bytes;
  if (it.header_size_ > kMaxAnswerHeaders) return 0;
  it.read_header({data, bytes});
  return bytes;
}

void Transfer::read_header(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  constexpr std::string_view kRetryAfter = "retry-after:";
  constexpr std::string_view kWindowsError = "x-wns-error-description:";
  if (line.starts_with("HTTP/")) {  // after a provisional answer
    retry_after_ = Seconds{0};
  } else if (has_name(line, kRetryAfter)) {
    const auto now = std::chrono::floor<Seconds>(std::chrono::system_clock::now());
    // The later of two, so as not to come too early.
    retry_after_ = std::max(retry_after_, parse_retry_after(line.substr(kRetryAfter.size()), now));
  } else if (has_name(line, kWindowsError)) {
    windows_error_ = printable(trimmed(line.substr(kWindowsError.size())), kMaxDetail);
  }
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& it = transfer(self);
  if (purpose != CURLSOCKTYPE_IPCXN || !it.guard_.allows(address->addr)) {
    it.refusal_ = "address " + SocketAddress::of(address->addr).to_text() +
                  " is not a public one at port 443, nor among push_addresses";
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// The only way to learn of a GOAWAY: it may have come for any of the connection's requests.
int Transfer::on_debug(CURL*, curl_infotype type, char* text, std::size_t size, void* self) {
  if (type != CURLINFO_TEXT) return 0;
  const std::string_view line(text, size);
  auto& it = transfer(self);
  // The first is how 7.88 spells it.
  const bool is_goaway =
      line.starts_with("recveived GOAWAY") || line.starts_with("received GOAWAY");
  if (is_goaway && it.host_) ++it.host_->goaways;
  return 0;
}

// Called when a connection is ready, for the first time and for each repeat that libcurl decides on
// by itself. It repeats what was refused, which is safe, but also what was sent on a connection
// that broke afterwards, which might show a notification twice: that one is stopped here.
int Transfer::before_request(void* self, char*, char*, int, int) {
  auto& it = transfer(self);
  long sent = 0;
  curl_easy_getinfo(it.easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
  return it.may_go(sent) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// libcurl 7.88 does not say why it repeats. A broken connection leaves an error text, a refusal
// does not. Of the two refusals GOAWAY is certain. RST_STREAM with REFUSED_STREAM looks like a
// session that libcurl itself ended because of the peer's nonsense, so it is believed twice and no
// more; over HTTP/1.1 a closed connection looks like that too, and is never believed.
bool Transfer::may_go(long sent_before) {
  constexpr int kBelieved = 2;
  const bool has_text = error_[0] != '\0';
  if (sent_before == 0) {
    broken_before_ = host_->broken_connections;
    goaways_before_ = host_->goaways;
    has_clean_start_ = !has_text;
    refusal_.clear();  // one of the host's addresses was, another took the connection
    return true;
  }
  const bool is_believed =
      broken_before_ == host_->broken_connections && repeats_on_trust_++ < kBelieved;
  if (!has_text && has_clean_start_ && host_->speaks_http2 && (is_told_off() || is_believed)) {
    goaways_before_ = host_->goaways;
    return true;
  }
  cut_off_ = has_text ? error_ : "the connection ended before an answer";
  if (has_text) ++host_->broken_connections;
  return false;
}

}  // namespace lamppost::curl
