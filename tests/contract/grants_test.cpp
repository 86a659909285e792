// What the public pool's own database user may do by sql/grants.sql (RELIABILITY SEC-43, F06).

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "lib/mysql/clicks.h"
#include "lib/mysql/errands.h"
#include "lib/mysql/events.h"
#include "lib/mysql/migrate.h"
#include "lib/mysql/preferences.h"
#include "lib/mysql/recent.h"
#include "lib/mysql/sql_split.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/topics.h"
#include "lib/mysql/vapid_keys.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"

namespace lamppost::contract {
namespace {

using mysql::Session;

constexpr auto* kUser = "lamppost_contract";

std::string grants(const std::string& database) {
  std::ifstream file{LAMPPOST_SQL "/grants.sql"};
  std::string text{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(text.empty());
  const auto replace = [&](const std::string& from, const std::string& to) {
    REQUIRE(text.find(from) != std::string::npos);
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  };
  replace("ON lamppost.", "ON " + database + ".");
  replace("'lamppost_public'@", std::string("'") + kUser + "'@");
  return text;
}

class PublicUser {
 public:
  PublicUser() {
    administrator.execute(std::string("DROP USER IF EXISTS '") + kUser + "'@'localhost'");
    administrator.execute(std::string("CREATE USER '") + kUser +
                          "'@'localhost' IDENTIFIED BY 'walrus'");
    for (const auto& grant : mysql::split_sql(grants(contract::login().database)))
      administrator.execute(grant);
    administrator.execute("DELETE FROM subscription");
  }
  ~PublicUser() { administrator.execute(std::string("DROP USER '") + kUser + "'@'localhost'"); }

  static mysql::Login login() {
    auto login = contract::login();
    login.user = kUser;
    login.password = "walrus";
    return login;
  }

  Session administrator{contract::login()};
};

struct ReadOnly {
  explicit ReadOnly(Session& administrator) : administrator_(administrator) {
    administrator_.execute("SET GLOBAL read_only = 1");
  }
  ~ReadOnly() { administrator_.execute("SET GLOBAL read_only = 0"); }
  Session& administrator_;
};

}  // namespace

TEST_SUITE("contract.grants") {
  TEST_CASE("the public user keeps subscriptions, reads the key and the schema's version") {
    PublicUser user;
    Session session{PublicUser::login()};
    mysql::Subscriptions subscriptions{session};

    const auto id = subscriptions.put(subscription("a"), Time{}).id;
    CHECK(subscriptions.put(subscription("a", 1), Time{}).id == id);
    CHECK(subscriptions.remove(endpoint_url("a")));
    mysql::VapidKeys{session}.current();

    CHECK(mysql::schema_version(session) == mysql::schema_files().back().number);
  }

  TEST_CASE("the public user keeps choices, and reads topics and what was sent") {
    PublicUser user;
    Session session{PublicUser::login()};
    mysql::Subscriptions subscriptions{session};
    mysql::Preferences preferences{session};
    const auto id = subscriptions.put(subscription("a"), Time{}).id;

    core::PreferenceChange change;
    change.topics.emplace();
    change.language = "de";
    change.timezone = "UTC";
    change.user = "anna";
    change.paused_until.emplace();
    change.quiet_hours.emplace();
    preferences.change(id, change);

    CHECK(preferences.find(endpoint_url("a"))->user == "anna");
    CHECK(preferences.devices("anna") == 1);
    CHECK(mysql::Recent{session}.of(id, 5).empty());
    CHECK(mysql::Topics{session}.list().empty());
    preferences.erase_devices("anna");

    CHECK(subscriptions.select({}, {0}, 10, Time{}).empty());
  }

  TEST_CASE("the public user can neither read a campaign nor add a key nor change a table") {
    PublicUser user;
    Session session{PublicUser::login()};

    for (const auto* forbidden :
         {"SELECT COUNT(*) FROM campaign", "SELECT COUNT(*) FROM shard",
          "SELECT COUNT(*) FROM shard_audience", "DELETE FROM sent_message",
          "UPDATE sent_shard SET fates = ''", "INSERT INTO topic VALUES ('x', 'x', 0, 0)",
          "INSERT INTO vapid_key VALUES (1, 'x', 0)", "DELETE FROM vapid_key",
          "UPDATE schema_version SET applied_at = NULL",
          "ALTER TABLE subscription ADD COLUMN x INT", "DROP TABLE subscription",
          "TRUNCATE TABLE subscription"}) {
      CAPTURE(forbidden);
      const auto reason = failure_of([&] { session.execute(forbidden); });
      CHECK(reason.find("denied to user") != std::string::npos);
    }
    CHECK(number(session, "SELECT 1") == 1);
  }

  TEST_CASE("the public user asks for errands and counts reports, and cannot see who asked") {
    PublicUser user;
    Session session{PublicUser::login()};
    mysql::Errands errands{session};
    user.administrator.execute("DELETE FROM errand_rest");

    errands.add({{1}, core::ErrandKind::Welcome, "de"}, Time{});
    CHECK(errands.grant_test({1}, Time{}));
    CHECK_FALSE(errands.grant_test({1}, Time{}));
    CHECK_FALSE(mysql::Events{session}.count({}, core::EventKind::Shown, "", Time{}));
    session.execute(
        "INSERT INTO event VALUES (1, 'shown', '', 0, 1) ON DUPLICATE KEY UPDATE"
        " times = times + 1");

    for (const auto* forbidden :
         {"SELECT COUNT(*) FROM errand", "DELETE FROM errand", "UPDATE errand SET kind = 'test'",
          "DELETE FROM errand_rest", "DELETE FROM event"}) {
      CAPTURE(forbidden);
      const auto reason = failure_of([&] { session.execute(forbidden); });
      CHECK(reason.find("denied to user") != std::string::npos);
    }
  }

  TEST_CASE("the public user finds where links lead and counts clicks, and can do no more") {
    PublicUser user;
    Session session{PublicUser::login()};
    mysql::Clicks clicks{session};

    CHECK_FALSE(clicks.find({}, ""));
    clicks.count({1}, "", Time{});
    clicks.count({1}, "", Time{});

    for (const auto* forbidden :
         {"INSERT INTO click_target VALUES ('x', '', 'https://evil.example/')",
          "UPDATE click_target SET target = 'https://evil.example/'", "DELETE FROM click_target",
          "DELETE FROM click", "SELECT COUNT(*) FROM campaign"}) {
      CAPTURE(forbidden);
      const auto reason = failure_of([&] { session.execute(forbidden); });
      CHECK(reason.find("denied to user") != std::string::npos);
    }
  }

  TEST_CASE("a database that became read-only is a failure, and works again when it is not") {
    PublicUser user;
    Session session{PublicUser::login()};
    mysql::Subscriptions subscriptions{session};
    const auto before = connection_of(session);
    {
      const ReadOnly server{user.administrator};

      const auto reason = failure_of([&] { subscriptions.put(subscription("a"), Time{}); });

      CHECK(reason.find("(1290)") != std::string::npos);
      // A new connection may lead to the server that has taken over.
      CHECK(connection_of(session) != before);
    }
    CHECK(subscriptions.put(subscription("a"), Time{}).created);
  }
}

}  // namespace lamppost::contract
