#pragma once
// Opens a connection and makes it ours: encrypted if asked, strict, read committed, autocommit.

#include <memory>

#include "lib/mysql/login.h"

namespace sql {
class Connection;
}

namespace lamppost::mysql {

/// Throws StoreFailure: not there, no access, not encrypted though `tls_ca` is set.
std::unique_ptr<sql::Connection> connect(const Login&);

}  // namespace lamppost::mysql
