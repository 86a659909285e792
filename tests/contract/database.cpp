#include "tests/contract/database.h"

#include <cstdlib>

namespace lamppost::contract {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string next_name() {
  static int made = 0;
  return variable("LAMPPOST_TEST_DATABASE_NAME") + "_" + std::to_string(++made);
}

}  // namespace

mysql::Login login() {
  return {.url = variable("LAMPPOST_TEST_DATABASE"),
          .database = variable("LAMPPOST_TEST_DATABASE_NAME"),
          .user = variable("LAMPPOST_TEST_DATABASE_USER")};
}

int server_pid() { return std::stoi(variable("LAMPPOST_TEST_DATABASE_PID")); }

// The select lives until the call's end, shorter than the session: not by read(), which keeps it.
std::uint64_t number(mysql::Session& session, const std::string& select) {
  return std::stoull(text(session, select));
}

std::string text(mysql::Session& session, const std::string& select) {
  static constexpr std::string_view kKept = "SELECT @lamppost_kept";
  session.execute("SET @lamppost_kept = (" + select + ")");
  std::string found;
  session.read(kKept, {}, [&](const mysql::Row& row) { found = row.text(0); });
  return found;
}

std::uint64_t connection_of(mysql::Session& session) {
  std::uint64_t id = 0;
  session.read("SELECT CONNECTION_ID()", {}, [&](const mysql::Row& row) { id = row.number(0); });
  return id;
}

std::uint64_t rows_looked_at(mysql::Session& session) {
  return number(session,
                "SELECT CAST(SUM(variable_value) AS UNSIGNED) FROM"
                " information_schema.session_status WHERE variable_name LIKE 'handler\\_read\\_%'");
}

OwnDatabase::OwnDatabase() : name_(next_name()), administrator_(contract::login()) {
  administrator_.execute("DROP DATABASE IF EXISTS " + name_);
  administrator_.execute("CREATE DATABASE " + name_);
}

OwnDatabase::~OwnDatabase() { administrator_.execute("DROP DATABASE " + name_); }

mysql::Login OwnDatabase::login() const {
  auto login = contract::login();
  login.database = name_;
  return login;
}

}  // namespace lamppost::contract
