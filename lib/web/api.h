#pragma once
// THE route tables: what each pool answers to, and what it needs for that.

#include <string>

#include "lib/base/clock.h"
#include "lib/core/click_link.h"
#include "lib/core/click_store.h"
#include "lib/core/errand.h"
#include "lib/core/event_store.h"
#include "lib/core/identity.h"
#include "lib/core/link.h"
#include "lib/core/notification.h"
#include "lib/core/preference.h"
#include "lib/core/recent.h"
#include "lib/core/segment.h"
#include "lib/core/shard_run.h"
#include "lib/core/subscription.h"
#include "lib/core/topic.h"
#include "lib/core/vapid_key_store.h"
#include "lib/web/router.h"
#include "lib/webpush/endpoint.h"

namespace lamppost::web {

struct PublicPorts {  // nothing here can send, or knows a private key
  core::SubscriptionStore& subscriptions;
  core::PreferenceStore& preferences;
  core::TopicStore& topics;
  core::RecentStore& recent;
  const core::Identity& identity;
  core::VapidKeyStore& vapid_keys;
  Clock& clock;
  const webpush::EndpointPolicy& policy;
  const core::Site& site;
  std::string site_name;
  core::ErrandStore& errands;
  core::EventStore& events;
  bool welcome;        // new subscribers
  bool report_events;  // of browsers are taken
  core::ClickStore& clicks;
  const core::ClickLinks& click_links;
  bool click_counting;  // or redirected only
};

struct AdminPorts {
  core::SendingPorts sending;
  core::CampaignStore& campaigns;  // the same ones, by a way that does not wait long
  core::TopicStore& topics;
  core::SegmentStore& segments;
  core::ClickStore& clicks;
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
