#pragma once
// What time it is for the database.

#include "lib/mysql/session.h"

namespace lamppost::mysql {

Time server_time(Session&);

}  // namespace lamppost::mysql
