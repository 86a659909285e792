#pragma once
// What was sent to one subscriber lately, in the words of the API.

#include "lib/base/json.h"
#include "lib/core/recent.h"

namespace lamppost::web {

/// [{"title", "at", "fate"}], the newest first.
json::Array recent_json(const std::vector<core::RecentMessage>&);

}  // namespace lamppost::web
