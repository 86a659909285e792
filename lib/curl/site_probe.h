#pragma once
// Asks our own site, as a browser would, whether it is there. For the doctor; never for a URL that
// a stranger gave.

#include <optional>
#include <string>

namespace lamppost::curl {

struct Probe {
  std::optional<int> status;  // none: no HTTP answer
  std::string detail;         // the transport's error then
};

/// GET, without following redirects, within 5 s. The body is thrown away.
Probe probe_site(const std::string& url);

}  // namespace lamppost::curl
