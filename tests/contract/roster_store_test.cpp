// What every RosterStore does.

#include <doctest/doctest.h>

#include "lib/mysql/preferences.h"
#include "lib/mysql/roster.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/topics.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/fakes/memory_preference_store.h"
#include "tests/fakes/memory_roster_store.h"

namespace lamppost::contract {
namespace {

using core::RosterFilter;
using core::RosterState;

struct MemoryRoster {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryTopicStore topics{subscriptions};
  fakes::MemoryPreferenceStore preferences{subscriptions, topics};
  fakes::MemoryRosterStore store{subscriptions};
};

struct RealRoster {
  RealRoster() {
    for (const auto* table : {"subscription", "preference", "topic", "subscription_topic"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Subscriptions subscriptions{session};
  mysql::Topics topics{session};
  mysql::Preferences preferences{session};
  mysql::Roster store{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};

constexpr auto* kFcm = "https://fcm.googleapis.com/fcm/send/";
constexpr auto* kApple = "https://web.push.apple.com/";
constexpr auto* kMozilla = "https://updates.push.services.mozilla.com/wpush/v2/";

template <class Stores>
SubscriptionId subscribe(Stores& stores, const std::string& url, std::string language = "de",
                         Time at = kNow) {
  auto content = subscription("x");
  content.recipient.endpoint = webpush::Endpoint::trusted(url);
  content.language = std::move(language);
  return stores.subscriptions.put(content, at).id;
}

template <class Stores>
std::vector<SubscriptionId> found(Stores& stores, const RosterFilter& filter,
                                  SubscriptionId after = {}, std::size_t limit = 50) {
  std::vector<SubscriptionId> ids;
  for (const auto& entry : stores.store.list(filter, after, limit, kNow)) ids.push_back(entry.id);
  return ids;
}

using Ids = std::vector<SubscriptionId>;

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryRoster);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealRoster);

namespace lamppost::contract {

TEST_SUITE("contract.roster_store") {
  TEST_CASE_TEMPLATE("an entry tells all that is known but endpoint and keys", Stores, MemoryRoster,
                     RealRoster) {
    Stores stores;
    stores.topics.replace(std::vector<core::Topic>{{"news", "News", true}, {"art", "Art", false}});
    const auto id = subscribe(stores, std::string(kFcm) + "abc:defghi-", "de-AT");
    core::PreferenceChange change;
    change.topics = {"art", "news"};
    change.user = "Jörg ";
    change.paused_until = kNow + Seconds{60};
    change.quiet_hours = core::QuietHours{std::chrono::minutes{1320}, std::chrono::minutes{420}};
    stores.preferences.change(id, change);
    subscribe(stores, std::string(kFcm) + "abc:defghi-", "de-AT", kNow + Seconds{5});

    const auto entry = stores.store.read(id);

    REQUIRE(entry);
    CHECK(entry->id == id);
    CHECK(entry->service == "fcm");
    CHECK(entry->host == "fcm.googleapis.com");
    CHECK(entry->endpoint_tail == "efghi-");
    CHECK(entry->language == "de-AT");
    CHECK(entry->timezone == "Europe/Vienna");
    CHECK(entry->created_at == kNow);
    CHECK(entry->seen_at == kNow + Seconds{5});
    CHECK_FALSE(entry->gone_at);
    CHECK(entry->paused_until == change.paused_until);
    CHECK(entry->quiet_hours == change.quiet_hours);
    CHECK(entry->topics == std::vector<std::string>{"news", "art"});
    CHECK(entry->user == "Jörg ");
    CHECK_FALSE(stores.store.read({id.value + 1'000'000}));
    CHECK_FALSE(stores.store.read({0}));
  }

  TEST_CASE_TEMPLATE("pages follow each other by id, and the last one is short", Stores,
                     MemoryRoster, RealRoster) {
    Stores stores;
    Ids all;
    for (int i = 0; i < 7; ++i) all.push_back(subscribe(stores, kFcm + std::to_string(i)));

    CHECK(found(stores, {}) == all);
    CHECK(found(stores, {}, {}, 3) == Ids{all[0], all[1], all[2]});
    CHECK(found(stores, {}, all[2], 3) == Ids{all[3], all[4], all[5]});
    CHECK(found(stores, {}, all[5], 3) == Ids{all[6]});
    CHECK(found(stores, {}, all[6], 3).empty());
    CHECK(found(stores, {}, {}, 0).empty());
  }

  TEST_CASE_TEMPLATE("no page is larger than the limit of all", Stores, MemoryRoster, RealRoster) {
    Stores stores;
    for (int i = 0; i < 201; ++i) subscribe(stores, kFcm + std::to_string(i));

    CHECK(found(stores, {}, {}, 1000).size() == core::RosterStore::kPageLimit);
  }

  TEST_CASE_TEMPLATE("each state finds its own", Stores, MemoryRoster, RealRoster) {
    Stores stores;
    const auto a = subscribe(stores, std::string(kFcm) + "a");
    const auto b = subscribe(stores, std::string(kFcm) + "b");
    const auto c = subscribe(stores, std::string(kFcm) + "c");
    const auto d = subscribe(stores, std::string(kFcm) + "d");
    core::PreferenceChange pause;
    pause.paused_until = kNow + Seconds{1};
    stores.preferences.change(b, pause);
    stores.preferences.change(d, pause);
    pause.paused_until = kNow;
    stores.preferences.change(a, pause);
    stores.store.put_away(c, kNow);
    stores.store.put_away(d, kNow);

    CHECK(found(stores, {.state = RosterState::Active}) == Ids{a});
    CHECK(found(stores, {.state = RosterState::Paused}) == Ids{b});
    CHECK(found(stores, {.state = RosterState::Gone}) == Ids{c, d});
    CHECK(found(stores, {.state = RosterState::Gone}, c) == Ids{d});
    CHECK(found(stores, {.state = RosterState::All}) == Ids{a, b, c, d});
  }

  TEST_CASE_TEMPLATE("service, language and topic are looked for, alone and together", Stores,
                     MemoryRoster, RealRoster) {
    Stores stores;
    stores.topics.replace(std::vector<core::Topic>{{"news", "News", true}, {"art", "Art", false}});
    const auto a = subscribe(stores, std::string(kFcm) + "a", "de");
    const auto b = subscribe(stores, std::string(kApple) + "b", "de-AT");
    const auto c = subscribe(stores, std::string(kMozilla) + "c", "den");
    const auto d = subscribe(stores, "https://push.example.com/d", "");
    core::PreferenceChange news, art;
    news.topics = {"news"};
    art.topics = {"news", "art"};
    stores.preferences.change(a, news);
    stores.preferences.change(b, art);

    CHECK(found(stores, {.service = "apple"}) == Ids{b});
    CHECK(found(stores, {.service = "other"}) == Ids{d});
    CHECK(found(stores, {.service = "windows"}).empty());
    CHECK(found(stores, {.language = "de"}) == Ids{a, b});
    CHECK(found(stores, {.language = "de"}, a) == Ids{b});
    CHECK(found(stores, {.language = "de-AT"}) == Ids{b});
    CHECK(found(stores, {.language = "fr"}).empty());
    CHECK(found(stores, {.topic = "news"}) == Ids{a, b});
    CHECK(found(stores, {.topic = "news"}, a) == Ids{b});
    CHECK(found(stores, {.topic = "sport"}).empty());
    CHECK(found(stores, {.service = "fcm", .language = "de", .topic = "news"}) == Ids{a});
    CHECK(found(stores, {.service = "fcm", .language = "de", .topic = "art"}).empty());
    CHECK(found(stores, {.service = "apple", .language = "de"}) == Ids{b});
    stores.store.put_away(a, kNow);
    for (const auto state : {RosterState::All, RosterState::Gone}) {
      CHECK(found(stores, {.state = state, .service = "fcm"}) == Ids{a});
      CHECK(found(stores, {.state = state, .topic = "news"}).front() == a);
      CHECK(found(stores, {.state = state, .language = "de"}).front() == a);
      CHECK(found(stores, {.state = state, .service = "windows"}).empty());
    }
    CHECK(found(stores, {.topic = "news"}) == Ids{b});
    CHECK(found(stores, {.service = "fcm"}).empty());
    CHECK(found(stores, {.state = RosterState::All, .search = std::to_string(c.value)}) == Ids{c});
  }

  TEST_CASE_TEMPLATE("an id, a user or the end of an endpoint is found, and nothing like it",
                     Stores, MemoryRoster, RealRoster) {
    Stores stores;
    const auto a = subscribe(stores, std::string(kFcm) + "xxABCDEF");
    const auto b = subscribe(stores, std::string(kFcm) + "yyABCDEF");
    const auto c = subscribe(stores, std::string(kFcm) + "zzabcdef");
    core::PreferenceChange user;
    user.user = "ABCDEF";
    stores.preferences.change(c, user);
    const auto search = [&](const std::string& text, SubscriptionId after = {}) {
      return found(stores, {.search = text}, after);
    };

    CHECK(search("ABCDEF") == Ids{a, b, c});
    CHECK(search("ABCDEF", a) == Ids{b, c});
    CHECK(search("abcdef") == Ids{c});
    CHECK(search(std::to_string(b.value)) == Ids{b});
    for (const std::string nobody : {"BCDEF", "xxABCDEF", "ABCDEF ", "%", "Jörg", "0", "-1", "1e1",
                                     "99999999999999999999999", "' OR '1'='1"}) {
      CAPTURE(nobody);
      CHECK(search(nobody).empty());
    }
    stores.store.put_away(a, kNow);
    CHECK(search("ABCDEF") == Ids{b, c});
    CHECK(found(stores, {.state = RosterState::Gone, .search = "ABCDEF"}) == Ids{a});
  }

  TEST_CASE_TEMPLATE("who is put away gets nothing, and everything again when brought back", Stores,
                     MemoryRoster, RealRoster) {
    Stores stores;
    const auto a = subscribe(stores, std::string(kFcm) + "a");

    stores.store.put_away(a, kNow);
    stores.store.put_away(a, kNow + Seconds{9});

    CHECK(stores.store.read(a)->gone_at == kNow);
    CHECK(stores.subscriptions.select({}, {}, 10, kNow).empty());
    CHECK(stores.subscriptions.read(Ids{a}).empty());
    stores.store.bring_back(a);
    stores.store.bring_back(a);
    CHECK_FALSE(stores.store.read(a)->gone_at);
    CHECK(stores.subscriptions.select({}, {}, 10, kNow) == Ids{a});
    stores.store.put_away({a.value + 1000}, kNow);
    stores.store.bring_back({a.value + 1000});
  }

  TEST_CASE("a topic of very many is filtered as one of few") {
    RealRoster stores;
    stores.topics.replace(std::vector<core::Topic>{{"news", "News", true}});
    const auto a = subscribe(stores, std::string(kFcm) + "a", "de");
    const auto b = subscribe(stores, std::string(kApple) + "b", "fr");
    const auto c = subscribe(stores, std::string(kFcm) + "c", "de");
    subscribe(stores, std::string(kFcm) + "d", "de");
    core::PreferenceChange news;
    news.topics = {"news"};
    for (const auto id : {a, b, c}) stores.preferences.change(id, news);
    stores.store.put_away(c, kNow);
    stores.session.execute(
        "INSERT INTO subscription_topic SELECT seq + 1000000000, 'news' FROM seq_1_to_20000");

    CHECK(found(stores, {.topic = "news"}) == Ids{a, b});
    CHECK(found(stores, {.topic = "news"}, a) == Ids{b});
    CHECK(found(stores, {.language = "fr", .topic = "news"}) == Ids{b});
    CHECK(found(stores, {.service = "fcm", .topic = "news"}) == Ids{a});
    CHECK(found(stores, {.state = RosterState::Gone, .topic = "news"}) == Ids{c});
    CHECK(found(stores, {.state = RosterState::All, .topic = "news"}) == Ids{a, b, c});
    stores.session.execute("DELETE FROM subscription_topic");
  }

  TEST_CASE_TEMPLATE("a page is full though many that were looked at are paused", Stores,
                     MemoryRoster, RealRoster) {
    Stores stores;
    core::PreferenceChange pause;
    pause.paused_until = kNow + Seconds{1};
    Ids awake;
    for (int i = 0; i < 40; ++i) {
      const auto id = subscribe(stores, kFcm + std::to_string(i));
      if (i % 10 == 9)
        awake.push_back(id);
      else
        stores.preferences.change(id, pause);
    }

    CHECK(found(stores, {.language = "de"}, {}, 3) == Ids{awake[0], awake[1], awake[2]});
    CHECK(found(stores, {.service = "fcm"}, awake[0], 9) == Ids{awake[1], awake[2], awake[3]});
    CHECK(found(stores, {}, {}, 4) == awake);
  }
}

}  // namespace lamppost::contract
