#pragma once
// One connection to the database and its prepared statements, as one unit: what is lost is lost
// together. Knows no table. Every statement is autocommit; there are no transactions, since
// Connector/C++ hides a failed commit() and rollback().
//
//        first use                      lost, idle for long, read-only
//   none ─────────> open ── statements ──────────────────────────────> none
//
// A process makes its session after fork(), never before: two must not share a connection.

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/mysql/login.h"
#include "lib/mysql/row.h"
#include "lib/mysql/value.h"

namespace sql {
class Connection;
class PreparedStatement;
}  // namespace sql

namespace lamppost::mysql {

// When the connection is lost, nobody knows whether the statement on its way took effect.
enum class Repeat {
  Safe,   // twice has the effect of once: it is run again on a new connection
  Never,  // told as a StoreFailure
};

struct Statement {  // constexpr, beside its one use; statements are kept prepared by their text
  std::string_view text;
  Repeat repeat;
};

class Session {
 public:
  /// Connects at the first use.
  explicit Session(Login login);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // All of these throw StoreFailure, in one line without a stored value or a password. A deadlock
  // or a lock wait is tried again up to three times before; an answer that did not come in time is
  // not.

  /// Runs a statement and returns how many rows it changed: one that is overwritten with the same
  /// values does not count, so that a compare-and-swap reads `change(...) == 1`.
  std::uint64_t change(const Statement&, std::initializer_list<Value>);

  struct Inserted {
    std::uint64_t id;    // AUTO_INCREMENT, or what LAST_INSERT_ID(id) of an upsert names
    std::uint64_t rows;  // of an upsert: 1 new, 2 changed, 0 as it was (also after a repeat)
  };
  Inserted insert(const Statement&, std::initializer_list<Value>);

  /// Runs a SELECT and hands over row by row, once each, after the whole answer is in: an answer
  /// that breaks off is a failure and never a short one. For pages, not for tables.
  /// `each` must not use the session: the rows live in the statement that brought them.
  void read(std::string_view text, std::span<const Value>,
            const std::function<void(const Row&)>& each);
  void read(std::string_view text, std::initializer_list<Value> values,
            const std::function<void(const Row&)>& each) {
    read(text, std::span<const Value>(values), each);
  }

  /// As read(), for a text that is made for this call: it is prepared, run and dropped.
  void read_once(const std::string& text, std::span<const Value>,
                 const std::function<void(const Row&)>& each);

  /// Runs text without values that need not live on, such as a migration's. Repeat::Safe only: to
  /// add a column or an index that is there already is no failure, since MySQL knows no IF NOT
  /// EXISTS for them.
  void execute(const std::string& text);

 private:
  template <class Work>
  auto attempt(Repeat repeat, const Work& work);
  void open();
  void close() noexcept;
  sql::PreparedStatement& prepared(std::string_view text, std::span<const Value> values);

  Login login_;
  std::chrono::steady_clock::time_point used_at_;
  std::unique_ptr<sql::Connection> connection_;
  // After the connection, so that they go first.
  std::unordered_map<std::string_view, std::unique_ptr<sql::PreparedStatement>> statements_;
};

}  // namespace lamppost::mysql
