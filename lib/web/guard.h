#pragma once
// What is asked of every request that changes something, before its handler: that no foreign page
// sent it with a visitor's or the owner's browser, and that it is of a fitting type and size.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/web/request.h"
#include "lib/web/response.h"

namespace lamppost::web {

struct Intake {                      // what bodies a route takes
  std::vector<std::string> types{};  // none: JSON
  std::size_t max_body;              // bytes
};

/// None for GET and for what may pass; otherwise 403 `cross_site`, 413 `too_large` or 415
/// `bad_content_type`. A browser says by Sec-Fetch-Site, or else by Origin, who asks; a script
/// sends neither and passes, since no page can make a browser leave both out.
std::optional<Response> refuse(const Request&, std::string_view site_origin, const Intake&);

}  // namespace lamppost::web
