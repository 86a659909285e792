#pragma once
// The call that the tutorial's admin form makes.

#include "lib/web/api.h"

namespace lamppost::web {

/// POST /admin-api/trigger-push-notifications {"title", "body"}: sends to everybody and answers
/// {"status":"success","result":[true,false,...]}, one per subscription in the order of their ids;
/// true: accepted within this request; what is not settled then goes on. When it breaks off the
/// answer ends in the middle, which no JSON reader takes for the whole.
Response trigger(const Request&, const Parts&, const AdminPorts&);

}  // namespace lamppost::web
