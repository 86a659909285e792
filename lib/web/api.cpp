#include "lib/web/api.h"

#include "lib/web/campaign_control.h"
#include "lib/web/campaigns.h"
#include "lib/web/clicks.h"
#include "lib/web/errands.h"
#include "lib/web/events.h"
#include "lib/web/mine.h"
#include "lib/web/preview.h"
#include "lib/web/segments.h"
#include "lib/web/site.h"
#include "lib/web/subscriptions.h"
#include "lib/web/topics.h"
#include "lib/web/trigger.h"

namespace lamppost::web {
namespace {

// A handler that needs nothing of the path but itself.
template <class Ports>
Handler with(Ports ports, Response (*handle)(const Request&, const Ports&)) {
  return [ports, handle](const Request& request, const Parts&) { return handle(request, ports); };
}

template <class Ports>
Handler with(Ports ports, Response (*handle)(const Request&, const Parts&, const Ports&)) {
  return [ports, handle](const Request& request, const Parts& parts) {
    return handle(request, parts, ports);
  };
}

}  // namespace

Router make_public_api(const PublicPorts& ports) {
  Router api({.site_origin = ports.site.origin, .max_body = kMaxPublicBody});
  api.add(Method::Get, "/api/config", with(ports, show_config));
  api.add(Method::Get, "/api/health", with(ports, show_health));
  api.add(Method::Post, "/api/push-subscriptions", with(ports, subscribe));
  api.add(Method::Delete, "/api/push-subscriptions", with(ports, unsubscribe));
  api.add(Method::Patch, "/api/push-subscriptions", with(ports, change_mine));
  api.add(Method::Post, "/api/push-subscriptions/mine", with(ports, show_mine));
  api.add(Method::Post, "/api/push-subscriptions/test", with(ports, ask_for_test));
  api.add(Method::Post, "/api/events", with(ports, report_event));
  api.add(Method::Get, "/api/c/{}", with(ports, follow_click));
  return api;
}

Router make_admin_api(const AdminPorts& ports) {
  Router api({.site_origin = ports.site.origin, .max_body = kMaxAdminBody, .login_needed = true});
  api.add(Method::Get, "/api/admin/me", with(ports, show_login));
  api.add(Method::Post, "/api/admin/campaigns", with(ports, create_campaign));
  api.add(Method::Get, "/api/admin/campaigns", with(ports, list_campaigns));
  api.add(Method::Get, "/api/admin/campaigns/{}", with(ports, show_campaign));
  api.add(Method::Post, "/api/admin/campaigns/{}/send", with(ports, start_campaign));
  api.add(Method::Post, "/api/admin/campaigns/{}/pause", with(ports, pause_campaign));
  api.add(Method::Post, "/api/admin/campaigns/{}/resume", with(ports, resume_campaign));
  api.add(Method::Post, "/api/admin/campaigns/{}/cancel", with(ports, cancel_campaign));
  api.add(Method::Post, "/api/admin/campaigns/{}/retry", with(ports, retry_campaign));
  api.add(Method::Post, "/api/admin/preview", with(ports, preview));
  api.add(Method::Get, "/api/admin/segments", with(ports, list_segments));
  api.add(Method::Put, "/api/admin/segments", with(ports, replace_segments));
  api.add(Method::Get, "/api/admin/topics", with(ports, list_topics));
  api.add(Method::Put, "/api/admin/topics", with(ports, replace_topics));
  api.add(Method::Post, "/admin-api/trigger-push-notifications", with(ports, trigger));
  return api;
}

}  // namespace lamppost::web
