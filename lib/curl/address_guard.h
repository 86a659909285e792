#pragma once
// Which addresses the sender may connect to: public ones at port 443, and the configured
// exceptions. It sees the binary address just before the connection, so no spelling and no DNS
// answer gets past it.

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace lamppost::curl {

/// An IPv4 or IPv6 address with its port. An IPv4 address mapped into IPv6 counts as the IPv4 one.
struct SocketAddress {
  int family = AF_UNSPEC;                // AF_INET or AF_INET6; AF_UNSPEC for anything else
  std::array<std::uint8_t, 16> bytes{};  // an IPv4 address fills the first four
  std::uint16_t port = 0;

  static SocketAddress of(const sockaddr& address);
  /// Reads "127.0.0.1:9443" or "[::1]:9443". Error: no field.
  static Result<SocketAddress> parse(std::string_view text);

  std::string to_text() const;
  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

/// True for an address that anyone on the internet may have: not private, local, shared, reserved,
/// documentation, multicast, or one that leads to such an IPv4 address (IANA's special-purpose
/// lists).
bool is_public(const sockaddr& address);

class AddressGuard {
 public:
  /// exceptions  "address:port" as SocketAddress::parse reads it. Throws Failure if one is not.
  explicit AddressGuard(std::span<const std::string> exceptions);

  /// Whether a connection to this address may be opened.
  bool allows(const sockaddr& address) const;

 private:
  std::vector<SocketAddress> exceptions_;
};

}  // namespace lamppost::curl
