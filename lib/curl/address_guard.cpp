#include "lib/curl/address_guard.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

#include "lib/base/failure.h"
#include "lib/base/text.h"

namespace lamppost::curl {
namespace {

constexpr std::uint16_t kHttps = 443;

struct Range {
  std::array<std::uint8_t, 16> start;
  unsigned length;  // bits
};

// RFC 6890 and its successors; "this network" to "reserved".
constexpr Range kForbidden4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared by a carrier's customers
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local, where clouds keep their credentials
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // relays of 6to4
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarks
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 4},            // multicast
    {{240}, 4},            // reserved, broadcast
};

// Of IPv6 only 2000::/3 is handed out as global unicast; these are the exceptions inside of it.
constexpr Range kGlobalUnicast6 = {{0x20}, 3};
constexpr Range kForbidden6[] = {
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4: an IPv4 address inside
    {{0x3f, 0xff, 0x00}, 20},        // documentation
};
constexpr std::size_t kInnerAt = 12;  // where the two prefixes below hold an IPv4 address
constexpr Range kMapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Range kNat64 = {{0x00, 0x64, 0xff, 0x9b},
                          96};  // RFC 6052; 64:ff9b:1::/48 is for local use

bool is_in(const std::array<std::uint8_t, 16>& bytes, const Range& range) {
  const std::size_t whole = range.length / 8;
  if (!std::equal(range.start.begin(), range.start.begin() + whole, bytes.begin())) return false;
  const unsigned rest = range.length % 8;
  return rest == 0 || (bytes[whole] ^ range.start[whole]) >> (8 - rest) == 0;
}

bool is_in_any(const std::array<std::uint8_t, 16>& bytes, std::span<const Range> ranges) {
  return std::ranges::any_of(ranges, [&](const Range& range) { return is_in(bytes, range); });
}

std::array<std::uint8_t, 16> inner(const std::array<std::uint8_t, 16>& bytes) {
  std::array<std::uint8_t, 16> four{};
  std::copy(bytes.begin() + kInnerAt, bytes.end(), four.begin());
  return four;
}

bool is_public(const SocketAddress& address) {
  if (address.family == AF_INET) return !is_in_any(address.bytes, kForbidden4);
  if (address.family != AF_INET6) return false;
  if (is_in(address.bytes, kNat64)) return !is_in_any(inner(address.bytes), kForbidden4);
  return is_in(address.bytes, kGlobalUnicast6) && !is_in_any(address.bytes, kForbidden6);
}

}  // namespace

SocketAddress SocketAddress::of(const sockaddr& address) {
  SocketAddress found;
  if (address.sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, &address, sizeof four);
    found.family = AF_INET;
    std::memcpy(found.bytes.data(), &four.sin_addr, sizeof four.sin_addr);
    found.port = ntohs(four.sin_port);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 six;
    std::memcpy(&six, &address, sizeof six);
    found.family = AF_INET6;
    std::memcpy(found.bytes.data(), &six.sin6_addr, sizeof six.sin6_addr);
    found.port = ntohs(six.sin6_port);
    if (is_in(found.bytes, kMapped)) {
      found.family = AF_INET;
      found.bytes = inner(found.bytes);
    }
  }
  return found;
}

Result<SocketAddress> SocketAddress::parse(std::string_view text) {
  const auto refuse = [&] {
    return Error{
        "", printable(text, 64) + " must be address:port, such as 127.0.0.1:9443 or [::1]:9443"};
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  const bool is_six = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_six) host = host.substr(1, host.size() - 2);

  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number == 0) return refuse();

  sockaddr_storage storage{};
  if (is_six) {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(number);
    if (inet_pton(AF_INET6, std::string(host).c_str(), &six.sin6_addr) != 1) return refuse();
    std::memcpy(&storage, &six, sizeof six);
  } else {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(number);
    if (inet_pton(AF_INET, std::string(host).c_str(), &four.sin_addr) != 1) return refuse();
    std::memcpy(&storage, &four, sizeof four);
  }
  return of(reinterpret_cast<const sockaddr&>(storage));
}

std::string SocketAddress::to_text() const {
  if (family == AF_UNSPEC) return "an address of no known family";
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, bytes.data(), text, sizeof text);
  const auto host = family == AF_INET6 ? "[" + std::string(text) + "]" : std::string(text);
  return host + ":" + std::to_string(port);
}

bool is_public(const sockaddr& address) { return is_public(SocketAddress::of(address)); }

AddressGuard::AddressGuard(std::span<const std::string> exceptions) {
  for (const auto& text : exceptions) {
    const auto address = SocketAddress::parse(text);
    if (!address) throw Failure("push address " + address.error().message);
    exceptions_.push_back(*address);
  }
}

bool AddressGuard::allows(const sockaddr& address) const {
  const auto wanted = SocketAddress::of(address);
  if (std::ranges::find(exceptions_, wanted) != exceptions_.end()) return true;
  return wanted.port == kHttps && is_public(wanted);
}

}  // namespace lamppost::curl
