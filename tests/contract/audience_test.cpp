// Whom every SubscriptionStore takes for the audience of an expression.

#include <doctest/doctest.h>

#include <map>

#include "lib/core/service.h"
#include "lib/mysql/preferences.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/topics.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/fakes/memory_preference_store.h"

namespace lamppost::contract {
namespace {

using core::Audience;

struct MemoryCrowd {
  fakes::MemorySubscriptionStore store;
  fakes::MemoryTopicStore topics{store};
  fakes::MemoryPreferenceStore preferences{store, topics};
};

struct RealCrowd {
  RealCrowd() {
    for (const auto* table : {"subscription", "preference", "subscription_topic", "topic"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Subscriptions store{session};
  mysql::Topics topics{session};
  mysql::Preferences preferences{session};
};

constexpr Time kNow{Seconds{1'800'000'000}};
constexpr std::chrono::days kDay{1};

constexpr std::array<const char*, 6> kHosts{
    "fcm.googleapis.com", "updates.push.services.mozilla.com",
    "web.push.apple.com", "db5p.notify.windows.com",
    "push.example.com",   "jmt17.google.com"};
constexpr std::array<const char*, 6> kLanguages{"", "de", "de-AT", "DE-ch", "den", "en-US"};
constexpr std::array<const char*, 4> kUsers{"", "42", "4\"2\\", "N\xc3\xa4 % _"};

struct Person {
  const char* host = "push.example.com";
  const char* language = "";
  Time joined = kNow, seen = kNow;
  std::vector<std::string> topics = {};
  std::string user = {};
  bool paused = false, gone = false;
};

// A name for each, by which two stores are compared: ids are each store's own.
template <class Stores>
class People {
 public:
  explicit People(Stores& at) : at_(at) {
    const core::Topic topics[] = {{"news", "News", true}, {"sport", "Sport", false}};
    at_.topics.replace(topics);
  }

  void add(const std::string& name, const Person& person) {
    auto subscription = contract::subscription(name);
    subscription.recipient.endpoint =
        webpush::Endpoint::trusted("https://" + std::string(person.host) + '/' + name);
    subscription.language = person.language;
    at_.store.put(subscription, person.joined);
    const auto id = at_.store.put(subscription, person.seen).id;
    core::PreferenceChange change;
    change.topics = person.topics;
    if (!person.user.empty()) change.user = person.user;
    if (person.paused) change.paused_until.emplace(kNow + Seconds{1});
    at_.preferences.change(id, change);
    if (person.gone) at_.store.mark_gone(std::array{id}, kNow);
    names_[id] = name;
  }

  /// In the order in which they were added; in pages of `page`.
  std::vector<std::string> in(const std::string& expression, std::size_t page = 1000) {
    const auto audience = Audience::parse(expression);
    REQUIRE_MESSAGE(audience, expression);
    std::vector<std::string> chosen;
    for (SubscriptionId after{};;) {
      const auto ids = at_.store.select(*audience, after, page, kNow);
      for (const auto id : ids) chosen.push_back(names_.at(id));
      if (ids.size() < page) return chosen;
      after = ids.back();
    }
  }
  core::AudienceCount count(const std::string& expression) {
    return at_.store.count(*Audience::parse(expression), kNow);
  }

 private:
  Stores& at_;
  std::map<SubscriptionId, std::string> names_;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : source_(seed) {}
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>{0, limit - 1}(source_);
  }
  template <class List>
  auto one_of(const List& list) {
    return list[below(std::size(list))];
  }

  Person person() {
    Person it;
    it.host = one_of(kHosts);
    it.language = one_of(kLanguages);
    it.joined = kNow - kDay * below(5);
    it.seen = it.joined + (kNow - it.joined) / 2;
    if (below(2) == 0) it.topics.push_back("news");
    if (below(3) == 0) it.topics.push_back("sport");
    it.user = one_of(kUsers);
    it.paused = below(7) == 0;
    it.gone = below(9) == 0;
    return it;
  }

  std::string expression(int depth = 0) {
    static constexpr std::array<const char*, 16> kTerms{
        "news",           "topic:sport",         "nobody",
        "lang:de",        "lang:de-at",          "lang:en",
        "service:fcm",    "service:apple",       "seen:1d",
        "seen:3d",        "joined:2d",           "user:42",
        "service:other",  "user:\"4\\\"2\\\\\"", "user:\"N\xc3\xa4 % _\"",
        "service:mozilla"};
    if (depth == 4 || below(3) == 0) return one_of(kTerms);
    switch (below(3)) {
      case 0:
        return "!(" + expression(depth + 1) + ')';
      case 1:
        return '(' + expression(depth + 1) + " && " + expression(depth + 1) + ')';
      default:
        return '(' + expression(depth + 1) + " || " + expression(depth + 1) + ')';
    }
  }

 private:
  std::mt19937 source_;
};

using Names = std::vector<std::string>;
using Services = std::vector<core::AudienceCount::Service>;

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryCrowd);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealCrowd);

namespace lamppost::contract {

TEST_SUITE("contract.audience") {
  TEST_CASE_TEMPLATE("each condition chooses those that it says", Stores, MemoryCrowd, RealCrowd) {
    Stores at;
    People people(at);
    people.add("none", {});
    people.add("news", {.topics = {"news"}});
    people.add("both", {.topics = {"news", "sport"}});
    people.add("de", {.language = "de"});
    people.add("at", {.language = "de-AT"});
    people.add("den", {.language = "den"});
    people.add("old", {.joined = kNow - kDay * 10, .seen = kNow - kDay * 5});
    people.add("back", {.joined = kNow - kDay * 10});
    people.add("anna", {.user = "42"});
    people.add("hers", {.user = "42 "});

    CHECK(people.in("").size() == 10);
    CHECK(people.in("news") == Names{"news", "both"});
    CHECK(people.in("sport") == Names{"both"});
    CHECK(people.in("culture") == Names{});
    CHECK(people.in("lang:de") == Names{"de", "at"});
    CHECK(people.in("lang:DE-at") == Names{"at"});
    CHECK(people.in("!seen:4d") == Names{"old"});
    CHECK(people.in("!joined:4d") == Names{"old", "back"});
    CHECK(people.in("seen:5d && !seen:4d") == Names{"old"});
    CHECK(people.in("user:42") == Names{"anna"});
    CHECK(people.in("user:\"42 \"") == Names{"hers"});
    CHECK(people.in("news && !sport || lang:den") == Names{"news", "den"});
    CHECK(people.in("(news || lang:de) && !(sport || lang:de-at)") == Names{"news", "de"});
  }

  TEST_CASE_TEMPLATE("a topic that goes has no audience, and none when it comes back", Stores,
                     MemoryCrowd, RealCrowd) {
    Stores at;
    People people(at);
    people.add("a", {.topics = {"news", "sport"}});
    const core::Topic sport[] = {{"sport", "Sport", false}};
    const core::Topic news[] = {{"news", "News", false}};

    at.topics.replace(sport);

    CHECK(people.in("news").empty());
    CHECK(people.in("sport") == Names{"a"});
    at.topics.replace(news);
    CHECK(people.in("news || sport").empty());
  }

  TEST_CASE_TEMPLATE("counts are by service, without gone ones, and with paused ones beside",
                     Stores, MemoryCrowd, RealCrowd) {
    Stores at;
    People people(at);
    CHECK(people.count("").all() == 0);
    people.add("a", {.host = "web.push.apple.com", .topics = {"news"}});
    people.add("b", {.host = "fcm.googleapis.com:443"});
    people.add("c", {.host = "fcm.googleapis.com", .topics = {"news"}, .paused = true});
    people.add("d", {.host = "jmt17.google.com", .topics = {"news"}});
    people.add("e", {.host = "web.push.apple.com", .topics = {"news"}, .gone = true});
    people.add("f", {.host = "web.push.apple.com", .paused = true, .gone = true});

    const auto all = people.count("");
    const auto news = people.count("news");

    CHECK(all.services == Services{{"fcm", 2}, {"apple", 1}});
    CHECK(all.paused == 1);
    CHECK(all.all() == 3);
    CHECK(news.services == Services{{"fcm", 1}, {"apple", 1}});
    CHECK(news.paused == 1);
    CHECK(people.count("service:mozilla").services.empty());
  }

  TEST_CASE("the schema names a service as the code does, whatever an endpoint looks like") {
    RealCrowd at;
    People people(at);
    int n = 0;
    for (const std::string host :
         {"fcm.googleapis.com", "fcm.googleapis.com:443", "jmt17.google.com",
          "evil-fcm.googleapis.com", "fcm.googleapis.com.example.com",
          "updates.push.services.mozilla.com", "push.services.mozilla.com",
          "xpush.services.mozilla.com", "a.b.push.apple.com:8443", "web.push.apple.com",
          "push.apple.com", "web.push.apple.com.evil.example", "db5.notify.windows.com",
          "notify.windows.com", "localhost:9443", "example.com"})
      for (const std::string path : {"/x", "/fcm.googleapis.com/", "//web.push.apple.com/y:1",
                                     "/?https://fcm.googleapis.com/", "/%2f.push.apple.com"}) {
        auto given = subscription(std::to_string(++n));
        given.recipient.endpoint = webpush::Endpoint::trusted("https://" + host + path);
        const auto id = at.store.put(given, kNow).id;
        CAPTURE(given.recipient.endpoint.url());
        CHECK(text(at.session,
                   "SELECT service FROM subscription WHERE id = " + std::to_string(id.value)) ==
              core::service_of(given.recipient.endpoint.host()));
      }
  }

  TEST_CASE("the fake and the database choose the same of a crowd, whatever is asked") {
    MemoryCrowd memory;
    RealCrowd real;
    People imagined(memory);
    People stored(real);
    Dice dice{20'261'124};
    for (int i = 0; i < 300; ++i) {
      const auto person = dice.person();
      imagined.add("p" + std::to_string(i), person);
      stored.add("p" + std::to_string(i), person);
    }

    std::size_t some = 0;
    for (int i = 0; i < 250; ++i) {
      const auto expression = dice.expression();
      CAPTURE(expression);
      const auto chosen = stored.in(expression, 1 + dice.below(200));
      const auto count = stored.count(expression);
      CHECK(chosen == imagined.in(expression));
      CHECK(count.services == imagined.count(expression).services);
      CHECK(count.paused == imagined.count(expression).paused);
      CHECK(count.all() == chosen.size());
      if (!chosen.empty() && chosen.size() < 200) ++some;
    }
    CHECK(some > 100);
  }

  TEST_CASE("an audience with segments is never looked up") {
    MemoryCrowd memory;
    RealCrowd real;
    const auto audience = *Audience::parse("segment:regulars");
    memory.store.put(subscription("a"), kNow);

    CHECK_THROWS_AS(memory.store.select(audience, {0}, 1, kNow), Failure);
    CHECK_THROWS_AS(real.store.select(audience, {0}, 1, kNow), Failure);
  }
}

}  // namespace lamppost::contract
