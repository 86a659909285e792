#pragma once
// The configuration as the desk shows it: each key with what it means.

#include <vector>

#include "fcgi/config.h"
#include "lib/core/installation.h"

namespace lamppost {

/// Every key that a file may set, in its order. Holds no secret: those are in files of their own.
std::vector<core::Setting> settings(const Config&);

}  // namespace lamppost
