#pragma once
// The push services over HTTP/2, many requests at once on few connections: webpush::PushService by
// libcurl. It knows nothing of campaigns, retries or what an answer means.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/webpush/push_service.h"

namespace lamppost::curl {

struct Settings {
  std::size_t connections = 4;  // to one host, 1 to 8
  std::size_t streams = 100;    // requests at once on one connection, 1 to 1000
  std::string ca_file{};        // believed beside the system's certificates; empty: none
  std::vector<std::string>
      address_exceptions{};  // "127.0.0.1:9443": may be connected to all the same
  std::string user_agent{};  // empty: none is sent
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{
      8000};  // of a whole request, so that a stopping worker settles in 10 s
};

class PushClient final : public webpush::PushService {
 public:
  static constexpr std::size_t kMaxWaiting = 200;    // composed and not yet sent
  static constexpr std::size_t kMaxInFlight = 1000;  // to all hosts together
  static constexpr std::size_t kMaxHosts = 64;       // connected to at once

  /// Made after fork(): the connections belong to one process, and live as long as the client.
  /// Throws Failure if libcurl cannot do what it must, or a setting or CA file is no good.
  explicit PushClient(Settings settings);
  ~PushClient() override;
  PushClient(const PushClient&) = delete;
  PushClient& operator=(const PushClient&) = delete;

  /// As the port says. A request that cannot be sent safely (another host than ours to libcurl's
  /// eyes, a private address, an unverified peer) is reported without status and as not having
  /// left. So are those that wait when all of them wait for hosts that have answered nothing for
  /// two seconds. After a none the source is asked again whenever something was reported, so that a
  /// source with a window over its work may answer none while that is full. If one of the functions
  /// throws, what is in flight is dropped unreported, and the client can be used again.
  void send(const Source& next, const Report& done, const Tick& tick) override;
  void hold_back(std::string_view origin) override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace lamppost::curl
