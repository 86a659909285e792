#pragma once
// URLs that a message may carry: where a click goes, and where pictures come from. A push message
// must never become a way to send people where the site's owner has not agreed to.

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace lamppost::core {

constexpr std::size_t kMaxLink = 2000;  // bytes

struct Site {
  std::string origin;                      // "https://news.example", no slash at its end
  std::vector<std::string> click_origins;  // foreign https origins that a click may open
};

/// An origin as configured: `https://host[:port]`, or `http://localhost[:port]` where one tries
/// things out. Error (no field): anything else, a path, a slash at the end, upper case, the
/// scheme's own port.
Result<std::string> parse_origin(std::string_view text);

/// The absolute URL of a click target: a path on our own origin ("/news/7"), a URL on it, or one at
/// a listed origin. Error (no field): any other scheme or origin, control characters, spaces, a
/// backslash, more than kMaxLink bytes.
Result<std::string> parse_click_target(std::string_view text, const Site&);

/// The absolute URL of an icon, image or badge: on our own origin or at any https origin.
Result<std::string> parse_picture(std::string_view text, const Site&);

}  // namespace lamppost::core
