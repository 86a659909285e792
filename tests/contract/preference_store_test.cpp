// What every PreferenceStore does.

#include <doctest/doctest.h>

#include "lib/mysql/preferences.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/topics.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/fakes/memory_preference_store.h"

namespace lamppost::contract {
namespace {

using core::PreferenceChange;
using core::QuietHours;
using std::chrono::minutes;
using Names = std::vector<std::string>;

struct MemoryPreferences {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryTopicStore topics{subscriptions};
  fakes::MemoryPreferenceStore store{subscriptions, topics};
};

struct RealPreferences {
  RealPreferences() {
    for (const auto* table : {"subscription", "preference", "subscription_topic", "topic"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Subscriptions subscriptions{session};
  mysql::Topics topics{session};
  mysql::Preferences store{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr Time kLater{Seconds{1'800'000'060}};
constexpr QuietHours kQuiet{minutes{0}, minutes{1439}};

PreferenceChange user(const std::string& name) {
  PreferenceChange change;
  change.user = name;
  return change;
}

PreferenceChange choice(Names topics) {
  PreferenceChange change;
  change.topics = std::move(topics);
  return change;
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryPreferences);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealPreferences);

namespace lamppost::contract {

TEST_SUITE("contract.preference_store") {
  TEST_CASE_TEMPLATE("who has chosen nothing is found with what is known", Stores,
                     MemoryPreferences, RealPreferences) {
    Stores at;
    const auto given = subscription("a", 4);
    const auto id = at.subscriptions.put(given, kNow).id;
    at.subscriptions.put(given, kLater);

    const auto found = at.store.find(endpoint_url("a"));

    REQUIRE(found);
    CHECK(found->id == id);
    CHECK(std::ranges::equal(found->auth.bytes(), given.recipient.auth.bytes()));
    CHECK(found->created_at == kNow);
    CHECK(found->seen_at == kLater);
    CHECK(found->language == "de-AT");
    CHECK(found->timezone == "Europe/Vienna");
    CHECK(found->topics.empty());
    CHECK(found->user.empty());
    CHECK_FALSE(found->paused_until);
    CHECK_FALSE(found->quiet_hours);
  }

  TEST_CASE_TEMPLATE("only the very endpoint is found, gone or not", Stores, MemoryPreferences,
                     RealPreferences) {
    Stores at;
    const auto id = at.subscriptions.put(subscription("a"), kNow).id;
    at.subscriptions.mark_gone(std::array{id}, kNow);

    CHECK(at.store.find(endpoint_url("a")));
    for (const std::string& unknown :
         {endpoint_url("A"), endpoint_url(""), std::string(), std::string("\xff"),
          endpoint_url("\xc3\xa4"), std::string(70'000, 'x')})
      CHECK_FALSE(at.store.find(unknown));
  }

  TEST_CASE_TEMPLATE("everything at once is kept, then each by itself", Stores, MemoryPreferences,
                     RealPreferences) {
    Stores at;
    at.topics.replace(std::array{core::Topic{"b", "B", false}, core::Topic{"a", "A", false}});
    const auto id = at.subscriptions.put(subscription("x"), kNow).id;
    const auto other = at.subscriptions.put(subscription("y"), kNow).id;
    at.store.change(id, {.topics = Names{"a", "b"},
                         .language = "en",
                         .timezone = "UTC",
                         .user = "J\xc3\xb6rg \xf0\x9f\x91\x8b",
                         .paused_until = kLater,
                         .quiet_hours = kQuiet});

    auto found = *at.store.find(endpoint_url("x"));
    CHECK(found.topics == Names{"b", "a"});
    CHECK(found.language == "en");
    CHECK(found.timezone == "UTC");
    CHECK(found.user == "J\xc3\xb6rg \xf0\x9f\x91\x8b");
    CHECK(found.paused_until == kLater);
    CHECK(found.quiet_hours == kQuiet);

    PreferenceChange goes_on, never_quiet, english;
    goes_on.paused_until.emplace();
    never_quiet.quiet_hours.emplace();
    english.language = "";
    at.store.change(id, {});
    at.store.change(id, goes_on);
    found = *at.store.find(endpoint_url("x"));
    CHECK_FALSE(found.paused_until);
    CHECK(found.quiet_hours == kQuiet);
    at.store.change(id, never_quiet);
    at.store.change(id, english);
    at.store.change(id, choice({}));
    found = *at.store.find(endpoint_url("x"));
    CHECK_FALSE(found.quiet_hours);
    CHECK(found.language.empty());
    CHECK(found.timezone == "UTC");
    CHECK(found.topics.empty());
    CHECK(found.user == "J\xc3\xb6rg \xf0\x9f\x91\x8b");
    CHECK(at.store.find(endpoint_url("y"))->user.empty());
    CHECK(at.store.find(endpoint_url("y"))->id == other);
  }

  TEST_CASE_TEMPLATE("a pause and quiet hours are what the sender reads", Stores, MemoryPreferences,
                     RealPreferences) {
    Stores at;
    const auto id = at.subscriptions.put(subscription("a"), kNow).id;
    PreferenceChange change;
    change.paused_until = kLater;
    change.quiet_hours = kQuiet;

    at.store.change(id, change);

    const auto read = at.subscriptions.read(std::array{id});
    REQUIRE(read.size() == 1);
    CHECK(read[0].paused_until == kLater);
    CHECK(read[0].quiet_hours == kQuiet);
    CHECK(at.subscriptions.select({}, {0}, 10, kNow).empty());
    CHECK(at.subscriptions.select({}, {0}, 10, kLater).size() == 1);
  }

  TEST_CASE_TEMPLATE("topics that do not exist are left out", Stores, MemoryPreferences,
                     RealPreferences) {
    Stores at;
    at.topics.replace(std::array{core::Topic{"news", "News", false}});
    const auto id = at.subscriptions.put(subscription("a"), kNow).id;

    at.store.change(id, choice({"news", "sport", ""}));

    CHECK(at.store.find(endpoint_url("a"))->topics == Names{"news"});
  }

  TEST_CASE_TEMPLATE("a change of what is not there does nothing", Stores, MemoryPreferences,
                     RealPreferences) {
    Stores at;
    at.topics.replace(std::array{core::Topic{"news", "News", false}});

    at.store.change({UINT64_MAX - 1}, {.topics = Names{"news"},
                                       .language = "de",
                                       .timezone = "UTC",
                                       .user = "anna",
                                       .paused_until = kLater,
                                       .quiet_hours = kQuiet});

    CHECK(at.store.devices("anna") == 0);
  }

  TEST_CASE_TEMPLATE("the devices of a user are counted and erased, those of others stay", Stores,
                     MemoryPreferences, RealPreferences) {
    Stores at;
    at.topics.replace(
        std::array{core::Topic{"news", "News", false}, core::Topic{"sport", "Sport", false}});
    for (const auto* name : {"a", "b", "c", "d"}) {
      const auto id = at.subscriptions.put(subscription(name), kNow).id;
      at.store.change(id, choice({"news", "sport"}));
      if (*name == 'a' || *name == 'b') at.store.change(id, user("anna"));
      if (*name == 'c') at.store.change(id, user("Anna"));
    }
    CHECK(at.store.devices("anna") == 2);
    CHECK(at.store.devices("Anna") == 1);
    CHECK(at.store.devices("anna ") == 0);

    at.store.erase_devices("anna");
    at.store.erase_devices("nobody");

    CHECK(at.store.devices("anna") == 0);
    CHECK_FALSE(at.store.find(endpoint_url("a")));
    CHECK_FALSE(at.store.find(endpoint_url("b")));
    CHECK(at.store.find(endpoint_url("c"))->topics == Names{"news", "sport"});
    CHECK(at.store.find(endpoint_url("d")));
  }

  TEST_CASE_TEMPLATE("one that is removed and comes again has chosen nothing", Stores,
                     MemoryPreferences, RealPreferences) {
    Stores at;
    at.store.change(at.subscriptions.put(subscription("a"), kNow).id, user("anna"));

    at.subscriptions.remove(endpoint_url("a"));
    at.subscriptions.put(subscription("a"), kLater);

    CHECK(at.store.find(endpoint_url("a"))->user.empty());
    CHECK(at.store.devices("anna") == 0);
  }

  TEST_CASE("what is erased leaves no row anywhere, and what is not there gets none") {
    RealPreferences at;
    at.topics.replace(std::array{core::Topic{"news", "News", false}});
    const auto id = at.subscriptions.put(subscription("a"), kNow).id;
    at.store.change(id, user("anna"));
    at.store.change(id, choice({"news"}));

    at.store.erase_devices("anna");
    at.store.change(id, user("anna"));
    at.store.change(id, choice({"news"}));

    for (const std::string table : {"subscription", "preference", "subscription_topic"}) {
      CAPTURE(table);
      CHECK(number(at.session, "SELECT COUNT(*) FROM " + table) == 0);
    }
  }

  TEST_CASE("a user of 128 bytes is kept whole, and the reason of a failure does not name one") {
    RealPreferences at;
    const auto id = at.subscriptions.put(subscription("a"), kNow).id;

    at.store.change(id, user(std::string(128, 'u')));
    const auto reason = failure_of([&] { at.store.change(id, user(std::string(129, 'q'))); });

    CHECK(at.store.find(endpoint_url("a"))->user == std::string(128, 'u'));
    CHECK(reason.find("(1406)") != std::string::npos);
    CHECK(reason.find("qqq") == std::string::npos);
  }
}

}  // namespace lamppost::contract
