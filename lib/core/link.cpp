#include "lib/core/link.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lamppost::core {
namespace {

bool is_odd(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7f ||
         std::string_view("\\\"<>^`{|}").find(c) != std::string_view::npos;
}

// The origin that a URL begins with ("https://host:port"), none if its scheme is not http(s).
std::optional<std::string_view> origin_of(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    return url.substr(0, std::min(url.find_first_of("/?#", scheme.size()), url.size()));
  }
  return std::nullopt;
}

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && text.front() != '0' &&
         number <= 65535;
}

bool is_host_and_port(std::string_view text) {
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  if (host.empty() || !std::ranges::all_of(host, fits)) return false;
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

Result<std::string> parse_link(std::string_view text, const Site& site, bool any_https,
                               const char* what_is_right) {
  if (text.empty()) return Error{"", "must not be empty"};
  if (text.size() > kMaxLink)
    return Error{"", "must be at most " + std::to_string(kMaxLink) + " bytes"};
  if (std::ranges::any_of(text, is_odd))
    return Error{"",
                 "must not contain spaces, control characters, backslashes or any of \"<>^`{|}"};
  // "//host" would leave our origin.
  if (text.starts_with('/') && !text.starts_with("//")) return site.origin + std::string(text);
  const auto origin = origin_of(text);
  if (origin == site.origin) return std::string(text);
  const bool https = origin && origin->starts_with("https://") &&
                     is_host_and_port(origin->substr(std::string_view("https://").size()));
  if (https && (any_https || std::ranges::count(site.click_origins, *origin) > 0))
    return std::string(text);
  return Error{"", what_is_right};
}

}  // namespace

Result<std::string> parse_origin(std::string_view text) {
  const auto origin = origin_of(text);
  if (origin && *origin == text) {
    const auto authority = text.substr(text.find("//") + 2);
    const bool local = authority == "localhost" || authority.starts_with("localhost:");
    const bool https = text.starts_with("https://");
    // Browsers leave the scheme's own port out, so that what they send would never equal it.
    const bool named_in_vain = authority.ends_with(https ? ":443" : ":80");
    if (is_host_and_port(authority) && (https || local) && !named_in_vain) return std::string(text);
  }
  return Error{"",
               "must be an origin such as https://www.example.com, in lower case and without a "
               "path or the port that goes without saying (http only for localhost)"};
}

Result<std::string> parse_click_target(std::string_view text, const Site& site) {
  return parse_link(text, site, false,
                    "must be a path on this site such as /news, or an https URL at this site or at "
                    "an origin listed in click_origins");
}

Result<std::string> parse_picture(std::string_view text, const Site& site) {
  return parse_link(text, site, true, "must be a path on this site or an https URL");
}

}  // namespace lamppost::core
