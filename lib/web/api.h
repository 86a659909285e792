#pragma once
// THE route tables: what each pool answers to, and what it needs for that.

#include <string>

#include "lib/base/clock.h"
#include "lib/core/link.h"
#include "lib/core/notification.h"
#include "lib/core/shard_run.h"
#include "lib/core/subscription.h"
#include "lib/core/vapid_key_store.h"
#include "lib/web/router.h"
#include "lib/webpush/endpoint.h"

namespace lamppost::web {

struct PublicPorts {  // nothing here can send, or knows a private key
  core::SubscriptionStore& subscriptions;
  core::VapidKeyStore& vapid_keys;
  Clock& clock;
  const webpush::EndpointPolicy& policy;
  const core::Site& site;
  std::string site_name;
};

struct AdminPorts {
  core::SendingPorts sending;
  core::CampaignStore& campaigns;  // the same ones, by a way that does not wait long
  const core::Site& site;
  core::NotificationDefaults defaults;
  std::string version;
  StopCheck stop;
};

constexpr std::size_t kMaxPublicBody = 16 * 1024;
constexpr std::size_t kMaxAdminBody = 64 * 1024;

/// The ports are kept by reference and must outlive the router.
Router make_public_api(const PublicPorts&);
Router make_admin_api(const AdminPorts&);

}  // namespace lamppost::web
