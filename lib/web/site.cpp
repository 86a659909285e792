#include "lib/web/site.h"

#include "lib/base/base64url.h"

namespace lamppost::web {
namespace {

constexpr std::string_view kNoKey =
    "There is no VAPID key yet: the site's owner must run `lamppost keys new`";

}  // namespace

Response show_config(const Request&, const PublicPorts& ports) {
  const auto key = ports.vapid_keys.current();
  if (!key) return unavailable(kNoKey);
  json::Array origins(ports.site.click_origins.begin(), ports.site.click_origins.end());
  return answer(200, json::Object{{"vapid_public_key", encode_base64url(key->point)},
                                  {"site", ports.site_name},
                                  {"topics", core::to_json(ports.topics.list())},
                                  {"click_origins", std::move(origins)},
                                  {"report_events", ports.report_events},
                                  {"identify", ports.identity.is_set_up()},
                                  {"welcome", ports.welcome}});
}

Response show_health(const Request&, const PublicPorts& ports) {
  if (!ports.vapid_keys.current()) return unavailable(kNoKey);
  return answer(200, json::Object{{"status", "ok"}});
}

Response show_login(const Request& request, const AdminPorts& ports) {
  return answer(200, json::Object{{"name", request.owner}, {"version", ports.version}});
}

}  // namespace lamppost::web
