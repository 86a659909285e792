// The progress lines of a campaign that is sent within its request.

#include "lib/web/campaigns.h"

#include "tests/web/admin_desk.h"

namespace lamppost::web {
namespace {

using testing::AdminDesk;
using testing::TextSink;

constexpr auto kSend = R"({"title":"T","send":true})";
constexpr auto kLines = "application/x-ndjson";

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
    desk.sending.subscribe_many(3);

    const auto response = desk.create(kSend, kLines);
    CHECK(response.status == 200);
    CHECK(response.type == "application/x-ndjson");
    CHECK(testing::header_of(response, "X-Accel-Buffering") == "no");
    CHECK(desk.sending.push.requests().empty());
    const auto lines = stream(response);

    REQUIRE(lines.size() == 2);
    CHECK(json::write(lines[0]) ==
          R"({"audience":0,"waiting":0,"accepted":0,"gone":0,"failed":0,"expired":0,"unsure":0,)"
          R"("skipped":0,"id":1,"state":"sending","rate":0})");
    CHECK(state(lines[1]) == "finished");
    CHECK(number(lines[1], "id") == 1);
    CHECK(number(*lines[1].find("counts")->object(), "accepted") == 3);
    CHECK(lines[1].find("services")->array()->size() == 1);
    CHECK(desk.campaigns.rows().begin()->second.content.state == core::CampaignState::Finished);
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
    desk.sending.subscribe_many(24);
    desk.sending.push.streams = 2;
    desk.sending.push.reply_time = Seconds{1};

    const auto lines = stream(desk.create(kSend, kLines));

    REQUIRE(lines.size() == 6);
    for (std::size_t i = 1; i < 5; ++i) {
      CAPTURE(i);
      CHECK(state(lines[i]) == "sending");
      CHECK(number(lines[i], "audience") == 24);
      CHECK(number(lines[i], "accepted") == static_cast<std::int64_t>(5 * i - 1));
      CHECK(number(lines[i], "waiting") == static_cast<std::int64_t>(25 - 5 * i));
      CHECK(number(lines[i], "rate") == 0);  // less than one a second
    }
    CHECK(state(lines[5]) == "finished");
  }

  TEST_CASE("the rate is what was settled in a second, from the beginning") {
    AdminDesk desk;
    desk.sending.subscribe_many(1001);
    bool slept = false;
    desk.sending.subscriptions.before_read = [&] {
      if (!slept) desk.sending.clock.advance(Seconds{5});
      slept = true;
    };

    const auto lines = stream(desk.create(kSend, kLines));

    REQUIRE(lines.size() == 3);
    CHECK(number(lines[1], "accepted") == 500);
    CHECK(number(lines[1], "rate") == 100);
  }

  TEST_CASE("asked to stop, the last line says interrupted and the campaign stays in sending") {
    AdminDesk desk;
    desk.sending.subscribe_many(501);
    desk.sending.subscriptions.before_read = [&] { desk.stopped = true; };

    const auto lines = stream(desk.create(kSend, kLines));

    CHECK(state(lines.back()) == "interrupted");
    CHECK(number(lines.back(), "accepted") == 500);
    CHECK(desk.campaigns.rows().begin()->second.content.state == core::CampaignState::Sending);
  }

  TEST_CASE("a database that goes away on the way ends the stream with interrupted") {
    AdminDesk desk;
    desk.sending.subscribe_many(3);
    desk.sending.subscriptions.before_read = [&] { desk.sending.subscriptions.rows.away = true; };

    const auto lines = stream(desk.create(kSend, kLines));

    REQUIRE(lines.size() == 2);
    CHECK(state(lines[1]) == "interrupted");
    CHECK(desk.campaigns.rows().begin()->second.content.state == core::CampaignState::Sending);
  }

  TEST_CASE("a reader who leaves stops the telling, not the sending") {
    AdminDesk desk;
    desk.sending.subscribe_many(700);
    TextSink sink;
    sink.gone = true;

    desk.create(kSend, kLines).stream(sink);

    CHECK(sink.writes.empty());
    CHECK(desk.sending.push.requests().size() == 700);
    CHECK(desk.campaigns.rows().begin()->second.content.state == core::CampaignState::Finished);
  }
}

}  // namespace
}  // namespace lamppost::web
