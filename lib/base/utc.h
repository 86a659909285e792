#pragma once
// Times as people and programs write them (ISO 8601), in UTC only.

#include <optional>
#include <string_view>

#include "lib/base/clock.h"

namespace lamppost {

/// "2026-12-24T18:30Z" or "2026-12-24T18:30:15Z". None: another form, or no such day or time.
std::optional<Time> parse_utc(std::string_view text);

}  // namespace lamppost
