#include "lib/web/clicks.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

#include <algorithm>
#include <array>

namespace lamppost::web {
namespace {

// A path may be UTF-8, a header may not.
std::string ascii_url(std::string_view url) {
  std::string text;
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += '%';
      text += "0123456789ABCDEF"[byte >> 4];
      text += "0123456789ABCDEF"[byte & 0xf];
    }
  }
  return text;
}

Response redirect(std::string_view url) {
  Response response{.status = 302, .type = "text/plain", .headers = {}, .body = {}, .stream = {}};
  response.headers.emplace_back("Location", ascii_url(url));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response no_such_link() {
  Response response{.status = 404,
                    .type = "text/plain; charset=utf-8",
                    .headers = {},
                    .body = "This link is not one of ours, or it is not whole.\n",
                    .stream = {}};
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// "Googlebot", "crawler", previews of messengers. Cubot makes phones.
bool is_program(std::string_view user_agent) {
  constexpr std::array<std::string_view, 7> kWords{"crawl",   "spider", "slurp", "facebookexternal",
                                                   "preview", "curl/",  "wget"};
  const auto agent = lower_case(user_agent);
  const auto holds = [&](std::string_view word) { return agent.find(word) != std::string::npos; };
  for (auto at = agent.find("bot"); at != std::string::npos; at = agent.find("bot", at + 1))
    if (at < 2 || agent.compare(at - 2, 2, "cu") != 0) return true;
  return std::ranges::any_of(kWords, holds);
}

}  // namespace

bool is_click(const Request& request) {
  if (request.is_head) return false;
  for (const auto* header : {"sec-purpose", "purpose", "x-purpose", "x-moz"}) {
    const auto purpose = lower_case(request.header(header));
    if (purpose.starts_with("pre")) return false;  // prefetch, prefetch;prerender, preview
  }
  return !is_program(request.header("user-agent"));
}

Response follow_click(const Request& request, const Parts& parts, const PublicPorts& ports) {
  const auto named = ports.click_links.check(parts[0]);
  if (!named) return no_such_link();
  std::optional<core::ClickStore::Destination> destination;
  try {
    destination = ports.clicks.find(named->message, named->action);
    if (!destination) return no_such_link();
    if (ports.click_counting && destination->campaign && is_click(request))
      ports.clicks.count(*destination->campaign, named->action, ports.clock.now());
  } catch (const StoreFailure& failure) {
    log::error("click_not_counted", {{"reason", failure.what()}});
  }
  return redirect(destination ? destination->url : ports.site.origin + '/');
}

}  // namespace lamppost::web
