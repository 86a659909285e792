#pragma once
// What an owner may want to think over before a message is sent. None of it is an error.

#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/core/campaign_store.h"
#include "lib/core/subscription.h"

namespace lamppost::core {

struct Warning {
  std::string code;   // too_long, firefox_android, no_link, shouting, no_audience, same_as_recent
  std::string field;  // the member of the message
  std::string message;
};

/// given   the message, whose members have been read and are right
/// bytes   of its payload
/// recent  campaigns of the last 24 h, the newest first
std::vector<Warning> find_warnings(const json::Object& given, std::size_t bytes,
                                   const AudienceCount&, const std::vector<Campaign>& recent);

}  // namespace lamppost::core
