#pragma once
// What a subscriber may see, change and erase of what is held about it. There is no login: whoever
// knows the endpoint and the auth secret holds the subscription (PRODUCT, 3).

#include <optional>

#include "lib/core/members.h"
#include "lib/web/api.h"

namespace lamppost::web {

/// The subscriber named by the members "endpoint" and "auth". None: the members are refused, or
/// nobody is known by both.
std::optional<core::Subscriber> find_holder(core::Members&, core::PreferenceStore&);

/// What is told when find_holder() gives none: 400, or 404 `not_found`, which does not say whether
/// the endpoint is known.
Response no_holder(const core::Members&);

/// PATCH /api/push-subscriptions {"endpoint", "auth", ...}: what is given is changed; answers as
/// show_mine.
Response change_mine(const Request&, const PublicPorts&);

/// POST /api/push-subscriptions/mine {"endpoint", "auth"}: all that is held of this subscription.
/// With "delete": true it is erased, with "delete": "devices" all of the same user.
Response show_mine(const Request&, const PublicPorts&);

}  // namespace lamppost::web
