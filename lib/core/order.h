#pragma once
// From a message as its owner gave it to a campaign that can be stored: one way for the API, the
// tutorial's call and the command line.

#include <string>

#include "lib/base/json.h"
#include "lib/core/campaign_store.h"
#include "lib/core/delivery.h"
#include "lib/core/link.h"
#include "lib/core/notification.h"

namespace lamppost::core {

/// Reads the message and makes what is pushed; `scheduled` if it is for later. The members "send"
/// and "force" say what to do with it and are no part of it. Error: as parse_notification and
/// make_message.
Result<NewCampaign> order_campaign(const json::Object& given, const Site&,
                                   const NotificationDefaults&, std::string owner, const Delivery&);

/// Puts links that are counted in the place of the notification's own, if they are made at all.
/// Returns  where the links lead that were there
std::vector<ClickTarget> count_clicks(Notification&, const MessageId&, const Site&,
                                      const ClickLinks&);

}  // namespace lamppost::core
