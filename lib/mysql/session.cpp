#include "lib/mysql/session.h"

#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <random>
#include <thread>

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/mysql/connect.h"
#include "lib/mysql/fault.h"

namespace lamppost::mysql {
namespace {

using Now = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kBusyRetries = 3;

// Two that collided must not come back at the same moment.
void rest_before_retry(int retry) {
  std::uniform_int_distribution<int> spread{5, 50 * retry};
  std::random_device source;
  std::this_thread::sleep_for(milliseconds{spread(source)});
}

void bind(sql::PreparedStatement& statement, std::span<const Value> values) {
  unsigned place = 0;
  for (const auto& value : values) {
    ++place;
    const auto& content = value.content();
    if (const auto* text = std::get_if<std::string_view>(&content))
      statement.setString(place, sql::SQLString(text->data(), text->size()));
    else if (const auto* number = std::get_if<std::uint64_t>(&content))
      statement.setUInt64(place, *number);
    else if (const auto* signed_number = std::get_if<std::int64_t>(&content))
      statement.setInt64(place, *signed_number);
    else
      statement.setNull(place, sql::DataType::SQLNULL);
  }
}

std::uint64_t update(sql::PreparedStatement& statement) {
  return static_cast<std::uint64_t>(statement.executeUpdate());
}

}  // namespace

Session::Session(Login login) : login_(std::move(login)) {}
Session::~Session() { close(); }

// The one place where a statement is tried again, and where the connector's exceptions end.
template <class Work>
auto Session::attempt(Repeat repeat, const Work& work) {
  const auto begun = Now::now();
  for (int busy = 0, lost = 0;;) {
    open();  // its failure is told at once: a database that is away was already waited for
    try {
      auto answer = work();
      used_at_ = Now::now();
      return answer;
    } catch (const sql::SQLException& refusal) {
      const auto reason = to_reason(refusal.getErrorCode(), refusal.what());
      const auto fault = to_fault(refusal.getErrorCode());
      if (fault == Fault::Lost || fault == Fault::Elsewhere) {
        close();
        log::warning("database_connection_dropped", {{"reason", reason}});
      } else if (fault == Fault::Refused) {
        statements_.clear();  // a refused long value (1105) would be refused for ever after
      }
      const bool in_time = Now::now() - begun < login_.answer_timeout;
      const bool again = in_time && ((fault == Fault::Busy && busy++ < kBusyRetries) ||
                                     (fault == Fault::Lost && repeat == Repeat::Safe && !lost++));
      if (!again) {
        // Of a cluster it may be a node that waits for the others in vain: the next try may get
        // another.
        if (fault == Fault::Busy) close();
        throw StoreFailure(reason);
      }
      if (fault == Fault::Busy) rest_before_retry(busy);
    }
  }
}

void Session::open() {
  if (connection_ && Now::now() - used_at_ > login_.idle_limit) close();
  if (!connection_) {
    connection_ = connect(login_);
    used_at_ = Now::now();
  }
}

void Session::close() noexcept {
  statements_.clear();
  connection_.reset();
}

sql::PreparedStatement& Session::prepared(std::string_view text, std::span<const Value> values) {
  auto& statement = statements_[text];
  // MariaDB 10.11 forgets, when it runs a prepared statement once more, that the index alone holds
  // all that is asked for, and reads each row besides. Where we insist on an index, that counts.
  if (text.find("FORCE INDEX") != std::string_view::npos) statement.reset();
  if (!statement) statement.reset(connection_->prepareStatement(std::string(text)));
  bind(*statement, values);
  return *statement;
}

std::uint64_t Session::change(const Statement& statement, std::initializer_list<Value> values) {
  return attempt(statement.repeat, [&] { return update(prepared(statement.text, values)); });
}

Session::Inserted Session::insert(const Statement& statement, std::initializer_list<Value> values) {
  return attempt(statement.repeat, [&] {
    const auto rows = update(prepared(statement.text, values));
    const std::unique_ptr<sql::ResultSet> id{
        prepared("SELECT LAST_INSERT_ID()", {}).executeQuery()};
    id->next();
    return Inserted{.id = id->getUInt64(1), .rows = rows};
  });
}

void Session::read(std::string_view text, std::span<const Value> values,
                   const std::function<void(const Row&)>& each) {
  const auto rows = attempt(Repeat::Safe, [&] {
    return std::unique_ptr<sql::ResultSet>{prepared(text, values).executeQuery()};
  });
  try {
    while (rows->next()) each(Row{*rows});
  } catch (const sql::SQLException& refusal) {
    throw StoreFailure(to_reason(refusal.getErrorCode(), refusal.what()));
  }
}

void Session::read_once(const std::string& text, std::span<const Value> values,
                        const std::function<void(const Row&)>& each) {
  // The rows live in the statement.
  std::unique_ptr<sql::PreparedStatement> statement;
  const auto rows = attempt(Repeat::Safe, [&] {
    statement.reset(connection_->prepareStatement(text));
    bind(*statement, values);
    return std::unique_ptr<sql::ResultSet>{statement->executeQuery()};
  });
  try {
    while (rows->next()) each(Row{*rows});
  } catch (const sql::SQLException& refusal) {
    throw StoreFailure(to_reason(refusal.getErrorCode(), refusal.what()));
  }
}

void Session::execute(const std::string& text) {
  attempt(Repeat::Safe, [&] {
    const std::unique_ptr<sql::Statement> statement{connection_->createStatement()};
    bool has_rows = false;
    try {
      has_rows = statement->execute(text);
    } catch (const sql::SQLException& refusal) {
      if (to_fault(refusal.getErrorCode()) != Fault::Already) throw;
    }
    // Rows that nobody takes would make the next statement "out of sync" (2014).
    if (has_rows) std::unique_ptr<sql::ResultSet>{statement->getResultSet()};
    return has_rows;
  });
}

}  // namespace lamppost::mysql
