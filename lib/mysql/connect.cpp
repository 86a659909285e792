#include "lib/mysql/connect.h"

#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <algorithm>

#include "lib/base/failure.h"
#include "lib/mysql/fault.h"

namespace lamppost::mysql {
namespace {

// Options that Connector/C++ does not know are ignored without a word: contract tests prove these.
// OPT_RECONNECT stays off, it would lose the settings below and the prepared statements in silence.
sql::ConnectOptionsMap to_options(const Login& login) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(login.url);
  options["schema"] = sql::SQLString(login.database);
  options["userName"] = sql::SQLString(login.user);
  options["password"] = sql::SQLString(login.password);
  options["OPT_CONNECT_TIMEOUT"] = static_cast<int>(login.connect_timeout.count());
  options["OPT_READ_TIMEOUT"] = static_cast<int>(login.answer_timeout.count());
  options["OPT_WRITE_TIMEOUT"] = static_cast<int>(login.answer_timeout.count());
  options["OPT_LOCAL_INFILE"] = 0;
  if (!login.tls_ca.empty()) {
    options["sslCA"] = sql::SQLString(login.tls_ca);
    options["sslVerify"] = true;  // without it a server that has no TLS is talked to in plain text
  }
  return options;
}

void require_encryption(sql::Connection& connection) {
  const std::unique_ptr<sql::Statement> statement{connection.createStatement()};
  const std::unique_ptr<sql::ResultSet> status{
      statement->executeQuery("SHOW STATUS LIKE 'Ssl_cipher'")};
  if (!status->next() || status->getString(2).length() == 0)
    throw StoreFailure("database: the connection is not encrypted, though database_tls_ca is set");
}

// Locks are waited for no longer than half of the client's patience, so that the server's answer
// about them arrives before the client hangs up; never longer than 5 s.
int lock_wait(const Login& login) {
  return static_cast<int>(std::clamp<Seconds::rep>(login.answer_timeout.count() / 2, 1, 5));
}

// A node of a Galera cluster may be behind: what was committed on another, and told to somebody, is
// not there yet. A campaign that was made a moment ago would not be found, whoever has subscribed
// be left out of it, and an unsubscription find nobody. So SELECT (1) and UPDATE and DELETE (2)
// wait until the node has taken in what was committed before them. INSERT need not: the unique keys
// are those of the whole cluster. Without a cluster it has no effect; MySQL does not know it.
void wait_for_other_nodes(sql::Statement& statement) {
  constexpr int kUnknownVariable = 1193;
  try {
    statement.execute("SET SESSION wsrep_sync_wait = 3");
  } catch (const sql::SQLException& refusal) {
    if (refusal.getErrorCode() != kUnknownVariable) throw;
  }
}

void apply_settings(sql::Connection& connection, const Login& login) {
  const std::unique_ptr<sql::Statement> statement{connection.createStatement()};
  statement->execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
  // The connector itself asks for REPEATABLE READ when it connects.
  statement->execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  const auto seconds = std::to_string(lock_wait(login));
  statement->execute(
      "SET SESSION autocommit = 1, SESSION sql_mode ="
      " 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',"
      " SESSION innodb_lock_wait_timeout = " +
      seconds + ", SESSION lock_wait_timeout = " + seconds);
  wait_for_other_nodes(*statement);
}

}  // namespace

std::unique_ptr<sql::Connection> connect(const Login& login) {
  try {
    auto options = to_options(login);
    std::unique_ptr<sql::Connection> connection{
        sql::mysql::get_driver_instance()->connect(options)};
    if (!login.tls_ca.empty()) require_encryption(*connection);
    apply_settings(*connection, login);
    return connection;
  } catch (const sql::SQLException& refusal) {
    throw StoreFailure(to_reason(refusal.getErrorCode(), refusal.what()));
  }
}

}  // namespace lamppost::mysql
