// What a subscriber may see, change and erase. What is refused is in mine_refused_test.cpp.

#include "lib/web/mine.h"

#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using std::chrono::minutes;
using testing::body_of;
using testing::endpoint_url;
using testing::held;
using testing::VisitorDesk;

struct HolderDesk : VisitorDesk {
  HolderDesk() {
    topics.replace(
        std::array{core::Topic{"news", "News", true}, core::Topic{"sport", "Sport", false}});
    put(endpoint_url("a"));
  }

  const fakes::MemorySubscriptionStore::Row& row() { return subscriptions.rows().at({1}); }
  void identify(SubscriptionId id, const std::string& user) {
    preferences.change(id, {.topics = {},
                            .language = {},
                            .timezone = {},
                            .user = user,
                            .paused_until = {},
                            .quiet_hours = {}});
  }
  // A campaign to the first subscription, in which it met that fate.
  void send(const std::string& payload, core::Fate fate) {
    core::NewCampaign campaign{};
    campaign.message_id[0] = ++sent_;
    campaign.message.payload = payload;
    const auto id = campaigns.create(campaign, clock.now()).id;
    shards.cut(id, 0, std::array{SubscriptionId{1}});
    auto shard = std::get<core::Shard>(
        shards.claim(id, core::LeaseOwner{1}, clock.now(), clock.now() + Seconds{60}));
    shard.fates = {fate};
    REQUIRE(shards.advance(shard, clock.now(), clock.now(), clock.now()));
  }

 private:
  std::uint8_t sent_ = 0;
};

json::Value member(const Response& response, const std::string& name) {
  CHECK(response.status == 200);
  return *body_of(response).find("result")->object()->find(name);
}

TEST_SUITE("web.mine") {
  TEST_CASE("who has chosen nothing yet sees what there is") {
    HolderDesk desk;
    const auto now = std::to_string(desk.clock.now().time_since_epoch().count());
    desk.clock.advance(Seconds{5});

    const auto response = desk.mine(held("a"));

    CHECK(response.status == 200);
    CHECK(response.body == R"({"status":"success","result":{"created_at":)" + now +
                               R"(,"seen_at":)" + now +
                               R"(,"language":"","timezone":"","topics":[],"pause_until":null,)"
                               R"("quiet_hours":null,"user":null,"devices":1,"recent":[]}})");
  }

  TEST_CASE("what is changed is stored and told") {
    HolderDesk desk;
    const auto until = desk.clock.now() + Seconds{60};
    const auto text = std::to_string(until.time_since_epoch().count());

    const auto response =
        desk.change(held("a", R"("topics":["sport","news"],"language":"de-AT","timezone":"UTC",)"
                              R"("pause_until":)" +
                                  text + R"(,"quiet_hours":{"from":"22:00","to":"07:00"})"));

    CHECK(response.status == 200);
    CHECK(response.body == desk.mine(held("a")).body);
    CHECK(json::write(member(response, "topics")) == R"(["news","sport"])");
    CHECK(json::write(member(response, "language")) == R"("de-AT")");
    CHECK(json::write(member(response, "timezone")) == R"("UTC")");
    CHECK(json::write(member(response, "pause_until")) == text);
    CHECK(json::write(member(response, "quiet_hours")) == R"({"from":"22:00","to":"07:00"})");
    CHECK(desk.row().paused_until == until);
    CHECK(desk.row().quiet_hours == core::QuietHours{minutes{1320}, minutes{420}});
  }

  TEST_CASE("what is not given stays as it is, null ends it") {
    HolderDesk desk;
    desk.change(held("a", R"("topics":["news"],"language":"de","pause_until":)" +
                              std::to_string(desk.clock.now().time_since_epoch().count() + 60) +
                              R"(,"quiet_hours":{"from":"22:00","to":"07:00"})"));

    desk.change(held("a", R"("timezone":"UTC")"));

    CHECK(desk.row().topics == std::vector<std::string>{"news"});
    CHECK(desk.row().content.language == "de");
    CHECK(desk.row().paused_until);
    CHECK(desk.row().quiet_hours);
    desk.change(held("a", R"("pause_until":null,"quiet_hours":null,"topics":[])"));
    CHECK(desk.row().topics.empty());
    CHECK_FALSE(desk.row().paused_until);
    CHECK_FALSE(desk.row().quiet_hours);
  }

  TEST_CASE("a pause that is over is none") {
    HolderDesk desk;
    const auto now = desk.clock.now().time_since_epoch().count();

    desk.change(held("a", R"("pause_until":)" + std::to_string(now + 1)));
    CHECK_FALSE(member(desk.mine(held("a")), "pause_until").is_null());
    desk.clock.advance(Seconds{1});

    CHECK(member(desk.mine(held("a")), "pause_until").is_null());
  }

  TEST_CASE("the user and the number of the user's devices are told") {
    HolderDesk desk;
    desk.put(endpoint_url("b"));
    desk.put(endpoint_url("c"));
    desk.identify({1}, "anna");
    desk.identify({2}, "ben");
    desk.identify({3}, "anna");

    CHECK(json::write(member(desk.mine(held("a")), "user")) == R"("anna")");
    CHECK(*member(desk.mine(held("a")), "devices").integer() == 2);
    CHECK(*member(desk.mine(held("b")), "devices").integer() == 1);
  }

  TEST_CASE("the newest five messages are told with what became of them, the newest first") {
    HolderDesk desk;
    const auto begun = desk.clock.now().time_since_epoch().count();
    for (const auto* title : {"1", "2", "3", "4", "5", "6"}) {
      desk.send(std::string(R"({"web_push":8030,"notification":{"title":")") + title + R"("}})",
                core::Fate::Accepted);
      desk.clock.advance(Seconds{10});
    }

    const auto recent = member(desk.mine(held("a")), "recent");

    REQUIRE(recent.array());
    REQUIRE(recent.array()->size() == 5);
    CHECK(json::write(recent.array()->front()) ==
          R"({"title":"6","at":)" + std::to_string(begun + 50) + R"(,"fate":"accepted"})");
    CHECK(*recent.array()->back().object()->find("title")->text() == "2");
  }

  TEST_CASE("every fate has its word") {
    using enum core::Fate;
    for (const auto& [fate, word] :
         {std::pair{Waiting, "waiting"}, std::pair{HandedOut, "waiting"},
          std::pair{Later, "waiting"}, std::pair{Accepted, "accepted"}, std::pair{Gone, "gone"},
          std::pair{Failed, "failed"}, std::pair{Expired, "expired"}, std::pair{Unsure, "unsure"},
          std::pair{UnsureKept, "unsure"}, std::pair{UnsureAsked, "unsure"},
          std::pair{Skipped, "skipped"}}) {
      HolderDesk desk;
      desk.send("no JSON", fate);
      CAPTURE(word);

      CHECK(json::write(member(desk.mine(held("a")), "recent"))
                .ends_with(std::string(R"(,"fate":")") + word + R"("}])"));
    }
  }

  TEST_CASE("one that its push service has ended is still held here, and told") {
    HolderDesk desk;
    desk.subscriptions.mark_gone(std::array{SubscriptionId{1}}, desk.clock.now());

    CHECK(desk.mine(held("a")).status == 200);
  }

  TEST_CASE("delete erases this one and nothing else") {
    HolderDesk desk;
    desk.put(endpoint_url("b"));
    desk.identify({1}, "anna");
    desk.identify({2}, "anna");

    const auto response = desk.mine(held("a", R"("delete":true)"));

    CHECK(response.status == 200);
    CHECK(response.body == R"({"status":"success"})");
    CHECK(desk.subscriptions.rows().size() == 1);
    CHECK(desk.subscriptions.rows().contains({2}));
    CHECK(desk.mine(held("a")).status == 404);
  }

  TEST_CASE("delete of all devices erases those of this user, not of others") {
    HolderDesk desk;
    for (const auto* name : {"b", "c", "d"}) desk.put(endpoint_url(name));
    desk.identify({1}, "anna");
    desk.identify({2}, "anna");
    desk.identify({3}, "ben");

    CHECK(desk.mine(held("a", R"("delete":"devices")")).body == R"({"status":"success"})");

    CHECK(desk.subscriptions.rows().size() == 2);
    CHECK(desk.subscriptions.rows().contains({3}));
    CHECK(desk.subscriptions.rows().contains({4}));
  }

  TEST_CASE("delete that is false or null erases nothing") {
    HolderDesk desk;

    CHECK(desk.mine(held("a", R"("delete":false)")).body == desk.mine(held("a")).body);
    CHECK(desk.mine(held("a", R"("delete":null)")).body == desk.mine(held("a")).body);
  }
}

}  // namespace
}  // namespace lamppost::web
