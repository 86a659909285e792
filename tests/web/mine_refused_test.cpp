// Everything that strangers may try with somebody's choices: a 4xx, and all is as it was before.

#include "lib/web/mine.h"

#include "tests/web/bad_forms.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using testing::endpoint_url;
using testing::held;
using testing::refusal_of;
using testing::VisitorDesk;

class Stranger {
 public:
  Stranger() {
    desk_.topics.replace(std::array{core::Topic{"news", "News", true}});
    desk_.put(endpoint_url("a"));
    before_ = desk_.mine(held("a")).body;
  }

  std::string change(const std::string& body) { return look_at(desk_.change(body)); }
  std::string mine(const std::string& body) { return look_at(desk_.mine(body)); }
  Response answer_to_change(const std::string& body) { return desk_.change(body); }
  Response answer_to_mine(const std::string& body) { return desk_.mine(body); }
  VisitorDesk& desk() { return desk_; }

 private:
  std::string look_at(const Response& response) {
    CHECK(desk_.mine(held("a")).body == before_);
    return refusal_of(response);
  }
  VisitorDesk desk_;
  std::string before_;
};

// The right length and form, but not the secret.
constexpr auto* kWrongAuth = "BTBZMqHH6r4Tts7J_aSIgw";

TEST_SUITE("web.mine_refused") {
  TEST_CASE("a wrong auth and an unknown endpoint get the very same answer") {
    Stranger stranger;
    for (const std::string more :
         {R"("topics":["news"])", R"("delete":true)", R"("delete":"devices")", R"("x":1)"}) {
      const auto wrong = held("a", more, kWrongAuth);
      const auto unknown = held("nobody", more);

      CHECK(stranger.change(wrong) == "404 not_found ");
      CHECK(stranger.mine(wrong) == "404 not_found ");
      CHECK(stranger.answer_to_change(wrong).body == stranger.answer_to_change(unknown).body);
      CHECK(stranger.answer_to_mine(wrong).body == stranger.answer_to_mine(unknown).body);
    }
  }

  TEST_CASE("what is no JSON object of ours is refused as a whole") {
    Stranger stranger;
    auto bad = testing::bad_texts();
    for (auto& bytes : testing::bad_bytes()) bad.push_back(std::move(bytes));
    for (const auto& text : bad) {
      CAPTURE(text);
      CHECK(stranger.change(text) == "400 bad_json ");
      CHECK(stranger.mine(text) == "400 bad_json ");
    }
  }

  TEST_CASE("endpoint and auth must be there and of their form") {
    Stranger stranger;
    const auto both = [&](const std::string& body, const std::string& expected) {
      CAPTURE(body);
      CHECK(stranger.change(body) == expected);
      CHECK(stranger.mine(body) == expected);
    };
    const auto with = [](const std::string& endpoint, const std::string& auth) {
      return R"({"endpoint":)" + endpoint + R"(,"auth":)" + auth + '}';
    };
    const auto endpoint = '"' + endpoint_url("a") + '"';
    const std::string auth = '"' + std::string(testing::kAuth) + '"';

    both("{}", "400 missing_endpoint endpoint");
    both(with("null", auth), "400 missing_endpoint endpoint");
    both(with(endpoint, "null"), "400 missing_auth auth");
    for (const std::string wrong : {"7", "true", "[]", "{}", R"("")", R"(" ")", R"("a b")",
                                    R"("\u00e4")", R"("a\n")", R"("a\u007f")"})
      both(with(wrong, auth), "400 bad_endpoint endpoint");
    both(with('"' + std::string(2049, 'a') + '"', auth), "400 bad_endpoint endpoint");
    for (const std::string wrong : {"7", "true", "[]", "{}", R"("")", R"("A")", R"("????")",
                                    R"("BTBZMqHH6r4Tts7J_aSI")", R"("BTBZMqHH6r4Tts7J_aSIggAA")"})
      both(with(endpoint, wrong), "400 bad_auth auth");
    both(with(endpoint, '"' + std::string(129, 'A') + '"'), "400 bad_auth auth");
  }

  TEST_CASE("each member of a change is looked at before anything is stored") {
    Stranger stranger;
    const auto change = [&](const std::string& member) {
      return stranger.change(held("a", R"("language":"de",)" + member));
    };
    for (const std::string wrong : {"7", "true", R"("news")", "{}", "[7]", "[null]", "[[]]",
                                    R"(["sport"])", R"(["news",""])", R"(["NEWS"])"}) {
      CAPTURE(wrong);
      CHECK(change(R"("topics":)" + wrong) == "400 bad_topics topics");
    }
    std::string many = R"(["news")";
    for (int i = 0; i < 50; ++i) many += R"(,"news")";
    CHECK(change(R"("topics":)" + many + ']') == "400 bad_topics topics");
    for (const std::string wrong : {"7", "[]", R"("a b")"})
      CHECK(change(R"("timezone":)" + wrong) == "400 bad_timezone timezone");
    for (const std::string wrong : {"7", "[]", R"("de_AT")"})
      CHECK(stranger.change(held("a", R"("language":)" + wrong)) == "400 bad_language language");
    for (const std::string wrong : {"-1", "1.5", R"("1")", "true", "[]", "4102444800"})
      CHECK(change(R"("pause_until":)" + wrong) == "400 bad_pause_until pause_until");
    for (const std::string wrong : {"7", "[]", R"("22-7")", "true"})
      CHECK(change(R"("quiet_hours":)" + wrong) == "400 bad_quiet_hours quiet_hours");
    CHECK(change(R"("quiet_hours":{})") == "400 missing_from quiet_hours.from");
    CHECK(change(R"("quiet_hours":{"from":"25:00","to":"07:00"})") ==
          "400 bad_from quiet_hours.from");
    CHECK(change(R"("quiet_hours":{"from":"22:00","to":"22:00"})") == "400 bad_to quiet_hours.to");
  }

  TEST_CASE("delete is true or devices, and devices only of a user") {
    Stranger stranger;
    for (const std::string wrong :
         {"7", "1", "[]", "{}", R"("")", R"("true")", R"("Devices")", R"("all")", R"("devices")"}) {
      CAPTURE(wrong);
      CHECK(stranger.mine(held("a", R"("delete":)" + wrong)) == "400 bad_delete delete");
    }
  }

  TEST_CASE("nobody becomes a user by a change") {
    Stranger stranger;

    const auto response =
        stranger.answer_to_change(held("a", R"("user":)" + testing::user("anna")));

    CHECK(response.status == 200);
    CHECK(stranger.desk().subscriptions.rows().at({1}).user.empty());
  }

  TEST_CASE("a foreign page and a form get nowhere") {
    Stranger stranger;
    for (const auto& [method, path] : {std::pair{Method::Patch, "/api/push-subscriptions"},
                                       std::pair{Method::Post, "/api/push-subscriptions/mine"}}) {
      auto foreign = testing::request(method, path, held("a", R"("delete":true,"topics":[])"));
      foreign.headers["sec-fetch-site"] = "same-site";
      auto plain = foreign;
      plain.headers = {{"content-type", "text/plain"}};

      CHECK(refusal_of(stranger.desk().api.answer(foreign)) == "403 cross_site ");
      CHECK(refusal_of(stranger.desk().api.answer(plain)) == "415 bad_content_type ");
    }
    CHECK(stranger.desk().subscriptions.rows().size() == 1);
  }

  TEST_CASE("a database that is away is 503 for all of it") {
    Stranger stranger;
    for (const std::string away : {"find", "change"}) {
      stranger.desk().preferences.before = [&](std::string_view call) {
        if (call == away) throw StoreFailure("away");
      };
      CHECK(refusal_of(stranger.answer_to_change(held("a", R"("language":"de")"))) ==
            "503 unavailable ");
    }
    stranger.desk().preferences.before = [](std::string_view) {};
    stranger.desk().recent.away = true;
    CHECK(refusal_of(stranger.answer_to_mine(held("a"))) == "503 unavailable ");
    stranger.desk().subscriptions.away = true;
    CHECK(refusal_of(stranger.answer_to_mine(held("a", R"("delete":true)"))) == "503 unavailable ");
  }
}

}  // namespace
}  // namespace lamppost::web
