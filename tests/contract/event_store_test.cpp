// What every EventStore does.

#include <doctest/doctest.h>

#include "lib/mysql/campaigns.h"
#include "lib/mysql/events.h"
#include "tests/contract/database.h"
#include "tests/fakes/memory_event_store.h"

namespace lamppost::contract {
namespace {

using core::EventKind;
using core::MessageId;

constexpr Time kNow{Seconds{1'800'000'000}};  // a full hour
constexpr Seconds kHour{3600};
constexpr MessageId kMessage{1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ' '};
constexpr MessageId kOther{9};

std::string_view word(EventKind kind) {
  return kind == EventKind::Shown ? "shown" : kind == EventKind::Clicked ? "clicked" : "closed";
}

struct MemoryEvents {
  fakes::MemoryEventStore store;
  void send(const MessageId& message) { store.sent.insert(message); }
  std::uint64_t times(EventKind kind, const std::string& action, Time hour) {
    const auto found = store.times.find({kMessage, kind, action, hour});
    return found == store.times.end() ? 0 : found->second;
  }
};

struct RealEvents {
  RealEvents() {
    session.execute("DELETE FROM event");
    session.execute("DELETE FROM campaign");
  }
  core::NewCampaign order(const MessageId& message, core::CampaignState state) {
    core::NewCampaign order{};
    order.message_id = message;
    order.state = state;
    return order;
  }
  void send(const MessageId& message) {
    campaigns.create(order(message, core::CampaignState::Preparing), kNow);
  }
  std::uint64_t times(EventKind kind, const std::string& action, Time hour) {
    return number(session,
                  "SELECT COALESCE(SUM(times), 0) FROM event WHERE kind = '" +
                      std::string(word(kind)) + "' AND action = '" + action +
                      "' AND hour_at = " + std::to_string(hour.time_since_epoch().count()));
  }
  mysql::Session session{login()};
  mysql::Campaigns campaigns{session};
  mysql::Events store{session};
};

}  // namespace
}  // namespace lamppost::contract

TYPE_TO_STRING_AS("memory", lamppost::contract::MemoryEvents);
TYPE_TO_STRING_AS("mysql", lamppost::contract::RealEvents);

namespace lamppost::contract {

TEST_SUITE("contract.event_store") {
  TEST_CASE_TEMPLATE("reports are counted by kind, button and hour", Stores, MemoryEvents,
                     RealEvents) {
    Stores at;
    at.send(kMessage);

    CHECK(at.store.count(kMessage, EventKind::Shown, "", kNow));
    CHECK(at.store.count(kMessage, EventKind::Shown, "", kNow + kHour - Seconds{1}));
    CHECK(at.store.count(kMessage, EventKind::Shown, "", kNow + kHour));
    CHECK(at.store.count(kMessage, EventKind::Clicked, "", kNow));
    CHECK(at.store.count(kMessage, EventKind::Clicked, "1", kNow));
    CHECK(at.store.count(kMessage, EventKind::Clicked, "1", kNow));
    CHECK(at.store.count(kMessage, EventKind::Closed, "", kNow));

    CHECK(at.times(EventKind::Shown, "", kNow) == 2);
    CHECK(at.times(EventKind::Shown, "", kNow + kHour) == 1);
    CHECK(at.times(EventKind::Clicked, "", kNow) == 1);
    CHECK(at.times(EventKind::Clicked, "0", kNow) == 0);
    CHECK(at.times(EventKind::Clicked, "1", kNow) == 2);
    CHECK(at.times(EventKind::Closed, "", kNow) == 1);
  }

  TEST_CASE_TEMPLATE("a message that nobody was sent counts for nothing", Stores, MemoryEvents,
                     RealEvents) {
    Stores at;
    at.send(kMessage);

    CHECK_FALSE(at.store.count(kOther, EventKind::Shown, "", kNow));
    CHECK(at.times(EventKind::Shown, "", kNow) == 0);
  }

  TEST_CASE("a draft is no message that somebody could have been shown") {
    RealEvents at;
    at.campaigns.create(at.order(kMessage, core::CampaignState::Draft), kNow);

    CHECK_FALSE(at.store.count(kMessage, EventKind::Shown, "", kNow));
  }
}

}  // namespace lamppost::contract
