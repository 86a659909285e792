#include "lib/webpush/endpoint.h"

#include "lib/webpush/host_name.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lamppost::webpush {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::string_view kDefaultPort = "443";

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_port(std::string_view port) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc{} && end == port.data() + port.size() && port.front() != '0' &&
         number <= 65535;
}

struct Authority {
  std::string_view host;
  std::string_view port;  // kDefaultPort when the URL names none
  std::size_t size;       // up to the path
};

// The authority of a URL that starts with kScheme; none when it has no path or an empty port.
std::optional<Authority> read_authority(std::string_view url) {
  const auto end = url.find('/', kScheme.size());
  if (end == std::string_view::npos) return std::nullopt;
  const auto authority = url.substr(kScheme.size(), end - kScheme.size());
  const auto colon = authority.find(':');
  if (colon == std::string_view::npos) return Authority{authority, kDefaultPort, end};
  const auto port = authority.substr(colon + 1);
  if (port.empty()) return std::nullopt;
  return Authority{authority.substr(0, colon), port, end};
}

// "[.]host[:port]" as EndpointPolicy::hosts has it.
struct Entry {
  std::string_view host;
  std::string_view port;
};
Entry split_entry(std::string_view entry) {
  const auto colon = entry.find(':');
  if (colon == std::string_view::npos) return {entry, kDefaultPort};
  return {entry.substr(0, colon), entry.substr(colon + 1)};
}

std::size_t origin_length(const Authority& authority) {
  const auto host = kScheme.size() + authority.host.size();
  return authority.port == kDefaultPort ? host : host + 1 + authority.port.size();
}

}  // namespace

EndpointPolicy EndpointPolicy::built_in() {
  return {{"fcm.googleapis.com",          // Chrome, Edge on Android, Opera, Samsung, Vivaldi, Brave
           "jmt17.google.com",            // Chromium built without Google's keys
           ".push.services.mozilla.com",  // Firefox
           ".notify.windows.com",         // Edge on Windows
           ".push.apple.com"}};           // Safari, web apps on iPhone and iPad
}

Result<std::string> EndpointPolicy::parse_entry(std::string_view entry) {
  const auto [host, port] = split_entry(entry);
  const auto name = host.starts_with('.') ? host.substr(1) : host;
  if (!is_host_name(name) || port.empty() || !is_port(port))
    return Error{"",
                 "must be a host name in lower case or a suffix such as .example.com, without "
                 "https://, and may name a port such as :8443"};
  return std::string(entry);
}

bool EndpointPolicy::allows(std::string_view host, std::string_view port) const {
  return std::ranges::any_of(hosts, [&](std::string_view entry) {
    const auto [name, wanted] = split_entry(entry);
    if (port != wanted) return false;
    return name.starts_with('.') ? host.size() > name.size() && host.ends_with(name) : host == name;
  });
}

Result<Endpoint> Endpoint::parse(std::string_view url, const EndpointPolicy& policy) {
  const auto refuse = [](std::string message) { return Error{"endpoint", std::move(message)}; };
  if (url.empty()) return refuse("must not be empty");
  if (url.size() > kMaxSize) return refuse("must be at most 2048 bytes");
  if (!url.starts_with(kScheme)) return refuse("must begin with https://");
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    if (c <= ' ' || c > '~' || std::string_view("\"'\\<>^`{|}#").find(c) != std::string_view::npos)
      return refuse("must consist of the ASCII characters that a URL may have");
    if (c == '%' && (i + 2 >= url.size() || !is_hex(url[i + 1]) || !is_hex(url[i + 2])))
      return refuse("has a % that is not followed by two hex digits");
  }
  const auto authority = read_authority(url);
  if (!authority) return refuse("must have a path after the host");
  if (!is_host_name(authority->host))
    return refuse("must name a host in lower case, no address, user or escape");
  if (!is_port(authority->port)) return refuse("must have a port between 1 and 65535 or none");
  if (!policy.allows(authority->host, authority->port))
    return refuse("is not at a known push service");
  return Endpoint{std::string(url), origin_length(*authority)};
}

Endpoint Endpoint::trusted(std::string url) {
  const auto authority = url.starts_with(kScheme) ? read_authority(url) : std::nullopt;
  const auto length = authority ? origin_length(*authority) : url.size();
  return Endpoint{std::move(url), length};
}

std::string_view Endpoint::host() const noexcept {
  auto host = origin();
  host.remove_prefix(std::min(kScheme.size(), host.size()));
  return host.substr(0, host.find(':'));
}

}  // namespace lamppost::webpush
