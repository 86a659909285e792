#include "fcgi/fastcgi.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace lamppost {
namespace {

std::string_view parameter(const FCGX_Request& request, const char* name) {
  const char* value = FCGX_GetParam(name, request.envp);
  return value ? value : std::string_view{};
}

web::Method read_method(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, web::Method>, 6> kMethods{
      {{"GET", web::Method::Get},
       {"HEAD", web::Method::Get},
       {"POST", web::Method::Post},
       {"PUT", web::Method::Put},
       {"PATCH", web::Method::Patch},
       {"DELETE", web::Method::Delete}}};
  for (const auto& [text, method] : kMethods)
    if (text == name) return method;
  return web::Method::Other;
}

// HTTP_SEC_FETCH_SITE=... -> "sec-fetch-site".
std::pair<std::string, std::string> read_header(std::string_view variable) {
  const auto equals = std::min(variable.find('='), variable.size());
  auto name = lower_case(variable.substr(0, equals));
  std::ranges::replace(name, '_', '-');
  return {name, std::string(variable.substr(std::min(equals + 1, variable.size())))};
}

// At most limit + 1 bytes, so that the router can see what is too large. Not trusted to
// CONTENT_LENGTH, which is absent when nginx passes a chunked body on as it comes.
std::string read_body(FCGX_Request& request, std::size_t limit) {
  std::string body;
  std::array<char, 4096> chunk;
  while (body.size() <= limit) {
    const auto room = std::min(chunk.size(), limit + 1 - body.size());
    const int size = FCGX_GetStr(chunk.data(), static_cast<int>(room), request.in);
    if (size <= 0) break;
    body.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return body;
}

web::Request read_request(FCGX_Request& fastcgi, std::size_t max_body) {
  web::Request request;
  request.method = read_method(parameter(fastcgi, "REQUEST_METHOD"));
  request.is_head = parameter(fastcgi, "REQUEST_METHOD") == "HEAD";
  // Decoded, merged and free of dots by nginx: what its locations were matched against. Never the
  // raw REQUEST_URI, which might be read differently here and there.
  request.path = parameter(fastcgi, "DOCUMENT_URI");
  request.query = parameter(fastcgi, "QUERY_STRING");
  for (char** variable = fastcgi.envp; *variable; ++variable)
    if (std::string_view text(*variable); text.starts_with("HTTP_"))
      request.headers.insert(read_header(text.substr(std::strlen("HTTP_"))));
  request.headers["content-type"] = parameter(fastcgi, "CONTENT_TYPE");
  // REMOTE_USER alone proves nothing: nginx takes it from the client where no login is asked for.
  if (parameter(fastcgi, "LAMPPOST_GATE") == "admin")
    request.owner = parameter(fastcgi, "REMOTE_USER");
  request.body = read_body(fastcgi, max_body);
  return request;
}

class FastCgiSink final : public web::Sink {
 public:
  explicit FastCgiSink(FCGX_Request& request) : request_(request) {}

  bool write(std::string_view text) override {
    if (gone_) return false;
    const int size = static_cast<int>(text.size());
    gone_ = FCGX_PutStr(text.data(), size, request_.out) != size || FCGX_FFlush(request_.out) != 0;
    return !gone_;
  }

 private:
  FCGX_Request& request_;
  // libfcgi reports a departed reader only once, later writes "succeed": remember it.
  bool gone_ = false;
};

void write_response(FCGX_Request& fastcgi, const web::Response& response) {
  std::string head =
      "Status: " + std::to_string(response.status) + "\r\nContent-Type: " + response.type + "\r\n";
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  head += "\r\n";
  FCGX_PutStr(head.data(), static_cast<int>(head.size()), fastcgi.out);
  if (response.stream) {
    FastCgiSink sink(fastcgi);
    response.stream(sink);
  } else {
    FCGX_PutStr(response.body.data(), static_cast<int>(response.body.size()), fastcgi.out);
  }
}

}  // namespace

struct Listener::State {
  int socket;
  FCGX_Request request;
};

Listener::Listener(int socket) : state_(std::make_unique<State>()) {
  signal(SIGPIPE, SIG_IGN);
  if (FCGX_Init() != 0) throw Failure("libfcgi cannot be initialized");
  state_->socket = socket;
  // All idle workers wake up for a connection and one gets it: the others must not hang in
  // accept().
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
  if (FCGX_InitRequest(&state_->request, socket, 0) != 0)
    throw Failure("libfcgi refuses the socket");
}

Listener::~Listener() { FCGX_Free(&state_->request, 1); }

bool Listener::serve_one(const web::Router& api, const Stop& stop) {
  std::array<pollfd, 2> waiting{{{.fd = state_->socket, .events = POLLIN, .revents = 0},
                                 {.fd = stop.descriptor(), .events = POLLIN, .revents = 0}}};
  poll(waiting.data(), waiting.size(), -1);
  if (stop.requested()) return false;
  if (FCGX_Accept_r(&state_->request) < 0) return true;  // another worker was quicker
  try {
    write_response(state_->request, api.answer(read_request(state_->request, api.max_body())));
  } catch (const std::exception& failure) {
    log::error("answer_broken_off", {{"reason", failure.what()}});
  }
  FCGX_Finish_r(&state_->request);
  return true;
}

}  // namespace lamppost
