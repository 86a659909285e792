#pragma once
// The admin API over stores in memory and scripted push services.

#include "lib/web/api.h"
#include "tests/core/sending.h"
#include "tests/fakes/memory_campaign_store.h"
#include "tests/web/answers.h"

namespace lamppost::testing {

struct AdminDesk {
  Sending sending;
  fakes::MemoryCampaignStore campaigns;
  const core::Site site{.origin = "https://site.example", .click_origins = {}};
  bool stopped = false;
  const web::Router api = web::make_admin_api({.subscriptions = sending.subscriptions,
                                               .campaigns = campaigns,
                                               .push = sending.push,
                                               .vapid = sending.vapid,
                                               .clock = sending.clock,
                                               .policy = sending.policy,
                                               .site = site,
                                               .defaults = {.ttl = Seconds{600}, .icon = ""},
                                               .version = "1.2.3",
                                               .stop = [this] { return stopped; }});

  AdminDesk() = default;
  AdminDesk(const AdminDesk&) = delete;  // the API knows where its parts are
  AdminDesk& operator=(const AdminDesk&) = delete;

  web::Response ask(web::Method method, std::string path, std::string body = "",
                    std::string accept = "") const {
    auto asked = request(method, std::move(path), std::move(body));
    asked.owner = "anna";
    if (!accept.empty()) asked.headers["accept"] = std::move(accept);
    return api.answer(asked);
  }
  web::Response create(std::string body, std::string accept = "") const {
    return ask(web::Method::Post, "/api/admin/campaigns", std::move(body), std::move(accept));
  }
  web::Response trigger(std::string body) const {
    return ask(web::Method::Post, "/admin-api/trigger-push-notifications", std::move(body));
  }

  /// Nothing was kept and nothing sent.
  bool is_untouched() const { return campaigns.rows().empty() && sending.push.requests().empty(); }
};

}  // namespace lamppost::testing
