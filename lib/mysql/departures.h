#pragma once
// Counts who leaves, in table `departure`. Of the person nothing stays.

#include <span>
#include <string>

#include "lib/mysql/session.h"

namespace lamppost::mysql {

struct Departure {
  Time joined_at;
  std::string service;
};

/// Notes that these have left just now, by the server's clock. After the subscriptions themselves
/// are deleted: of many who delete the same one, the one that did counts it. A crash between the
/// two leaves one that nobody has counted, and none that is counted twice or is still there.
void note_departures(Session&, std::span<const Departure>);

}  // namespace lamppost::mysql
