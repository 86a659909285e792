#pragma once
// THE composition root: which adapters stand behind the ports.

#include "fcgi/config.h"
#include "lib/base/clock.h"
#include "lib/core/errand_message.h"
#include "lib/core/identity.h"
#include "lib/core/link.h"
#include "lib/core/notification.h"
#include "lib/curl/push_client.h"
#include "lib/mysql/campaigns.h"
#include "lib/mysql/census.h"
#include "lib/mysql/chores.h"
#include "lib/mysql/clicks.h"
#include "lib/mysql/daily.h"
#include "lib/mysql/drafts.h"
#include "lib/mysql/errands.h"
#include "lib/mysql/events.h"
#include "lib/mysql/images.h"
#include "lib/mysql/preferences.h"
#include "lib/mysql/push_services.h"
#include "lib/mysql/recent.h"
#include "lib/mysql/roster.h"
#include "lib/mysql/segments.h"
#include "lib/mysql/session.h"
#include "lib/mysql/shards.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/topics.h"
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
core::NotificationDefaults make_defaults(const Config&);  // also as make_click_links
core::ErrandWords make_words(const Config&);
curl::Settings make_push_settings(const Config&);

/// With the secret in click_secret_file; without one, none are made. Throws Failure as
/// make_identity.
core::ClickLinks make_click_links(const Config&);

/// Throws Failure: identity_secret_file cannot be read, or what it holds is too short.
core::Identity make_identity(const Config&);

/// The private key in vapid_key_file. Throws Failure, with what to do, if there is none to be had.
crypto::KeyPair load_vapid_key(const Config&);

/// Throws Failure, with both keys, unless `held` is the public half that browsers are given.
void require_current_key(const Config&, core::VapidKeyStore&, const crypto::Point& held);

/// What can take subscriptions: no network, no private key. A person or a page waits for each of
/// its answers, so that it is told within 3 s that the database is away.
class Desk {
 public:
  Desk(const Config&, Role);

  mysql::Session session;
  mysql::Subscriptions subscriptions{session};
  mysql::Preferences preferences{session};
  mysql::Topics topics{session};
  mysql::Recent recent{session};
  mysql::Roster roster{session};
  mysql::VapidKeys vapid_keys{session};
  mysql::Errands errands{session};
  mysql::Events events{session};
  mysql::Clicks clicks{session};
  mysql::Images images{session};
  mysql::Drafts drafts{session};
  SystemClock clock;
  webpush::EndpointPolicy policy;
  core::Site site;
};

/// What can send as well, over a session of its own that waits longer: what is sent is worth it.
class SendingDesk : public Desk {
 public:
  explicit SendingDesk(const Config&);

  core::SendingPorts ports() {
    return {patient_subscriptions, patient_campaigns, shards, services, push, vapid, policy, clock};
  }

  mysql::Campaigns campaigns{session};
  mysql::Segments segments{session};
  mysql::Chores chores{session};
  mysql::Census census{session};
  mysql::Daily daily{session};
  mysql::Session patient_session;
  mysql::Subscriptions patient_subscriptions{patient_session};
  mysql::Campaigns patient_campaigns{patient_session};
  mysql::Shards shards{patient_session};
  mysql::PushServices services{patient_session};
  curl::PushClient push;
  webpush::VapidKeys vapid;
};

}  // namespace lamppost
