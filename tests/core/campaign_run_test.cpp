// How a run walks its audience. What becomes of each recipient is in campaign_run_fates_test.cpp.

#include "lib/core/campaign_run.h"

#include <doctest/doctest.h>

#include <map>

#include "tests/core/sending.h"

namespace lamppost::core {
namespace {

using fakes::ScriptedPushService;
using testing::endpoint_url;
using testing::Sending;

std::map<std::string, int> sent_by_url(const Sending& sending) {
  std::map<std::string, int> sent;
  for (const auto& request : sending.push.requests()) ++sent[request.url];
  return sent;
}

TEST_SUITE("core.campaign_run") {
  TEST_CASE("with nobody to send to it is finished at once") {
    Sending sending;

    const auto done = sending.run();

    CHECK(done.id == CampaignId{7});
    CHECK(done.state == CampaignState::Finished);
    CHECK(done.counts.audience() == 0);
    CHECK(done.services.empty());
    CHECK(sending.pages.empty());
  }

  TEST_CASE("page over page, everybody is sent to once and nobody twice") {
    using enum ScriptedPushService::Order;
    for (const std::size_t many : {1u, 2u, 499u, 500u, 501u, 1000u, 1201u})
      for (const auto order : {AsAsked, Reversed, Shuffled}) {
        CAPTURE(many);
        CAPTURE(static_cast<int>(order));
        Sending sending;
        sending.subscribe_many(many);
        sending.push.order = order;
        sending.push.streams = 70;

        const auto done = sending.run();

        const auto sent = sent_by_url(sending);
        CHECK(sent.size() == many);
        CHECK(sending.push.requests().size() == many);
        CHECK(done.state == CampaignState::Finished);
        CHECK(done.counts[Fate::Accepted] == many);
        CHECK(done.counts.audience() == many);
        CHECK(sending.fates == std::vector(many, Fate::Accepted));
        CHECK(sending.pages.size() == (many + 499) / 500);
      }
  }

  TEST_CASE("memory is a page's, however many there are") {
    Sending sending;
    sending.subscribe_many(1201);

    sending.run();

    CHECK(sending.subscriptions.largest_page == 500);
    CHECK(sending.pages == std::vector<std::size_t>{500, 500, 201});
  }

  TEST_CASE("who subscribes while it goes on is sent to too, and once") {
    Sending sending;
    sending.subscribe_many(500);
    bool joined = false;
    sending.after_page = [&] {
      if (!joined) sending.subscribe(endpoint_url("late"));
      joined = true;
    };

    const auto done = sending.run();

    CHECK(sent_by_url(sending).at(endpoint_url("late")) == 1);
    CHECK(done.counts[Fate::Accepted] == 501);
  }

  TEST_CASE(
      "who leaves between being selected and being read is skipped, the rest keep their place") {
    Sending sending;
    sending.subscribe_many(4);
    sending.push.script[endpoint_url("3")] = {.status = 410};
    sending.subscriptions.before_read = [&] { sending.subscriptions.remove(endpoint_url("1")); };

    const auto done = sending.run();

    CHECK(sending.fates == std::vector{Fate::Accepted, Fate::Skipped, Fate::Accepted, Fate::Gone});
    CHECK(done.counts[Fate::Skipped] == 1);
    CHECK(done.counts.audience() == 4);
  }

  TEST_CASE("it stops between two pages, what is out is settled") {
    Sending sending;
    sending.subscribe_many(1201);
    sending.stop = [&] { return sending.pages.size() == 1; };

    const auto done = sending.run();

    CHECK(done.state == CampaignState::Sending);
    CHECK(done.counts[Fate::Accepted] == 500);
    CHECK(done.counts.waiting() == 0);
    CHECK(sending.push.requests().size() == 500);
  }

  TEST_CASE("asked to stop before it began, it sends nothing") {
    Sending sending;
    sending.subscribe_many(3);
    sending.stop = [] { return true; };

    CHECK(sending.run().state == CampaignState::Sending);
    CHECK(sending.push.requests().empty());
  }

  TEST_CASE("it tells every 5 s within a page, with the counts of that moment") {
    Sending sending;
    sending.subscribe_many(12);
    sending.push.streams = 2;
    sending.push.reply_time = Seconds{1};

    sending.run();

    // A reply a second: the tick of the fifth second comes before the fifth reply is in.
    REQUIRE(sending.told.size() == 2);
    CHECK(sending.told[0].counts[Fate::Accepted] == 4);
    CHECK(sending.told[0].counts.waiting() == 8);
    CHECK(sending.told[0].counts.audience() == 12);
    CHECK(sending.told[0].state == CampaignState::Sending);
    CHECK(sending.told[0].services.at("push.example.net").counts[Fate::Accepted] == 4);
    CHECK(sending.told[1].counts[Fate::Accepted] == 9);
  }

  TEST_CASE("it tells every 5 s although each page is quicker than a tick") {
    Sending sending;
    sending.subscribe_many(1201);
    sending.after_page = [&] { sending.clock.advance(Seconds{5}); };

    sending.run();

    REQUIRE(sending.told.size() == 3);
    CHECK(sending.told[0].counts[Fate::Accepted] == 500);
    CHECK(sending.told[2].counts[Fate::Accepted] == 1201);
  }

  TEST_CASE("what takes less than 5 s is not told of") {
    Sending sending;
    sending.subscribe_many(4);
    sending.push.streams = 1;
    sending.push.reply_time = Seconds{1};

    sending.run();

    CHECK(sending.told.empty());
  }

  TEST_CASE("a database that goes away ends the run, and what was sent is not sent again") {
    Sending sending;
    sending.subscribe_many(600);
    sending.after_page = [&] { sending.subscriptions.rows.away = true; };

    CHECK_THROWS_AS(sending.run(), StoreFailure);

    CHECK(sending.push.requests().size() == 500);
    CHECK(sending.pages.size() == 1);
  }

  TEST_CASE("a database that is away when a page is read lets nothing out") {
    Sending sending;
    sending.subscribe_many(3);
    sending.subscriptions.before_read = [&] { sending.subscriptions.rows.away = true; };

    CHECK_THROWS_AS(sending.run(), StoreFailure);
    CHECK(sending.push.requests().empty());
  }

  TEST_CASE("a request carries the message's lifetime and the key that the subscription knows") {
    Sending sending;
    webpush::Vapid other{crypto::KeyPair::generate(), "mailto:push@example.com"};
    const auto other_key = other.public_key();
    sending.vapid.add(2, std::move(other));
    sending.subscribe(endpoint_url("a"));
    sending.subscribe(endpoint_url("b"), 2);

    sending.run();

    REQUIRE(sending.push.requests().size() == 2);
    const auto has = [&](std::size_t i, const std::string& part) {
      return std::ranges::any_of(sending.push.requests()[i].headers, [&](const auto& header) {
        return header.find(part) != std::string::npos;
      });
    };
    CHECK(has(0, "TTL: 86400"));
    CHECK_FALSE(has(0, ", k=" + other_key));
    CHECK(has(1, ", k=" + other_key));
    CHECK_FALSE(sending.push.requests()[0].body.empty());
  }
}

}  // namespace
}  // namespace lamppost::core
