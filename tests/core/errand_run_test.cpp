#include "lib/core/errand_run.h"

#include <doctest/doctest.h>

#include "tests/core/engine.h"
#include "tests/fakes/memory_errand_store.h"

namespace lamppost::core {
namespace {

using testing::endpoint_url;
using Answer = testing::TimedPushService::Answer;

struct Street : testing::Engine {
  Street() {
    push.on_request = [this](const auto& request) { sent.push_back(request.url); };
  }
  fakes::MemoryErrandStore errands;
  Site site{"https://site.example", {}};
  std::vector<std::string> sent;

  ErrandRun make() { return {ports, errands, site, {.site_name = "The Lamp"}}; }
  std::size_t run_once() {
    auto run = make();
    return run.run(stop);
  }
  void ask(const std::string& name, ErrandKind kind = ErrandKind::Welcome) {
    errands.add({subscribe(endpoint_url(name)), kind, ""}, clock.now());
  }
  std::size_t waiting() { return errands.waiting({}, 1000).size(); }
};

TEST_SUITE("core.errand_run") {
  TEST_CASE("whoever asked gets one, in the order of asking, and nobody else does") {
    Street street;
    street.subscribe(endpoint_url("other"));
    street.ask("a");
    street.ask("b", ErrandKind::Test);

    CHECK(street.run_once() == 2);
    CHECK(street.run_once() == 0);

    CHECK(street.sent == std::vector<std::string>{endpoint_url("a"), endpoint_url("b")});
    CHECK(street.waiting() == 0);
  }

  TEST_CASE("more than a page are all sent") {
    Street street;
    for (int i = 0; i < 250; ++i) street.ask(std::to_string(i));

    CHECK(street.run_once() == 250);
    CHECK(street.sent.size() == 250);
  }

  TEST_CASE("an errand is taken before it is sent, and is not sent when another was quicker") {
    Street street;
    street.ask("a");
    street.ask("b");
    street.push.on_request = [&](const auto& request) {
      street.sent.push_back(request.url);
      CHECK(street.waiting() == 0);
    };
    bool stolen = false;
    street.errands.before = [&](std::string_view call) {
      if (call != "take" || std::exchange(stolen, true)) return;
      street.errands.take(street.errands.waiting({}, 1)[0].id);
    };

    CHECK(street.run_once() == 1);

    CHECK(street.sent == std::vector<std::string>{endpoint_url("b")});
  }

  TEST_CASE("a lost answer to the taking sends nothing: once at most") {
    Street street;
    street.ask("a");
    street.errands.after = [](std::string_view call) {
      if (call == "take") throw StoreFailure("lost");
    };

    CHECK_THROWS_AS(street.run_once(), StoreFailure);
    street.errands.after = [](std::string_view) {};
    CHECK(street.run_once() == 0);

    CHECK(street.sent.empty());
  }

  TEST_CASE("what nobody waits for any more is forgotten") {
    Street street;
    street.ask("late");
    street.clock.advance(ErrandStore::kLife);
    street.ask("young");

    CHECK(street.run_once() == 1);

    CHECK(street.sent == std::vector<std::string>{endpoint_url("young")});
    CHECK(street.waiting() == 0);
  }

  TEST_CASE("who has gone, a foreign key and an endpoint that is not allowed get nothing") {
    Street street;
    street.ask("gone");
    street.subscriptions.remove(endpoint_url("gone"));
    street.errands.add(
        {street.subscribe(endpoint_url("key"), testing::kKeyId + 1), ErrandKind::Test, ""},
        street.clock.now());
    street.errands.add({street.subscribe("https://169.254.0.1/x"), ErrandKind::Test, ""},
                       street.clock.now());

    CHECK(street.run_once() == 0);

    CHECK(street.sent.empty());
    CHECK(street.waiting() == 0);
  }

  TEST_CASE("words that no message holds are told and end nothing") {
    Street street;
    street.ask("a");
    street.ask("b", ErrandKind::Test);
    ErrandRun run(street.ports, street.errands, street.site,
                  {.site_name = "x", .welcome_body = std::string(4000, 'x')});

    CHECK(run.run(street.stop) == 1);

    CHECK(street.sent == std::vector<std::string>{endpoint_url("b")});
    CHECK(street.waiting() == 0);
  }

  TEST_CASE("while its push service rests an errand waits, others do not") {
    Street street;
    street.ask("a");
    street.errands.add({street.subscribe("https://other.example.net/x"), ErrandKind::Test, ""},
                       street.clock.now());
    street.services.note({.service = testing::kService,
                          .rest_until = street.clock.now() + Seconds{60},
                          .denied_since = std::nullopt,
                          .reason = "429"});
    auto run = street.make();

    CHECK(run.run(street.stop) == 1);
    CHECK(street.waiting() == 1);
    street.clock.advance(Seconds{60});
    CHECK(run.run(street.stop) == 1);

    CHECK(street.sent.back() == endpoint_url("a"));
  }

  TEST_CASE("a service that asks for a rest gets it, from all workers") {
    Street street;
    street.push.streams = 1;
    for (int i = 0; i < 3; ++i) street.ask(std::to_string(i));
    street.push.answer = [](const auto&) {
      return Answer{.status = 429, .retry_after = Seconds{30}};
    };

    CHECK(street.run_once() == 0);

    CHECK(street.sent.size() == 1);
    CHECK(street.waiting() == 2);
    CHECK(street.services.states().at(0).rest_until >= street.clock.now() + Seconds{30});
  }

  TEST_CASE("nobody is marked as gone for an errand's sake") {
    Street street;
    street.ask("a");
    street.push.answer = [](const auto&) { return Answer{.status = 410}; };

    CHECK(street.run_once() == 0);

    CHECK(street.gone().empty());
    CHECK(street.waiting() == 0);
  }

  TEST_CASE("asked to stop, it leaves what it has not taken") {
    Street street;
    street.push.streams = 1;
    for (int i = 0; i < 3; ++i) street.ask(std::to_string(i));
    street.stop = [&] { return street.sent.size() == 1; };

    street.run_once();

    CHECK(street.sent.size() == 1);
    CHECK(street.waiting() == 2);
  }
}

}  // namespace
}  // namespace lamppost::core
