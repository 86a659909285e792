// What the answers of a push service do to it: the column "host" of the table of answers.

#include "lib/core/breaker.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

constexpr const char* kService = "push.example.net";
constexpr Time kStart{Seconds{1'800'000'000}};

struct Answer {
  std::optional<int> status = 201;
  Seconds retry_after{0};
  std::string detail{};
  bool left = true;
  std::uint64_t tag = 1;
};

// A breaker at one instant, which the test moves.
struct Watch {
  Breaker breaker;
  Time now = kStart;
  std::vector<PushServiceState> noted;  // what would be stored

  void say(const Answer& answer, std::size_t times = 1, const std::string& service = kService) {
    for (; times > 0; --times) {
      const webpush::PushReply reply{.tag = answer.tag,
                                     .status = answer.status,
                                     .left = answer.left,
                                     .retry_after = answer.retry_after,
                                     .detail = answer.detail};
      if (auto state = breaker.note(service, reply, webpush::judge(reply), answer.detail, now))
        noted.push_back(*std::move(state));
    }
  }
  /// How long it still rests.
  Seconds rest(const std::string& service = kService) const {
    return std::max(breaker.rest_until(service) - now, Seconds{0});
  }
};

TEST_SUITE("core.breaker") {
  TEST_CASE("how many answers in a row make a service rest, and how long") {
    struct Row {
      Answer answer;
      std::size_t in_a_row;  // 0: never
      Seconds rest;
    };
    const std::vector<Row> rows{
        {{.status = 200}, 0, {}},
        {{.status = 201}, 0, {}},
        {{.status = 202}, 0, {}},
        {{.status = 204}, 0, {}},
        {{.status = 404}, 0, {}},
        {{.status = 410}, 0, {}},
        {{.status = 413}, 0, {}},
        {{.status = 301}, 0, {}},
        {{.status = 405}, 0, {}},
        {{.status = 999}, 0, {}},
        {{.status = 100}, 0, {}},
        {{.status = 401}, 5, Seconds{60}},
        {{.status = 403}, 5, Seconds{60}},
        {{.status = 400, .detail = R"({"reason":"VapidPkHashMismatch"})"}, 5, Seconds{60}},
        {{.status = 400, .detail = R"({"reason":"BadJwtToken"})"}, 5, Seconds{60}},
        {{.status = 400}, 50, Seconds{60}},
        {{.status = 406}, 1, Seconds{3600}},
        {{.status = 406, .retry_after = Seconds{900}}, 1, Seconds{901}},
        {{.status = 429}, 5, Seconds{60}},
        {{.status = 429, .retry_after = Seconds{3}}, 1, Seconds{4}},
        {{.status = 429, .retry_after = Seconds{3600}}, 1, Seconds{3601}},
        {{.status = 408}, 5, Seconds{60}},
        {{.status = 425}, 5, Seconds{60}},
        {{.status = 500}, 5, Seconds{60}},
        {{.status = 502}, 5, Seconds{60}},
        {{.status = 503}, 5, Seconds{60}},
        {{.status = 504}, 5, Seconds{60}},
        {{.status = 503, .retry_after = Seconds{120}}, 1, Seconds{121}},
        {{.status = std::nullopt, .detail = "could not connect", .left = false}, 5, Seconds{60}},
        {{.status = std::nullopt, .detail = "timed out", .left = true}, 5, Seconds{60}}};
    for (const auto& row : rows) {
      CAPTURE(row.answer.status.value_or(0));
      CAPTURE(row.answer.detail);
      CAPTURE(row.answer.retry_after.count());
      Watch watch;

      watch.say(row.answer, row.in_a_row == 0 ? 200 : row.in_a_row - 1);
      CHECK(watch.rest() == Seconds{0});
      CHECK(watch.noted.empty());
      if (row.in_a_row == 0) continue;

      watch.say(row.answer);
      CHECK(watch.rest() == row.rest);
      REQUIRE(watch.noted.size() == 1);
      CHECK(watch.noted[0].service == kService);
      CHECK(watch.noted[0].rest_until == kStart + row.rest);
      CHECK(watch.noted[0].reason == row.answer.detail);
    }
  }

  TEST_CASE("a rest is of one service alone") {
    Watch watch;
    watch.say({.status = 429, .retry_after = Seconds{30}});
    watch.say({.status = 500}, 4, "other.example.net");

    CHECK(watch.rest() == Seconds{31});
    CHECK(watch.rest("other.example.net") == Seconds{0});
    CHECK(watch.rest("unheard.example.net") == Seconds{0});
  }

  TEST_CASE("an acceptance between ends the row") {
    for (const auto& answer :
         std::vector<Answer>{{.status = 500}, {.status = 403}, {.status = 429}}) {
      CAPTURE(*answer.status);
      Watch watch;
      watch.say(answer, 4);
      watch.say({.status = 201});
      watch.say(answer, 4);

      CHECK(watch.rest() == Seconds{0});
    }
  }

  TEST_CASE("no answer says nothing when what was sent later has been accepted") {
    const auto unanswered = [](std::uint64_t tag) {
      return Answer{.status = std::nullopt, .detail = "timed out", .tag = tag};
    };
    Watch watch;
    watch.say({.status = 201, .tag = 200});

    watch.say(unanswered(199), 50);
    CHECK(watch.rest() == Seconds{0});

    watch.say(unanswered(201), 5);
    CHECK(watch.rest() == Seconds{60});
  }

  TEST_CASE("a service that says gone or refuses is not away") {
    for (const int status : {404, 410, 413}) {
      CAPTURE(status);
      Watch watch;
      watch.say({.status = 500}, 4);
      watch.say({.status = status});
      watch.say({.status = 500}, 4);

      CHECK(watch.rest() == Seconds{0});
    }
  }

  TEST_CASE("each rest is twice as long as the one before, at most 15 minutes") {
    for (const auto& answer :
         std::vector<Answer>{{.status = 503}, {.status = 401}, {.status = 429}}) {
      Watch watch;
      for (const int seconds : {60, 120, 240, 480, 900, 900}) {
        CAPTURE(*answer.status);
        CAPTURE(seconds);
        watch.say(answer, 5);
        CHECK(watch.rest() == Seconds{seconds});
        watch.now += watch.rest();
      }
      CHECK(watch.noted.back().rests == 6);
    }
  }

  TEST_CASE("an acceptance after the rest closes the breaker and the next rest is short again") {
    Watch watch;
    watch.say({.status = 503, .detail = "503 busy"}, 5);
    watch.now += Seconds{60};
    watch.say({.status = 503}, 5);
    watch.now += Seconds{120};
    watch.noted.clear();

    watch.say({.status = 201}, 3);

    REQUIRE(watch.noted.size() == 1);
    CHECK(watch.noted[0].rest_until == Time{});
    CHECK(watch.noted[0].rests == 0);
    CHECK(watch.noted[0].reason.empty());
    watch.say({.status = 503}, 5);
    CHECK(watch.rest() == Seconds{60});
  }

  TEST_CASE("who is denied is told with the service's own words, and since when") {
    Watch watch;
    watch.say({.status = 403, .detail = "403 BadJwtToken"}, 5);
    watch.now += Seconds{60};
    watch.say({.status = 403, .detail = "403 ExpiredJwt"}, 5);

    CHECK(watch.noted[1].denied_since == kStart);
    CHECK(watch.noted[1].reason == "403 ExpiredJwt");

    watch.now += Seconds{120};
    watch.say({.status = 201});
    CHECK_FALSE(watch.noted[2].denied_since);
    CHECK(watch.noted[2].reason.empty());
  }

  TEST_CASE("a reason of any length is kept to 200 bytes") {
    Watch watch;
    watch.say({.status = 406, .detail = std::string(5000, 'x')});

    CHECK(watch.noted[0].reason == std::string(200, 'x'));
  }

  TEST_CASE("stragglers of before a rest change nothing") {
    const std::vector<Answer> stragglers{{.status = 201},
                                         {.status = 410},
                                         {.status = 400},
                                         {.status = 403},
                                         {.status = 429},
                                         {.status = 503},
                                         {.status = 429, .retry_after = Seconds{5}},
                                         {.status = std::nullopt}};
    for (const auto& straggler : stragglers) {
      CAPTURE(straggler.status.value_or(0));
      CAPTURE(straggler.retry_after.count());
      Watch watch;
      watch.say({.status = 503}, 5);
      watch.noted.clear();

      watch.say(straggler, 400);

      CHECK(watch.noted.empty());
      CHECK(watch.rest() == Seconds{60});
      // Nor do they count for what comes after it.
      watch.now += Seconds{60};
      if (straggler.retry_after == Seconds{0} && straggler.status != 201) {
        watch.say(straggler);
        CHECK(watch.rest() == Seconds{0});
      }
      watch.say({.status = 503}, 5);
      CHECK(watch.rest() == Seconds{120});
    }
  }

  TEST_CASE("a longer Retry-After during a rest makes it longer, never shorter") {
    Watch watch;
    watch.say({.status = 429, .retry_after = Seconds{10}});
    watch.say({.status = 429, .retry_after = Seconds{40}});
    watch.say({.status = 429, .retry_after = Seconds{20}});

    CHECK(watch.rest() == Seconds{41});
    CHECK(watch.noted.size() == 2);
  }

  TEST_CASE("Retry-After is no failure: the next rest of failures is the first") {
    Watch watch;
    watch.say({.status = 429, .retry_after = Seconds{10}});
    watch.now += Seconds{11};
    watch.say({.status = 500}, 5);

    CHECK(watch.rest() == Seconds{60});
  }

  TEST_CASE("400s are borne up to a fifth of the answers") {
    Watch watch;
    watch.say({.status = 400}, 40);
    watch.say({.status = 201}, 160);
    CHECK(watch.rest() == Seconds{0});

    watch.say({.status = 400, .detail = "400 BadWebPushTopic"});

    CHECK(watch.rest() == Seconds{60});
    CHECK(watch.noted[0].reason == "400 BadWebPushTopic");
    CHECK_FALSE(watch.noted[0].denied_since);
  }

  TEST_CASE("too few answers say nothing about a share") {
    Watch watch;
    watch.say({.status = 400}, 49);

    CHECK(watch.rest() == Seconds{0});
  }

  TEST_CASE("a rest that another worker found out holds here too, and its end") {
    Watch watch;
    watch.breaker.load({{.service = kService,
                         .rest_until = kStart + Seconds{300},
                         .denied_since = kStart,
                         .reason = "403 no",
                         .rests = 3}},
                       kStart);
    CHECK(watch.rest() == Seconds{300});

    watch.now += Seconds{300};
    watch.say({.status = 503}, 5);
    CHECK(watch.rest() == Seconds{480});

    watch.now += Seconds{480};
    watch.breaker.load({{.service = kService, .denied_since = std::nullopt, .reason = ""}},
                       watch.now);
    watch.say({.status = 503}, 5);
    CHECK(watch.rest() == Seconds{60});
  }

  TEST_CASE("what others stored does not end a rest of our own before its time") {
    Watch watch;
    watch.say({.status = 429, .retry_after = Seconds{600}});

    watch.breaker.load({{.service = kService, .denied_since = std::nullopt, .reason = ""}},
                       watch.now);

    CHECK(watch.rest() == Seconds{601});
  }

  TEST_CASE("hosts that strangers made up do not eat the memory, and who rests goes on resting") {
    Watch watch;
    watch.say({.status = 406});
    for (int i = 0; i < 20'000; ++i)
      watch.say({.status = 500}, 1, "h" + std::to_string(i) + ".push.example.org");
    CHECK(watch.rest() == Seconds{3600});
    CHECK(watch.breaker.size() <= Breaker::kMaxServices);

    for (int i = 0; i < 20'000; ++i)
      watch.say({.status = 406}, 1, "h" + std::to_string(i) + ".push.example.org");
    CHECK(watch.rest() == Seconds{3600});
    CHECK(watch.breaker.size() <= Breaker::kMaxServices);
  }
}

}  // namespace
}  // namespace lamppost::core
