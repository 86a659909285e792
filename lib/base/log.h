#pragma once
// One JSON object a line on stderr. Never a key, token, auth secret, payload or whole endpoint.

#include <string_view>

#include "lib/base/json.h"

namespace lamppost::log {

/// {"time":"2026-11-24T16:30:00Z","level":"warning","event":"...", ...fields}. A log that cannot be
/// written is not worth stopping for.
void warning(std::string_view event, json::Object fields);
void error(std::string_view event, json::Object fields);
void notice(std::string_view event, json::Object fields);

}  // namespace lamppost::log
