#pragma once
// Taking and ending subscriptions: the two calls that any visitor's browser may make.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /api/push-subscriptions, in three shapes: {"subscription_json": text of toJSON()}, the bare
/// toJSON() object, or {"subscription": {...}, "language", "timezone", "key", "replaces"}.
/// 201 new, 200 known: {"status":"success","result":{"id","subscription_json"}}.
Response subscribe(const Request&, const PublicPorts&);

/// DELETE /api/push-subscriptions {"endpoint"}: 200 whether it was there or not, so that it tells
/// nobody anything.
Response unsubscribe(const Request&, const PublicPorts&);

}  // namespace lamppost::web
