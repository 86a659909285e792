// Bringing a schema up to date: whole, once, by any number at the same time, through crashes.

#include "lib/mysql/migrate.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/contract/crowd.h"
#include "tests/contract/database.h"

namespace lamppost::contract {
namespace {

using mysql::Migration;
using mysql::SchemaFile;
using mysql::Session;

class SetClock final : public Clock {  // sleeping makes it later
 public:
  explicit SetClock(Time now) : now_(now) {}
  Time now() const override { return now_; }
  void sleep(Seconds duration) override {
    now_ += duration;
    slept += duration;
  }
  Seconds slept{0};

 private:
  Time now_;
};

Time real_now() { return SystemClock{}.now(); }

using Files = std::vector<SchemaFile>;

// Not repeatable on purpose: run twice, they leave two rows.
const Files kTwo{{1, "001_first.sql",
                  "CREATE TABLE IF NOT EXISTS ran (file INT NOT NULL);\n"
                  "INSERT INTO ran VALUES (1); DO SLEEP(0.3);"},
                 {2, "002_second.sql", "INSERT INTO ran VALUES (2);"}};

std::string ran(Session& session) {
  return text(session, "SELECT GROUP_CONCAT(file ORDER BY file) FROM ran");
}

}  // namespace

TEST_SUITE("contract.migrate") {
  TEST_CASE("the program's own files make the schema, and a second time nothing") {
    OwnDatabase database;
    SystemClock clock;
    Session session{database.login()};
    const auto newest = mysql::schema_files().back().number;
    CHECK(mysql::schema_version(session) == 0);

    const auto first = mysql::migrate(database.login(), mysql::schema_files(), clock);
    const auto second = mysql::migrate(database.login(), mysql::schema_files(), clock);

    CHECK(first.from == 0);
    CHECK(first.to == newest);
    CHECK(second.from == newest);
    CHECK(second.to == newest);
    CHECK(mysql::schema_version(session) == newest);
    CHECK(number(session, "SELECT COUNT(*) FROM subscription") == 0);
  }

  TEST_CASE("every statement of the program's own files is safe to repeat") {
    OwnDatabase database;
    SystemClock clock;
    Session session{database.login()};
    mysql::migrate(database.login(), mysql::schema_files(), clock);
    session.execute("DELETE FROM schema_version");

    mysql::migrate(database.login(), mysql::schema_files(), clock);

    CHECK(mysql::schema_version(session) == mysql::schema_files().back().number);
  }

  TEST_CASE("the files are numbered from 1 without a gap") {
    std::uint32_t number = 0;
    for (const auto& file : mysql::schema_files()) CHECK(file.number == ++number);
    CHECK(number > 0);
  }

  TEST_CASE("eight at once run every statement once") {
    OwnDatabase database;

    const auto members = crowd<Migration>(8, [&](unsigned, const auto& start) {
      SystemClock clock;
      start();
      return mysql::migrate(database.login(), kTwo, clock);
    });

    CHECK(failures_of<Migration>(members) == std::vector<std::string>{});
    Session session{database.login()};
    CHECK(ran(session) == "1,2");
    CHECK(mysql::schema_version(session) == 2);
  }

  TEST_CASE("a file that was added later is applied alone") {
    OwnDatabase database;
    SystemClock clock;
    mysql::migrate(database.login(), Files{kTwo[0]}, clock);

    const auto later = mysql::migrate(database.login(), kTwo, clock);

    CHECK(later.from == 1);
    CHECK(later.to == 2);
    Session session{database.login()};
    CHECK(ran(session) == "1,2");
  }

  TEST_CASE("a refused statement names file and reason; the next call goes on without waiting") {
    OwnDatabase database;
    SetClock clock{real_now()};
    auto files = kTwo;
    files[1].text = "INSERT INTO nowhere VALUES (2)";

    const auto reason = failure_of([&] { mysql::migrate(database.login(), files, clock); });

    CHECK(reason.find("sql/002_second.sql: database: ") == 0);
    CHECK(reason.find("nowhere' doesn't exist (1146)") != std::string::npos);
    Session session{database.login()};
    CHECK(mysql::schema_version(session) == 1);
    clock.sleep(Seconds{1});
    clock.slept = Seconds{0};
    CHECK(mysql::migrate(database.login(), kTwo, clock).from == 1);
    CHECK(clock.slept == Seconds{0});
    CHECK(ran(session) == "1,2");
  }

  TEST_CASE("a column and an index that an earlier try has added are no failure") {
    OwnDatabase database;
    SystemClock clock;
    Files files = kTwo;
    files[1].text =
        "ALTER TABLE ran ADD COLUMN at BIGINT NULL; ALTER TABLE ran ADD COLUMN at BIGINT NULL;"
        "ALTER TABLE ran ADD KEY ran_at (at); ALTER TABLE ran ADD KEY ran_at (at);"
        "INSERT INTO ran VALUES (2, 7);";

    CHECK(mysql::migrate(database.login(), files, clock).to == 2);
    Session session{database.login()};
    CHECK(text(session, "SELECT GROUP_CONCAT(at) FROM ran") == "7");
  }

  TEST_CASE("after a crash the next one waits for the lease's end and begins the file again") {
    OwnDatabase database;
    Session session{database.login()};
    const auto child = fork();
    if (child == 0) {
      SystemClock clock;
      const Files slow{{1, "001_slow.sql",
                        "CREATE TABLE IF NOT EXISTS ran (file INT NOT NULL);"
                        "DO SLEEP(60); INSERT INTO ran VALUES (9)"}};
      mysql::migrate(database.login(), slow, clock);
      _exit(0);
    }
    while (number(session,
                  "SELECT COUNT(*) FROM information_schema.tables"
                  " WHERE table_schema = DATABASE() AND table_name = 'ran'") == 0)
      usleep(10'000);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    CHECK(mysql::schema_version(session) == 0);

    SetClock clock{real_now()};
    const auto after = mysql::migrate(database.login(), kTwo, clock);

    CHECK(after.to == 2);
    CHECK(clock.slept >= Seconds{25});
    CHECK(clock.slept <= Seconds{35});
    CHECK(ran(session) == "1,2");
  }

  TEST_CASE("one whose turn was taken over stops before its next statement") {
    OwnDatabase database;
    Session session{database.login()};
    // What somebody else does in the meantime, in the file itself.
    const Files robbed{
        {1, "001_robbed.sql",
         "CREATE TABLE IF NOT EXISTS ran (file INT NOT NULL);"
         "UPDATE schema_version SET owner = 'somebody'; INSERT INTO ran VALUES (1)"}};
    SetClock clock{real_now()};

    const auto reason = failure_of([&] { mysql::migrate(database.login(), robbed, clock); });

    CHECK(reason.find("another migration has taken over") != std::string::npos);
    CHECK(number(session, "SELECT COUNT(*) FROM ran") == 0);
    CHECK(mysql::schema_version(session) == 0);
  }

  TEST_CASE("a schema newer than the program is refused in plain words and left alone") {
    OwnDatabase database;
    SystemClock clock;
    mysql::migrate(database.login(), kTwo, clock);

    const auto reason =
        failure_of([&] { mysql::migrate(database.login(), Files{kTwo[0]}, clock); });

    CHECK(
        reason ==
        "the database has schema version 2 and this program knows up to 1, use the newer program");
    Session session{database.login()};
    CHECK(mysql::schema_version(session) == 2);
  }

  TEST_CASE("a database that is away is a failure") {
    SystemClock clock;
    auto nowhere = login();
    nowhere.url = "unix:///nowhere/mariadb.sock";

    CHECK_THROWS_AS(mysql::migrate(nowhere, kTwo, clock), StoreFailure);
  }
}

}  // namespace lamppost::contract
