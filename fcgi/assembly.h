#pragma once
// THE composition root: which adapters stand behind the ports.

#include "fcgi/config.h"
#include "lib/base/clock.h"
#include "lib/core/link.h"
#include "lib/core/notification.h"
#include "lib/curl/push_client.h"
#include "lib/mysql/campaigns.h"
#include "lib/mysql/session.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/vapid_keys.h"
#include "lib/web/api.h"
#include "lib/webpush/endpoint.h"
#include "lib/webpush/vapid.h"

namespace lamppost {

enum class Role { Public, Admin };

/// What both pools and the command line need of the configuration. Throws Failure: a password file
/// that cannot be read.
mysql::Login make_login(const Config&, Role);
webpush::EndpointPolicy make_policy(const Config&);
core::Site make_site(const Config&);
core::NotificationDefaults make_defaults(const Config&);
curl::Settings make_push_settings(const Config&);

/// The private key in vapid_key_file. Throws Failure, with what to do, if there is none to be had.
crypto::KeyPair load_vapid_key(const Config&);

/// Throws Failure, with both keys, unless `held` is the public half that browsers are given.
void require_current_key(const Config&, core::VapidKeyStore&, const crypto::Point& held);

/// What can take subscriptions: no network, no private key.
class Desk {
 public:
  Desk(const Config&, Role);

  mysql::Session session;
  mysql::Subscriptions subscriptions{session};
  mysql::VapidKeys vapid_keys{session};
  SystemClock clock;
  webpush::EndpointPolicy policy;
  core::Site site;
};

/// What can send as well.
class SendingDesk : public Desk {
 public:
  explicit SendingDesk(const Config&);

  mysql::Campaigns campaigns{session};
  curl::PushClient push;
  webpush::VapidKeys vapid;
};

/// The campaigns of a pool. A person waits for the creation of one and is told within 3 s that the
/// database is away; its end, with everything sent, is worth the patience of `patient`.
class PoolCampaigns final : public core::CampaignStore {
 public:
  PoolCampaigns(const Config&, core::CampaignStore& patient);

  CampaignId create(const core::NewCampaign& campaign, Time now) override {
    return quick_.create(campaign, now);
  }
  void set_state(CampaignId id, core::CampaignState state, Time now) override {
    patient_.set_state(id, state, now);
  }

 private:
  mysql::Session session_;
  mysql::Campaigns quick_{session_};
  core::CampaignStore& patient_;
};

}  // namespace lamppost
