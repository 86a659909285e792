// What becomes of a session when the database or the way to it fails (RELIABILITY F03 to F05).

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "lib/mysql/subscriptions.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"

namespace lamppost::contract {
namespace {

using mysql::Repeat;
using mysql::Session;
using mysql::Statement;
using std::chrono::milliseconds;
using Now = std::chrono::steady_clock;

struct Counter {  // rows 1 and 2 of our own table
  Counter() {
    session.execute(
        "CREATE TABLE counter (id INT NOT NULL PRIMARY KEY, n INT NOT NULL) ENGINE = InnoDB");
    session.execute("INSERT INTO counter VALUES (1, 0), (2, 0)");
  }
  std::uint64_t total() { return number(session, "SELECT SUM(n) FROM counter"); }
  OwnDatabase database;
  Session session{database.login()};
};

void kill_connection(std::uint64_t connection) {
  Session{login()}.execute("KILL " + std::to_string(connection));
}

template <class Work>
milliseconds duration_of(const Work& work) {
  const auto begun = Now::now();
  work();
  return std::chrono::duration_cast<milliseconds>(Now::now() - begun);
}

struct Stopped {  // the server stands still, as with a full disk or a lost host
  Stopped() { kill(server_pid(), SIGSTOP); }
  ~Stopped() { kill(server_pid(), SIGCONT); }
};

constexpr Statement kCount{"UPDATE counter SET n = n + 1", Repeat::Never};
// Of one connection: a lock is held from BEGIN to COMMIT. Only tests have transactions.
constexpr Statement kCountOne{"UPDATE counter SET n = n + 1 WHERE id = ?", Repeat::Safe};

}  // namespace

TEST_SUITE("contract.session_fault") {
  TEST_CASE("after a lost connection what may be repeated is, with statements prepared anew") {
    Session session{login()};
    mysql::Subscriptions store{session};
    session.execute("DELETE FROM subscription");
    store.put(subscription("a"), Time{});
    const auto lost = connection_of(session);

    kill_connection(lost);
    const auto put = store.put(subscription("a"), Time{});
    CHECK_FALSE(put.created);
    kill_connection(connection_of(session));
    CHECK(store.select({}, {0}, 10, Time{}).size() == 1);
    kill_connection(connection_of(session));
    CHECK(store.remove(endpoint_url("a")));

    CHECK(connection_of(session) != lost);
    // The new connection has the settings too.
    CHECK(text(session, "SELECT @@collation_connection") == "utf8mb4_bin");
  }

  TEST_CASE(
      "what must not be repeated is a failure when the connection is lost, then it works again") {
    Counter at;
    kill_connection(connection_of(at.session));

    CHECK_THROWS_AS(at.session.change(kCount, {}), StoreFailure);

    CHECK(at.session.change(kCount, {}) == 2);
    CHECK(at.total() == 2);
  }

  TEST_CASE("a statement whose answer is lost is not run again unless it may") {
    Counter at;
    static constexpr Statement kSlowly{"UPDATE counter SET n = n + 1 WHERE SLEEP(0.5) = 0",
                                       Repeat::Never};
    const auto connection = connection_of(at.session);
    std::thread killer{[&] {
      std::this_thread::sleep_for(milliseconds{300});
      kill_connection(connection);
    }};

    CHECK_THROWS_AS(at.session.change(kSlowly, {}), StoreFailure);
    killer.join();

    CHECK(at.total() == 0);
  }

  TEST_CASE("the victim of a deadlock is tried again") {
    Counter at;
    at.session.execute("INSERT INTO counter SELECT seq, 0 FROM seq_3_to_200");
    Session victim{at.database.login()};
    connection_of(victim);
    static constexpr Statement kBackwards{
        "UPDATE counter SET n = n + 100 WHERE id IN (1, 2) ORDER BY id DESC", Repeat::Never};
    at.session.execute("BEGIN");
    at.session.execute("UPDATE counter SET n = n + 1 WHERE id = 1 OR id > 2");  // the heavier one

    std::uint64_t changed = 0;
    std::thread other{[&] { changed = victim.change(kBackwards, {}); }};  // has 2, waits for 1
    std::this_thread::sleep_for(milliseconds{300});
    at.session.execute("UPDATE counter SET n = n + 1 WHERE id = 2");
    at.session.execute("COMMIT");
    other.join();

    CHECK(changed == 2);
    CHECK(number(at.session, "SELECT SUM(n) FROM counter WHERE id < 3") == 202);
    CHECK(text(at.session,
               "SELECT variable_value FROM information_schema.global_status"
               " WHERE variable_name = 'Innodb_deadlocks'") != "0");
  }

  TEST_CASE(
      "a lock that is held for long is a failure within the patience, a short one is waited for") {
    Counter at;
    auto impatient = at.database.login();
    impatient.answer_timeout = Seconds{2};
    Session waiting{impatient};
    const auto before = connection_of(waiting);
    at.session.execute("BEGIN");
    at.session.change(kCountOne, {std::uint64_t{1}});

    std::string reason;
    const auto took = duration_of(
        [&] { reason = failure_of([&] { waiting.change(kCountOne, {std::uint64_t{1}}); }); });
    CHECK(reason.find("(1205)") != std::string::npos);
    CHECK(took < milliseconds{4000});
    CHECK(connection_of(waiting) != before);  // another node of a cluster may be better off

    std::thread holder{[&] {
      std::this_thread::sleep_for(milliseconds{1300});  // longer than one lock wait
      at.session.execute("COMMIT");
    }};
    CHECK(waiting.change(kCountOne, {std::uint64_t{1}}) == 1);
    holder.join();
    CHECK(at.total() == 2);
  }

  TEST_CASE("an answer that does not come in time is a failure, and the next statement works") {
    auto impatient = login();
    impatient.answer_timeout = Seconds{1};
    Session session{impatient};
    const auto before = connection_of(session);

    const auto took =
        duration_of([&] { CHECK_THROWS_AS(session.execute("DO SLEEP(20)"), StoreFailure); });

    CHECK(took < milliseconds{3000});
    CHECK(connection_of(session) != before);
    kill_connection(before);  // it sleeps on
  }

  TEST_CASE("a server that stands still is told within three seconds, and it works again after") {
    auto patience = login();
    patience.answer_timeout = Seconds{2};
    Session open{patience};
    connection_of(open);
    Session fresh{login()};
    {
      const Stopped server;

      CHECK(duration_of([&] { CHECK_THROWS_AS(connection_of(fresh), StoreFailure); }) <
            milliseconds{3000});
      CHECK(duration_of([&] { CHECK_THROWS_AS(connection_of(open), StoreFailure); }) <
            milliseconds{3000});
      CHECK(duration_of([&] { CHECK_THROWS_AS(connection_of(open), StoreFailure); }) <
            milliseconds{3000});
    }
    CHECK(connection_of(open) > 0);
    CHECK(connection_of(fresh) > 0);
  }

  TEST_CASE(
      "a database that is not there or not open to us is told at once, without the password") {
    const auto reason_for = [](const mysql::Login& login) {
      std::string reason;
      const auto took = duration_of([&] {
        reason = failure_of([&] {
          Session session{login};
          connection_of(session);
        });
      });
      CHECK(took < milliseconds{3000});
      CHECK(reason.starts_with("database: "));
      CHECK(reason.find("hunter2") == std::string::npos);
      return reason;
    };
    auto nowhere = login();
    nowhere.url = "unix:///nowhere/mariadb.sock";
    auto closed = login();
    closed.url = "tcp://127.0.0.1:1";
    auto stranger = login();
    stranger.user = "stranger";
    stranger.password = "hunter2";
    auto unknown = login();
    unknown.database = "nothing_of_the_kind";

    CHECK(reason_for(nowhere).find("/nowhere/mariadb.sock' (2) (2002)") != std::string::npos);
    CHECK(reason_for(closed).find("(2002)") != std::string::npos);
    CHECK(reason_for(stranger).find("stranger") != std::string::npos);
    CHECK(reason_for(unknown).find("nothing_of_the_kind") != std::string::npos);
  }
}

}  // namespace lamppost::contract
