// What is taken. What is refused is in subscriptions_refused_test.cpp.

#include "lib/web/subscriptions.h"

#include "lib/base/base64url.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using testing::body_of;
using testing::endpoint_url;
using testing::form;
using testing::kAuth;
using testing::kP256dh;
using testing::posted;
using testing::VisitorDesk;
using testing::wrapped;

std::string answer_with(std::int64_t id, const std::string& text) {
  return json::write(json::Object{
      {"status", "success"}, {"result", json::Object{{"id", id}, {"subscription_json", text}}}});
}

using std::chrono::minutes;
using testing::refusal_of;
using testing::user;

const std::array kTopics{core::Topic{"news", "News", true}, core::Topic{"sport", "Sport", false}};
constexpr core::QuietHours kQuiet{minutes{1320}, minutes{420}};

const fakes::MemorySubscriptionStore::Row& row_of(const VisitorDesk& desk,
                                                  const std::string& name) {
  for (const auto& [id, row] : desk.subscriptions.rows())
    if (row.content.recipient.endpoint.url() == endpoint_url(name)) return row;
  throw std::runtime_error("no subscription " + name);
}

TEST_SUITE("web.subscriptions") {
  TEST_CASE("the tutorial's shape: 201, then 200 with the same id, and the text as posted") {
    VisitorDesk desk;
    const auto text = "  " + form(endpoint_url("a")) + "\n";

    const auto first = desk.subscribe(posted(text));
    const auto second = desk.subscribe(posted(text));

    CHECK(first.status == 201);
    CHECK(first.body == answer_with(1, text));
    CHECK(second.status == 200);
    CHECK(second.body == first.body);
    CHECK(desk.subscriptions.rows().size() == 1);
  }

  TEST_CASE("the bare and the wrapped shape give the text as browsers write it") {
    VisitorDesk desk;
    const auto a = form(endpoint_url("a"));

    const auto bare = desk.subscribe(a);
    const auto in_a_wrap = desk.subscribe(wrapped());

    CHECK(bare.status == 201);
    CHECK(bare.body == answer_with(1, a));
    CHECK(in_a_wrap.status == 200);
    CHECK(in_a_wrap.body == bare.body);
  }

  TEST_CASE("what is stored is what was sent, and when") {
    VisitorDesk desk;

    desk.subscribe(wrapped(R"("language":"de-AT","timezone":"Europe/Vienna")"));

    REQUIRE(desk.subscriptions.rows().size() == 1);
    const auto& row = desk.subscriptions.rows().begin()->second;
    CHECK(row.content.recipient.endpoint.url() == endpoint_url("a"));
    CHECK(encode_base64url(row.content.recipient.key.point()) == kP256dh);
    CHECK(encode_base64url(row.content.recipient.auth.bytes()) == kAuth);
    CHECK(row.content.language == "de-AT");
    CHECK(row.content.timezone == "Europe/Vienna");
    CHECK(row.content.key_id == desk.key.id);
    CHECK(row.created_at == desk.clock.now());
    CHECK_FALSE(row.gone_at);
  }

  TEST_CASE("who was gone and comes again is there again under the same id") {
    VisitorDesk desk;
    desk.subscribe(form(endpoint_url("a")));
    desk.subscriptions.mark_gone(std::array{SubscriptionId{1}}, desk.clock.now());

    const auto again = desk.subscribe(form(endpoint_url("a")));

    CHECK(again.status == 200);
    CHECK(again.body == answer_with(1, form(endpoint_url("a"))));
    CHECK_FALSE(desk.subscriptions.rows().begin()->second.gone_at);
  }

  TEST_CASE("padded base64 is taken and stored in the one form") {
    VisitorDesk desk;
    const auto padded = form(
        endpoint_url("a"),
        "BCVxsr7N/eNgVRqvHtD0zTZsEc6+VV+JvLexhqUzORcxaOzi6+AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4=",
        "BTBZMqHH6r4Tts7J/aSIgg==");

    CHECK(desk.subscribe(padded).body == answer_with(1, form(endpoint_url("a"))));
  }

  TEST_CASE("members that are not known, or null, are no fault") {
    VisitorDesk desk;

    CHECK(desk.subscribe(wrapped(R"("x":{"y":[1]},"language":null,"timezone":null,"key":null,)"
                                 R"("replaces":null,"topics":null)"))
              .status == 201);
  }

  TEST_CASE("a subscription remembers the key that it was made with") {
    VisitorDesk desk;
    desk.clock.advance(Seconds{60});
    const auto newer = testing::new_vapid_key();
    desk.vapid_keys.add(newer, desk.clock.now());
    const auto older_text = encode_base64url(desk.key.point);

    desk.subscribe(form(endpoint_url("without")));
    desk.subscribe(wrapped(R"("key":")" + older_text + '"'));

    const auto& rows = desk.subscriptions.rows();
    REQUIRE(rows.size() == 2);
    CHECK(rows.begin()->second.content.key_id == newer.id);
    CHECK(rows.rbegin()->second.content.key_id == desk.key.id);
  }

  TEST_CASE("the subscription that it replaces goes, after the new one is in") {
    VisitorDesk desk;
    desk.put(endpoint_url("old"));
    desk.put(endpoint_url("other"));

    const auto response = desk.subscribe(wrapped(R"("replaces":")" + endpoint_url("old") + '"'));

    CHECK(response.status == 201);
    CHECK(desk.subscriptions.rows().size() == 2);
    CHECK(desk.subscriptions.rows().contains({2}));
    CHECK_FALSE(desk.subscriptions.rows().contains({1}));
  }

  TEST_CASE("one that replaces itself, or none that is known, stays") {
    VisitorDesk desk;
    desk.put(endpoint_url("a"));

    CHECK(desk.subscribe(wrapped(R"("replaces":")" + endpoint_url("a") + '"')).status == 200);
    CHECK(desk.subscribe(wrapped(R"("replaces":"https://evil.com/x")")).status == 200);
    CHECK(desk.subscriptions.rows().size() == 1);
  }

  TEST_CASE("without a VAPID key there is nothing to subscribe to") {
    VisitorDesk desk;
    fakes::MemoryVapidKeyStore none;

    const auto response = subscribe(
        testing::request(Method::Post, "/api/push-subscriptions", form(endpoint_url("a"))),
        desk.ports(none, desk.identity));

    CHECK(testing::refusal_of(response) == "503 unavailable ");
    CHECK(desk.subscriptions.rows().empty());
  }

  TEST_CASE("a database that is away is 503, for who comes and who leaves") {
    VisitorDesk desk;
    desk.subscriptions.away = true;
    const auto leaving = R"({"endpoint":")" + endpoint_url("a") + R"("})";

    for (const auto& response :
         {desk.subscribe(form(endpoint_url("a"))), desk.unsubscribe(leaving)}) {
      CHECK(testing::refusal_of(response) == "503 unavailable ");
      CHECK(testing::header_of(response, "Retry-After") == "3");
    }
  }
}

TEST_SUITE("web.subscriptions_choices") {
  TEST_CASE("topics are taken, each once, and stay when nothing is said of them") {
    VisitorDesk desk;
    desk.topics.replace(kTopics);

    desk.subscribe(wrapped(R"("topics":["sport","news","sport"])"));
    desk.subscribe(wrapped());
    desk.subscribe(form(endpoint_url("a")));

    CHECK(row_of(desk, "a").topics == std::vector<std::string>{"news", "sport"});
    desk.subscribe(wrapped(R"("topics":[])"));
    CHECK(row_of(desk, "a").topics.empty());
  }

  TEST_CASE("a user that the site has signed is taken") {
    VisitorDesk desk;

    CHECK(desk.subscribe(wrapped(R"("user":)" + user("J\xc3\xb6rg"))).status == 201);

    CHECK(row_of(desk, "a").user == "J\xc3\xb6rg");
    desk.subscribe(wrapped());
    CHECK(row_of(desk, "a").user == "J\xc3\xb6rg");
    desk.subscribe(wrapped(R"("user":)" + user("anna")));
    CHECK(row_of(desk, "a").user == "anna");
  }

  TEST_CASE("a forged user is refused, and nothing is stored") {
    VisitorDesk desk;
    auto forged = user("anna");
    forged[8] = 'A';

    CHECK(refusal_of(desk.subscribe(wrapped(R"("user":)" + forged))) ==
          "400 bad_signature user.signature");
    CHECK(desk.subscriptions.rows().empty());
  }

  TEST_CASE("a site that is not set up for users refuses them") {
    VisitorDesk desk;
    const core::Identity nobody{std::nullopt};

    const auto response = subscribe(testing::request(Method::Post, "/api/push-subscriptions",
                                                     wrapped(R"("user":)" + user("anna"))),
                                    desk.ports(desk.vapid_keys, nobody));

    CHECK(refusal_of(response) == "400 bad_user user");
    CHECK(testing::message_of(response).find("is not set up on this site") != std::string::npos);
    CHECK(desk.subscriptions.rows().empty());
  }

  TEST_CASE("one that replaces another takes over what was chosen") {
    VisitorDesk desk;
    desk.topics.replace(kTopics);
    desk.put(endpoint_url("old"));
    desk.preferences.change({1}, {.topics = std::vector<std::string>{"sport"},
                                  .language = {},
                                  .timezone = {},
                                  .user = "anna",
                                  .paused_until = desk.clock.now() + Seconds{60},
                                  .quiet_hours = kQuiet});

    desk.subscribe(wrapped(R"("replaces":")" + endpoint_url("old") + '"'));

    CHECK(desk.subscriptions.rows().size() == 1);
    const auto& row = row_of(desk, "a");
    CHECK(row.topics == std::vector<std::string>{"sport"});
    CHECK(row.user == "anna");
    CHECK(row.paused_until == desk.clock.now() + Seconds{60});
    CHECK(row.quiet_hours == kQuiet);
  }

  TEST_CASE("what is said now counts more than what the replaced one had") {
    VisitorDesk desk;
    desk.topics.replace(kTopics);
    desk.put(endpoint_url("old"));
    desk.preferences.change({1}, {.topics = std::vector<std::string>{"sport"},
                                  .language = {},
                                  .timezone = {},
                                  .user = "anna",
                                  .paused_until = {},
                                  .quiet_hours = {}});

    desk.subscribe(wrapped(R"("topics":["news"],"user":)" + user("ben") + R"(,"replaces":")" +
                           endpoint_url("old") + '"'));

    CHECK(row_of(desk, "a").topics == std::vector<std::string>{"news"});
    CHECK(row_of(desk, "a").user == "ben");
  }

  TEST_CASE(
      "when the choices cannot be stored the old one stays, and the next call takes it over") {
    VisitorDesk desk;
    desk.put(endpoint_url("old"));
    desk.preferences.change({1}, {.topics = {},
                                  .language = {},
                                  .timezone = {},
                                  .user = "anna",
                                  .paused_until = {},
                                  .quiet_hours = {}});
    const auto body = wrapped(R"("replaces":")" + endpoint_url("old") + '"');
    desk.preferences.before = [](std::string_view call) {
      if (call == "change") throw StoreFailure("away");
    };

    CHECK(refusal_of(desk.subscribe(body)) == "503 unavailable ");
    CHECK(row_of(desk, "old").user == "anna");
    desk.preferences.before = [](std::string_view) {};
    CHECK(desk.subscribe(body).status == 200);

    CHECK(desk.subscriptions.rows().size() == 1);
    CHECK(row_of(desk, "a").user == "anna");
  }
}

TEST_SUITE("web.unsubscribe") {
  TEST_CASE("it is gone, and the answer is the same when it never was") {
    VisitorDesk desk;
    desk.put(endpoint_url("a"));
    desk.put(endpoint_url("b"));
    const auto body = R"({"endpoint":")" + endpoint_url("a") + R"("})";

    const auto first = desk.unsubscribe(body);
    const auto second = desk.unsubscribe(body);

    CHECK(first.status == 200);
    CHECK(first.body == R"({"status":"success"})");
    CHECK(second.status == 200);
    CHECK(second.body == first.body);
    CHECK(desk.subscriptions.rows().size() == 1);
    CHECK(desk.subscriptions.rows().contains({2}));
  }

  TEST_CASE("one at a push service that is no longer allowed can be ended too") {
    VisitorDesk desk;
    desk.put("https://was.example/x");

    CHECK(desk.unsubscribe(R"({"endpoint":"https://was.example/x"})").status == 200);
    CHECK(desk.subscriptions.rows().empty());
  }
}

}  // namespace
}  // namespace lamppost::web
