// What a session is: its settings, its values, its refusals.

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "tests/contract/database.h"

namespace lamppost::contract {
namespace {

using mysql::Repeat;
using mysql::Row;
using mysql::Session;
using mysql::Statement;

struct Scratch {  // a table of our own
  Scratch() {
    session.execute(
        "CREATE TABLE scratch (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, name VARCHAR(10)"
        " CHARACTER SET ascii COLLATE ascii_bin NULL, data MEDIUMBLOB NULL, big BIGINT UNSIGNED "
        "NULL,"
        " small BIGINT NULL, PRIMARY KEY (id), UNIQUE KEY scratch_name (name)) ENGINE = InnoDB"
        " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
  }
  OwnDatabase database;
  Session session{database.login()};
};

}  // namespace

TEST_SUITE("contract.session") {
  TEST_CASE(
      "a session is strict, read committed, autocommit and utf8mb4, whatever the server says") {
    Session session{login()};

    CHECK(text(session, "SELECT @@sql_mode").find("STRICT_ALL_TABLES") != std::string::npos);
    // The connector itself sets REPEATABLE READ.
    CHECK(text(session,
               "SELECT variable_value FROM information_schema.session_variables"
               " WHERE variable_name IN ('tx_isolation', 'transaction_isolation')") ==
          "READ-COMMITTED");
    CHECK(number(session, "SELECT @@autocommit") == 1);
    CHECK(number(session, "SELECT @@innodb_lock_wait_timeout") == 5);
    CHECK(number(session, "SELECT @@lock_wait_timeout") == 5);
    for (const auto* variable : {"client", "connection", "results"})
      CHECK(text(session, std::string("SELECT @@character_set_") + variable) == "utf8mb4");
    CHECK(text(session, "SELECT @@collation_connection") == "utf8mb4_bin");
  }

  TEST_CASE("on a node of a cluster, reads, updates and deletes wait for what others committed") {
    Session session{login()};

    CHECK(number(session, "SELECT @@wsrep_sync_wait") == 3);
  }

  TEST_CASE("bytes, numbers of both ends, times and nulls come back as they went") {
    Scratch at;
    static constexpr Statement kInsert{"INSERT INTO scratch (data, big, small) VALUES (?, ?, ?)",
                                       Repeat::Never};
    std::string every_byte;
    for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
    const std::string large(300 * 1024, '\xff');  // takes another way through the connector

    at.session.change(kInsert, {every_byte, std::uint64_t{UINT64_MAX}, Time{Seconds{-1}}});
    at.session.change(kInsert, {large, nullptr, nullptr});
    at.session.change(kInsert, {"", std::uint64_t{0}, Time{Seconds{INT64_MAX}}});

    std::vector<std::string> data;
    std::vector<bool> nulls;
    std::vector<std::uint64_t> numbers;
    std::vector<Time> times;
    at.session.read("SELECT data, big, small FROM scratch ORDER BY id", {}, [&](const Row& row) {
      data.push_back(row.text(0));
      nulls.push_back(row.is_null(1));
      numbers.push_back(row.number(1));
      times.push_back(row.time(2));
    });
    CHECK(data == std::vector<std::string>{every_byte, large, ""});
    CHECK(nulls == std::vector<bool>{false, true, false});
    CHECK(numbers == std::vector<std::uint64_t>{UINT64_MAX, 0, 0});
    CHECK(times[0] == Time{Seconds{-1}});
    CHECK(times[2] == Time{Seconds{INT64_MAX}});
  }

  TEST_CASE("changed rows are counted, overwritten ones with equal values are not") {
    Scratch at;
    static constexpr Statement kUpsert{
        "INSERT INTO scratch (name, big) VALUES (?, ?)"
        " ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), big = ?",
        Repeat::Safe};
    static constexpr Statement kClaim{"UPDATE scratch SET big = ? WHERE name = ? AND big = ?",
                                      Repeat::Never};
    const std::uint64_t one = 1, two = 2;

    const auto made = at.session.insert(kUpsert, {"a", one, one});
    const auto same = at.session.insert(kUpsert, {"a", one, one});
    const auto changed = at.session.insert(kUpsert, {"a", two, two});
    const auto next = at.session.insert(kUpsert, {"b", one, one});

    CHECK(made.rows == 1);
    CHECK(same.rows == 0);
    CHECK(changed.rows == 2);
    CHECK(same.id == made.id);
    CHECK(changed.id == made.id);
    CHECK(next.id > made.id + 1);  // every hit burns an id
    CHECK(at.session.change(kClaim, {one, "a", two}) == 1);
    CHECK(at.session.change(kClaim, {one, "a", two}) == 0);
  }

  TEST_CASE(
      "a refused statement names the reason without the values and leaves the session usable") {
    Scratch at;
    static constexpr Statement kName{"INSERT INTO scratch (name) VALUES (?)", Repeat::Safe};
    at.session.change(kName, {"secret"});

    const auto twice = failure_of([&] { at.session.change(kName, {"secret"}); });
    const auto long_one = failure_of([&] { at.session.change(kName, {"secret-longer"}); });
    const auto not_ascii = failure_of([&] { at.session.change(kName, {"\xc3\xa9secr"}); });
    const auto no_table = failure_of([&] { at.session.execute("SELECT 1 FROM nowhere"); });

    CHECK(twice.find("(1062)") != std::string::npos);
    CHECK(long_one.find("'name'") != std::string::npos);
    CHECK(long_one.find("(1406)") != std::string::npos);
    CHECK(not_ascii.find("(1366)") != std::string::npos);
    CHECK(no_table.find("nowhere' doesn't exist (1146)") != std::string::npos);
    for (const auto& reason : {twice, long_one, not_ascii}) {
      CAPTURE(reason);
      CHECK(reason.find("secr") == std::string::npos);
      CHECK(reason.find("C3") == std::string::npos);
    }
    CHECK(number(at.session, "SELECT COUNT(*) FROM scratch") == 1);
  }

  TEST_CASE("a statement that is given too few values or asked for too many columns is a failure") {
    Session session{login()};

    CHECK_THROWS_AS(session.read("SELECT ?, ?", {"a"}, [](const Row&) {}), StoreFailure);
    CHECK_THROWS_AS(session.read("SELECT 1", {}, [](const Row& row) { row.text(1); }),
                    StoreFailure);
    CHECK_THROWS_AS(session.read("SELECT ?", {"a", "b"}, [](const Row&) {}), StoreFailure);
    CHECK(number(session, "SELECT 1") == 1);
  }

  TEST_CASE("rows that nobody takes do not put the next statement out of order") {
    Session session{login()};

    session.execute("SELECT 1 UNION SELECT 2");
    session.execute("ANALYZE TABLE subscription");

    CHECK(number(session, "SELECT 3") == 3);
  }

  TEST_CASE("an answer that breaks off is a failure, never a short answer") {
    Session session{login()};
    // Half a megabyte is on its way before it is interrupted.
    static constexpr std::string_view kSlow =
        "SELECT a.seq, REPEAT('x', 1000), SLEEP(0.001) FROM seq_1_to_5000 a";
    const auto connection = connection_of(session);
    std::thread interrupter{[&] {
      std::this_thread::sleep_for(std::chrono::milliseconds{700});
      Session{login()}.execute("KILL QUERY " + std::to_string(connection));
    }};

    std::size_t rows = 0;
    const auto reason = failure_of([&] { session.read(kSlow, {}, [&](const Row&) { ++rows; }); });
    interrupter.join();

    CHECK(reason.find("(1317)") != std::string::npos);
    CHECK(rows == 0);
    CHECK(number(session, "SELECT 1") == 1);
  }

  TEST_CASE("a statement larger than the server takes is a failure and the session goes on") {
    Scratch at;
    static constexpr Statement kInsert{"INSERT INTO scratch (data) VALUES (?)", Repeat::Safe};
    const auto limit = number(at.session, "SELECT @@max_allowed_packet");

    CHECK_FALSE(
        failure_of([&] { at.session.change(kInsert, {std::string(limit + 1, 'x')}); }).empty());

    CHECK(at.session.change(kInsert, {"x"}) == 1);
  }

  TEST_CASE("a connection is kept while it is in use and replaced when it was idle for long") {
    Session kept{login()};
    auto impatient_login = login();
    impatient_login.idle_limit = Seconds{0};
    Session impatient{impatient_login};

    CHECK(connection_of(kept) == connection_of(kept));
    CHECK(connection_of(impatient) != connection_of(impatient));
  }
}

}  // namespace lamppost::contract
