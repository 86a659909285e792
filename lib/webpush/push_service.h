#pragma once
// The port to the push services: requests out, replies back (RFC 8030).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"

namespace lamppost::webpush {

struct PushRequest {
  std::uint64_t tag;  // the caller's; comes back in the reply
  std::string url;
  std::vector<std::string> headers;  // "TTL: 60"
  Bytes body;                        // empty: a push without payload
};

struct PushReply {
  std::uint64_t tag;
  std::optional<int> status;  // none: no HTTP answer
  bool left = false;          // the request was, or may have been, on the wire
  Seconds retry_after{
      0};              // from the header (seconds or a date), 1 s to 1 h; 0 if absent or garbage
  std::string detail;  // at most 200 printable bytes of the answer, or the transport's error
  bool held_back = false;  // by hold_back(): nothing was tried
};

class PushService {  // port
 public:
  using Source = std::function<std::optional<PushRequest>()>;  // none: no more
  using Report = std::function<void(const PushReply&)>;
  using Tick = std::function<void()>;  // at least once a second, also while nothing comes back
  virtual ~PushService() = default;

  /// Pulls requests from `next` as room becomes free, sends them concurrently, and reports every
  /// one exactly once, in any order. A source that answered none is asked again whenever something
  /// was reported or ticked; send() returns when it is dry and nothing is in flight. A failing
  /// service makes replies, never an exception; what the three functions throw passes through.
  virtual void send(const Source& next, const Report& done, const Tick& tick) = 0;

  /// For a service that is to rest, from within one of the three functions: what was pulled for it
  /// and has not left is soon reported as held back, and what is pulled from now on is as before.
  ///
  /// origin  of the endpoints, "https://push.example.net"
  virtual void hold_back(std::string_view origin) = 0;
};

}  // namespace lamppost::webpush
