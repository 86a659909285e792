// The progress lines of a campaign that is sent within its request.

#include "lib/web/sending.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::kLines;
using testing::TextSink;

constexpr auto kSend = R"({"title":"T","send":true})";

// Every write is one whole line.
std::vector<json::Object> lines_of(const TextSink& sink) {
  std::vector<json::Object> lines;
  for (const auto& line : sink.writes) {
    CHECK(line.find('\n') == line.size() - 1);
    const auto parsed = json::parse_object(line);
    REQUIRE(parsed);
    lines.push_back(*parsed);
  }
  return lines;
}

std::vector<json::Object> stream(const Response& response) {
  TextSink sink;
  REQUIRE(response.stream);
  response.stream(sink);
  return lines_of(sink);
}

std::int64_t number(const json::Object& line, const std::string& name) {
  const auto* value = line.find(name);
  REQUIRE(value);
  REQUIRE(value->integer());
  return *value->integer();
}

const std::string& state(const json::Object& line) { return *line.find("state")->text(); }

TEST_SUITE("web.campaign_stream") {
  TEST_CASE("a line at once, the whole campaign as the last one") {
    AdminDesk desk;
    desk.subscribe_many(3);

    const auto response = desk.create(kSend, kLines);
    CHECK(response.status == 200);
    CHECK(response.type == "application/x-ndjson");
    CHECK(testing::header_of(response, "X-Accel-Buffering") == "no");
    CHECK(desk.push.requests().empty());
    const auto lines = stream(response);

    REQUIRE(lines.size() == 2);
    CHECK(json::write(lines[0]) ==
          R"({"audience":0,"waiting":0,"accepted":0,"gone":0,"failed":0,"expired":0,"unsure":0,)"
          R"("skipped":0,"id":1,"state":"preparing","rate":0})");
    CHECK(state(lines[1]) == "finished");
    CHECK(number(lines[1], "id") == 1);
    CHECK(number(*lines[1].find("counts")->object(), "accepted") == 3);
    CHECK(lines[1].find("services")->array()->size() == 1);
    CHECK(desk.kept().at(0).state == core::CampaignState::Finished);
  }

  TEST_CASE("several kinds may be accepted, one of them lines") {
    AdminDesk desk;

    CHECK(desk.create(kSend, "application/json, application/x-ndjson;q=0.9").stream);
    CHECK_FALSE(desk.create(kSend, "application/json").stream);
    CHECK_FALSE(desk.create(kSend, "*/*").stream);
  }

  TEST_CASE("a draft is no stream, whatever is accepted") {
    AdminDesk desk;

    const auto response = desk.create(R"({"title":"T"})", kLines);

    CHECK(response.status == 201);
    CHECK(response.type == "application/json");
    CHECK_FALSE(response.stream);
  }

  TEST_CASE("every 5 s a line says how far it is and how fast") {
    AdminDesk desk;
    desk.subscribe_many(240);
    desk.push.streams = 2;
    desk.push.reply_time = Seconds{1};
    std::vector<Time> told_at;
    TextSink sink;
    sink.after_write = [&](std::string_view) { told_at.push_back(desk.clock.now()); };

    desk.create(kSend, kLines).stream(sink);

    const auto lines = lines_of(sink);
    REQUIRE(lines.size() == 1 + 240 / 5 + 1);
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
      CAPTURE(i);
      CHECK(told_at[i] - told_at[i - 1] == Seconds{5});
      CHECK(state(lines[i]) == "sending");
      CHECK(number(lines[i], "id") == 1);
      CHECK(number(lines[i], "audience") == 240);
      // A reply a second, of which the last ones are not in the store yet.
      const auto settled = number(lines[i], "accepted");
      CHECK(settled <= static_cast<std::int64_t>(5 * i));
      CHECK(settled >= static_cast<std::int64_t>(5 * i) - 2);
      CHECK(number(lines[i], "waiting") == 240 - settled);
      CHECK(number(lines[i], "rate") <= 1);
    }
    CHECK(state(lines.back()) == "finished");
  }

  TEST_CASE("while nothing can be sent a line comes every 5 s too") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.push.script[testing::endpoint_url("1")] = {.status = 503, .retry_after = Seconds{30}};
    std::vector<Time> told_at;
    TextSink sink;
    sink.after_write = [&](std::string_view) {
      told_at.push_back(desk.clock.now());
      if (told_at.size() == 4) desk.push.script.clear();
    };

    desk.create(kSend, kLines).stream(sink);

    const auto lines = lines_of(sink);
    REQUIRE(lines.size() >= 6);
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
      CAPTURE(i);
      CHECK(told_at[i] - told_at[i - 1] == Seconds{5});
      CHECK(number(lines[i], "accepted") == 1);
      CHECK(number(lines[i], "waiting") == 1);
      CHECK(number(lines[i], "rate") == 0);
    }
    CHECK(state(lines.back()) == "finished");
    CHECK(number(*lines.back().find("counts")->object(), "accepted") == 2);
  }

  TEST_CASE("the rate is what was settled in a second since the line before") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    int reads = 0;
    desk.subscriptions.before = [&](std::string_view call) {
      if (call == "read" && ++reads == 3) desk.clock.advance(Seconds{5});
    };

    const auto lines = stream(desk.create(kSend, kLines));

    // Three windows were marked by then, the first for 500, the others for 250 that had settled.
    REQUIRE(lines.size() == 3);
    CHECK(number(lines[1], "accepted") == 500);
    CHECK(number(lines[1], "rate") == 100);
  }

  TEST_CASE("who joins is told at once how it stands, and the rate from there on") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};
    REQUIRE(desk.create(kSend).status == 202);

    const auto lines = stream(desk.say("send", {1}, "", kLines));

    const auto settled = number(lines[0], "accepted");
    CHECK(settled >= 50);
    CHECK(state(lines[0]) == "sending");
    CHECK(number(lines[0], "audience") == 1000);
    CHECK(number(lines[0], "waiting") == 1000 - settled);
    CHECK(number(lines[0], "rate") == 0);
    CHECK(number(lines[1], "accepted") - settled <= 5);
    CHECK(number(lines[1], "rate") <= 1);
    CHECK(state(lines.back()) == "finished");
  }

  TEST_CASE("of one that is finished the whole campaign follows at once") {
    AdminDesk desk;
    desk.subscribe_many(3);
    const auto sent = desk.create(kSend);

    const auto lines = stream(desk.say("send", {1}, "", kLines));

    REQUIRE(lines.size() == 2);
    CHECK(state(lines[0]) == "finished");
    CHECK(number(lines[0], "accepted") == 3);
    CHECK(json::write(lines[1]) == sent.body);
  }

  TEST_CASE("paused by another caller, the last line is the whole campaign, paused") {
    AdminDesk desk;
    desk.subscribe_many(1000);
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};
    TextSink sink;
    sink.after_write = [&](std::string_view) {
      if (sink.writes.size() == 3) CHECK(desk.say("pause", {1}).status == 200);
    };

    desk.create(kSend, kLines).stream(sink);

    const auto lines = lines_of(sink);
    REQUIRE(lines.size() == 4);
    CHECK(state(lines[3]) == "paused");
    CHECK(lines[3].find("services"));
  }

  TEST_CASE("asked to stop, the last line says interrupted and the campaign stays in sending") {
    AdminDesk desk;
    desk.subscribe_many(501);
    desk.push.streams = 2;
    desk.push.reply_time = Seconds{1};
    desk.subscriptions.before = [&](auto call) { desk.stopped = call == "read"; };

    const auto lines = stream(desk.create(kSend, kLines));

    REQUIRE(lines.size() == 2);
    CHECK(state(lines[1]) == "interrupted");
    CHECK(number(lines[1], "id") == 1);
    CHECK(number(lines[1], "accepted") == 2);  // what was on its way
    CHECK(number(lines[1], "waiting") == 499);
    CHECK_FALSE(lines[1].find("services"));
    CHECK(desk.kept().at(0).state == core::CampaignState::Sending);
  }

  TEST_CASE("asked to stop before the audience is known, it says interrupted too") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.stopped = true;

    const auto lines = stream(desk.create(kSend, kLines));

    REQUIRE(lines.size() == 2);
    CHECK(state(lines[1]) == "interrupted");
    CHECK(desk.kept().at(0).state == core::CampaignState::Preparing);
  }

  TEST_CASE("a push service that rests for long is left to the next tick: interrupted") {
    AdminDesk desk;
    desk.subscribe_many(2);
    desk.push.script[testing::endpoint_url("1")] = {.status = 503, .retry_after = Seconds{600}};

    const auto lines = stream(desk.create(kSend, kLines));

    CHECK(state(lines.back()) == "interrupted");
    CHECK(number(lines.back(), "accepted") == 1);
    CHECK(number(lines.back(), "waiting") == 1);
    CHECK(desk.campaigns.due(desk.clock.now()) == std::vector{CampaignId{1}});
  }

  TEST_CASE("a database that goes away on the way ends the stream with interrupted") {
    AdminDesk desk;
    desk.subscribe_many(3);
    desk.subscriptions.before = [&](auto call) {
      if (call == "read") desk.set_away(true);
    };

    const auto lines = stream(desk.create(kSend, kLines));

    CHECK(state(lines.back()) == "interrupted");
    CHECK(desk.push.requests().empty());
    desk.set_away(false);
    CHECK(desk.kept().at(0).state == core::CampaignState::Sending);
  }

  TEST_CASE("a database that is back within seconds costs nobody his message") {
    AdminDesk desk;
    desk.subscribe_many(300);
    int reads = 0;
    desk.subscriptions.before = [&](auto call) {
      if (call == "read" && ++reads <= 10) throw StoreFailure("database: away for a moment");
    };

    const auto lines = stream(desk.create(kSend, kLines));

    CHECK(state(lines.back()) == "finished");
    CHECK(number(*lines.back().find("counts")->object(), "accepted") == 300);
    CHECK(desk.push.requests().size() == 300);
  }

  TEST_CASE("a database that is away before the first line is 503") {
    AdminDesk desk;
    desk.campaigns.after = [&](auto call) {
      if (call == "create") desk.set_away(true);
    };

    CHECK(testing::refusal_of(desk.create(kSend, kLines)) == "503 unavailable ");
  }

  TEST_CASE("a reader who leaves stops the telling, not the sending") {
    AdminDesk desk;
    desk.subscribe_many(700);
    TextSink sink;
    sink.gone = true;

    desk.create(kSend, kLines).stream(sink);

    CHECK(sink.writes.empty());
    CHECK(desk.push.requests().size() == 700);
    CHECK(desk.kept().at(0).state == core::CampaignState::Finished);
  }

  TEST_CASE("a reader who leaves in the middle does not stop it either") {
    AdminDesk desk;
    desk.subscribe_many(100);
    desk.push.streams = 1;
    desk.push.reply_time = Seconds{1};
    TextSink sink;
    sink.after_write = [&](std::string_view) { sink.gone = sink.writes.size() == 3; };

    desk.create(kSend, kLines).stream(sink);

    CHECK(sink.writes.size() == 3);
    CHECK(desk.push.requests().size() == 100);
    CHECK(desk.kept().at(0).state == core::CampaignState::Finished);
  }
}

}  // namespace
}  // namespace lamppost::web
