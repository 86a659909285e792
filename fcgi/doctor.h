#pragma once
// What is wrong with this installation, one check after the other.

#include <string>
#include <vector>

#include "fcgi/config.h"

namespace lamppost {

struct Finding {
  std::string check;  // "database"
  bool good;
  std::string detail;  // what was seen; of a fault also what to do
};

/// Looks at database, schema, key, clicks, sockets and site, in this order, each for itself.
std::vector<Finding> examine(const Config&);

}  // namespace lamppost
