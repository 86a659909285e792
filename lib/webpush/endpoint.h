#pragma once
// A push subscription's endpoint: the URL that a message is posted to (RFC 8030, 5).
// Whoever knows it may try to notify its owner, so it is never logged or shown whole.

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace lamppost::webpush {

/// Which push services are believed. An entry is a host ("fcm.googleapis.com") or a suffix that
/// begins with a dot (".push.apple.com": any host below it, not itself), each with an optional
/// ":port" ("localhost:9443"); without one only 443 matches.
struct EndpointPolicy {
  std::vector<std::string> hosts;

  /// The push services of the browsers in use.
  static EndpointPolicy built_in();

  /// Reads one configured entry. Error: not a lower-case host name or suffix, or a bad port.
  static Result<std::string> parse_entry(std::string_view entry);

  bool allows(std::string_view host, std::string_view port) const;
};

class Endpoint {
 public:
  static constexpr std::size_t kMaxSize = 2048;  // the Windows service has the long ones

  /// Reads the URL of a new subscription by a grammar stricter than any URL parser's, so that no
  /// two parsers can disagree about its host: `https://` host [`:` port] `/` and visible ASCII,
  /// without user, fragment, backslash, quote or angle bracket; a percent sign is followed by two
  /// hex digits and does not stand in the host. Kept byte for byte. Error: field "endpoint".
  static Result<Endpoint> parse(std::string_view url, const EndpointPolicy& policy);

  /// An endpoint read back from our own store, where only parsed ones go.
  static Endpoint trusted(std::string url);

  const std::string& url() const noexcept { return url_; }

  /// `https://host[:port]` without a default port (RFC 6454, 4): the audience of a VAPID token.
  std::string_view origin() const noexcept {
    return std::string_view(url_).substr(0, origin_length_);
  }

  /// The host without its port, as shown to people.
  std::string_view host() const noexcept;

 private:
  Endpoint(std::string url, std::size_t origin_length)
      : url_(std::move(url)), origin_length_(origin_length) {}
  std::string url_;
  std::size_t origin_length_;
};

}  // namespace lamppost::webpush
