// What every TopicStore does.

#include <doctest/doctest.h>

#include "lib/mysql/preferences.h"
#include "lib/mysql/subscriptions.h"
#include "lib/mysql/topics.h"
#include "tests/contract/database.h"
#include "tests/contract/samples.h"
#include "tests/fakes/memory_preference_store.h"

namespace lamppost::contract {
namespace {

using core::Topic;

struct MemoryTopics {
  fakes::MemorySubscriptionStore subscriptions;
  fakes::MemoryTopicStore store{subscriptions};
  fakes::MemoryPreferenceStore preferences{subscriptions, store};
};

struct RealTopics {
  RealTopics() {
    for (const auto* table : {"subscription", "preference", "subscription_topic", "topic"})
      session.execute(std::string("DELETE FROM ") + table);
  }
  mysql::Session session{login()};
  mysql::Subscriptions subscriptions{session};
  mysql::Topics store{session};
  mysql::Preferences preferences{session};
};

const Topic kNews{"news", "N\xc3\xa4ws \xf0\x9f\x91\x8b", true};
const Topic kSport{"sport", "Sport", false};

template <class Stores>
std::vector<std::string> topics_of(Stores& at, std::string_view name) {
  return at.preferences.find(endpoint_url(name))->topics;
}

template <class Stores>
void choose(Stores& at, SubscriptionId id, std::vector<std::string> topics) {
  core::PreferenceChange change;
  change.topics = std::move(topics);
  at.preferences.change(id, change);
}

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryTopics);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealTopics);

namespace lamppost::contract {

using List = std::vector<Topic>;

TEST_SUITE("contract.topic_store") {
  TEST_CASE_TEMPLATE("the list is the one that was put last, in its order", Stores, MemoryTopics,
                     RealTopics) {
    Stores at;

    CHECK(at.store.list().empty());
    at.store.replace(List{kSport, kNews});
    CHECK(at.store.list() == List{kSport, kNews});
    at.store.replace(List{kNews, kSport});
    CHECK(at.store.list() == List{kNews, kSport});
    at.store.replace(List{{"news", "Other", false}});
    CHECK(at.store.list() == List{{"news", "Other", false}});
    at.store.replace(List{});
    CHECK(at.store.list().empty());
  }

  TEST_CASE_TEMPLATE("50 topics with names and labels of full length come back", Stores,
                     MemoryTopics, RealTopics) {
    Stores at;
    List list;
    std::string label;
    for (int i = 0; i < 60; ++i) label += "\xf0\x9f\x91\x8b";
    for (int i = 0; i < 50; ++i)
      list.push_back({std::to_string(i) + std::string(i < 10 ? 31 : 30, '-'), label, i % 2 == 0});

    at.store.replace(list);

    CHECK(at.store.list() == list);
  }

  TEST_CASE_TEMPLATE("a topic that goes is no longer chosen, nor when it comes back", Stores,
                     MemoryTopics, RealTopics) {
    Stores at;
    at.store.replace(List{kNews, kSport});
    const auto a = at.subscriptions.put(subscription("a"), Time{}).id;
    const auto b = at.subscriptions.put(subscription("b"), Time{}).id;
    choose(at, a, {"news", "sport"});
    choose(at, b, {"news"});

    at.store.replace(List{kSport});

    CHECK(topics_of(at, "a") == std::vector<std::string>{"sport"});
    CHECK(topics_of(at, "b").empty());
    at.store.replace(List{kNews, kSport});
    CHECK(topics_of(at, "a") == std::vector<std::string>{"sport"});
    CHECK(topics_of(at, "b").empty());
  }

  TEST_CASE_TEMPLATE("a topic that only gets another label stays chosen", Stores, MemoryTopics,
                     RealTopics) {
    Stores at;
    at.store.replace(List{kNews});
    choose(at, at.subscriptions.put(subscription("a"), Time{}).id, {"news"});

    at.store.replace(List{kSport, {"news", "The news", false}});

    CHECK(topics_of(at, "a") == std::vector<std::string>{"news"});
  }

  TEST_CASE("choices that a crash left of a topic that went do not come back with it") {
    RealTopics at;
    at.store.replace(List{kNews});
    choose(at, at.subscriptions.put(subscription("a"), Time{}).id, {"news"});
    at.session.execute("DELETE FROM topic");

    CHECK(topics_of(at, "a").empty());
    at.store.replace(List{kNews});

    CHECK(topics_of(at, "a").empty());
  }

  TEST_CASE("more choices than one statement takes away go all") {
    RealTopics at;
    at.store.replace(List{kNews, kSport});
    for (const std::string topic : {"news", "sport"})
      at.session.execute("INSERT INTO subscription_topic SELECT seq, '" + topic +
                         "' FROM seq_1_to_2500");

    at.store.replace(List{kSport});

    CHECK(number(at.session, "SELECT COUNT(*) FROM subscription_topic") == 2500);
    CHECK(number(at.session, "SELECT COUNT(*) FROM subscription_topic WHERE topic_name = 'news'") ==
          0);
    at.session.execute("DELETE FROM subscription_topic");
  }
}

}  // namespace lamppost::contract
