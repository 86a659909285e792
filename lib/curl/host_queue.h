#pragma once
// One push service's requests: those that wait, and how many are on their way. libcurl has a queue
// of its own for requests beyond its limits, but an unfair and costly one; so it is never given
// more than it sends at once, and the rest waits here.

#include <chrono>
#include <cstdint>
#include <deque>

#include "lib/webpush/push_service.h"

namespace lamppost::curl {

using Instant = std::chrono::steady_clock::time_point;

struct Queued {
  webpush::PushRequest request;
  int starts = 0;  // so far: it met connections that were over before it was sent
};

class HostQueue {
 public:
  /// A host whose requests are out and which has answered none of them for so long is silent.
  static constexpr std::chrono::seconds kSilence{2};

  /// streams      requests on one connection
  /// connections  to this host
  HostQueue(std::size_t streams, std::size_t connections)
      : streams_(streams), connections_(connections) {}

  std::deque<Queued> waiting;
  bool is_held_back = false;  // what waits is to be given back unsent

  /// Whether one more may be sent. A silent host gets nothing until those that are out are settled.
  bool has_room(Instant now) const {
    return in_flight_ < limit() && now >= paused_until_ && !is_silent(now);
  }
  bool is_silent(Instant now) const { return in_flight_ > 0 && now - silent_since_ >= kSilence; }
  bool is_idle() const { return in_flight_ == 0 && waiting.empty(); }
  std::size_t in_flight() const { return in_flight_; }

  /// When a pause ends that began with start_again(); past if there is none.
  Instant paused_until() const { return paused_until_; }

  void sent(Instant now);
  /// answered  an HTTP status came
  void settled(Instant now, bool answered);
  /// For so long we have not listened, so that it is no silence of the host's.
  void excuse(Instant::duration deaf) { silent_since_ += deaf; }

  /// Puts one in front again, which met a connection that was over. libcurl 7.88 goes on giving new
  /// requests to a connection that a service has told to go away, until the last answers on it are
  /// in: nothing is started before that may be, the longer the more often it was tried.
  void start_again(Queued queued, Instant now);

  // What a repeat of a request must know (transfer.h).
  std::uint64_t broken_connections = 0;
  std::uint64_t goaways = 0;
  bool speaks_http2 = true;  // until it answers otherwise

 private:
  // A host that has not answered yet is given one connection's worth, and one that speaks HTTP/1.1
  // one request a connection.
  std::size_t limit() const {
    if (!has_answered_) return streams_;
    return speaks_http2 ? connections_ * streams_ : connections_;
  }

  std::size_t streams_;
  std::size_t connections_;
  std::size_t in_flight_ = 0;
  bool has_answered_ = false;
  Instant silent_since_{};
  Instant paused_until_{};
};

}  // namespace lamppost::curl
