#pragma once
// The database that the contract suites run against, which tests/rig/with_mariadb.sh brings up.

#include <string>

#include "lib/base/failure.h"
#include "lib/mysql/session.h"

namespace lamppost::contract {

/// From LAMPPOST_TEST_DATABASE, _NAME and _USER, which main() has looked at. May do everything.
mysql::Login login();

/// The server's process, from LAMPPOST_TEST_DATABASE_PID.
int server_pid();

/// The one number that a SELECT gives.
std::uint64_t number(mysql::Session&, const std::string& select);
/// The one text that a SELECT gives.
std::string text(mysql::Session&, const std::string& select);

/// The server's number of a session's connection.
std::uint64_t connection_of(mysql::Session&);

/// How many rows and index entries the server has looked at for this session.
std::uint64_t rows_looked_at(mysql::Session&);
/// How many rows and index entries the server looks at for what `work` asks it by this session.
template <class Work>
std::uint64_t rows_looked_at(mysql::Session& session, const Work& work) {
  // Counted with the looking itself, which is the same each time.
  const auto before = rows_looked_at(session);
  const auto looking = rows_looked_at(session) - before;
  work();
  return rows_looked_at(session) - before - 2 * looking;
}

/// The reason of the StoreFailure that `work` throws; empty if it throws none.
template <class Work>
std::string failure_of(const Work& work) {
  try {
    work();
  } catch (const StoreFailure& failure) {
    return failure.what();
  }
  return {};
}

class OwnDatabase {  // empty, beside the others, and dropped with this
 public:
  OwnDatabase();
  ~OwnDatabase();
  OwnDatabase(const OwnDatabase&) = delete;
  OwnDatabase& operator=(const OwnDatabase&) = delete;

  mysql::Login login() const;

 private:
  std::string name_;
  mysql::Session administrator_;
};

}  // namespace lamppost::contract
