#pragma once
// Brings the database's schema to this program's version. Any number may try at once, on any number
// of hosts and Galera nodes: one row of `schema_version` per file is the turn and its record.
//
//   no row ──INSERT──> being applied (owner, lease) ──every statement──> applied (applied_at)
//                          │      ^
//                          └──────┘ the lease ran out: its owner died, the next one begins the file
//                                   again, since every statement of a file is safe to repeat

#include <span>

#include "lib/base/clock.h"
#include "lib/mysql/login.h"
#include "lib/mysql/schema_files.h"
#include "lib/mysql/session.h"

namespace lamppost::mysql {

struct Migration {
  std::uint32_t from;  // 0: there was nothing
  std::uint32_t to;
};

/// Applies those of `files` that are missing, or waits for another who does; then it says what that
/// one found. The login needs the right to define tables. Throws StoreFailure: a statement
/// was refused (what came before stays, a later call goes on), the database is away, or its schema
/// is newer than `files`.
Migration migrate(Login, std::span<const SchemaFile> files, Clock&);

/// The version up to which the schema is applied; 0 if nothing ever was. Throws StoreFailure.
std::uint32_t schema_version(Session&);

}  // namespace lamppost::mysql
