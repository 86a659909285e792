// Everything that strangers may try: a 4xx that names the member, and a store as it was before.

#include "lib/web/subscriptions.h"

#include "lib/base/base64url.h"
#include "tests/web/bad_forms.h"
#include "tests/web/visitor_desk.h"

namespace lamppost::web {
namespace {

using testing::bad_bytes;
using testing::bad_forms;
using testing::bad_texts;
using testing::endpoint_url;
using testing::form;
using testing::kP256dh;
using testing::lists;
using testing::posted;
using testing::refusal_of;
using testing::VisitorDesk;
using testing::with_member;
using testing::wrapped;

// What the API says to a body, with one subscription in the store that must be left as it is.
class Stranger {
 public:
  Stranger() { desk_.put(endpoint_url("kept")); }

  std::string subscribe(const std::string& body) { return look_at(desk_.subscribe(body)); }
  std::string unsubscribe(const std::string& body) { return look_at(desk_.unsubscribe(body)); }

 private:
  std::string look_at(const Response& response) {
    const auto& rows = desk_.subscriptions.rows();
    REQUIRE(rows.size() == 1);
    CHECK(rows.begin()->second.content.recipient.endpoint.url() == endpoint_url("kept"));
    CHECK(rows.begin()->second.content.language.empty());
    return refusal_of(response);
  }
  VisitorDesk desk_;
};

TEST_SUITE("web.subscriptions_refused") {
  TEST_CASE("a bad form is refused in all three shapes, with the way to the member") {
    Stranger stranger;
    for (const auto& [text, code, field] : bad_forms()) {
      CAPTURE(text);
      CHECK(stranger.subscribe(text) == "400 " + code + ' ' + field);
      CHECK(stranger.subscribe(R"({"subscription":)" + text + '}') ==
            "400 " + code + " subscription." + field);
      CHECK(stranger.subscribe(posted(text)) == "400 " + code + " subscription_json." + field);
    }
  }

  TEST_CASE("what is no JSON object of ours is refused as a whole") {
    Stranger stranger;
    auto bad = bad_texts();
    for (auto& bytes : bad_bytes()) bad.push_back(std::move(bytes));
    for (const auto& text : bad) {
      CAPTURE(text);
      CHECK(stranger.subscribe(text) == "400 bad_json ");
      CHECK(stranger.unsubscribe(text) == "400 bad_json ");
    }
  }

  TEST_CASE("a text within the text is read as strictly") {
    Stranger stranger;
    for (const auto& text : bad_texts()) {
      CAPTURE(text);
      CHECK(stranger.subscribe(posted(text)) == "400 bad_subscription_json subscription_json");
    }
  }

  TEST_CASE("31 lists within the object are not too deep") {
    VisitorDesk desk;

    CHECK(desk.subscribe(with_member("\"x\":" + lists(31))).status == 201);
  }

  TEST_CASE("the members that hold the form must be of its type") {
    Stranger stranger;
    for (const std::string wrong : {"null", "7", "true", "[]", "{}"}) {
      CAPTURE(wrong);
      CHECK(stranger.subscribe(R"({"subscription_json":)" + wrong + '}') ==
            "400 bad_subscription_json subscription_json");
    }
    for (const std::string wrong : {"null", "7", "true", "[]", R"("x")"}) {
      CAPTURE(wrong);
      CHECK(stranger.subscribe(R"({"subscription":)" + wrong + '}') ==
            "400 bad_subscription subscription");
    }
  }

  TEST_CASE("the members beside it are looked at before anything is stored") {
    Stranger stranger;
    for (const std::string name : {"language", "timezone", "key", "replaces"})
      for (const std::string wrong : {"7", "true", "[]", "{}"}) {
        CAPTURE(name);
        CAPTURE(wrong);
        CHECK(stranger.subscribe(wrapped('"' + name + "\":" + wrong)) ==
              "400 bad_" + name + ' ' + name);
      }
    for (const std::string wrong : {"de_AT", "d\\u00e9", "<b>", "de AT"})
      CHECK(stranger.subscribe(wrapped(R"("language":")" + wrong + '"')) ==
            "400 bad_language language");
    for (const std::string wrong : {"Europe Vienna", "../../etc", "+02:00", "\\u0001"})
      CHECK(stranger.subscribe(wrapped(R"("timezone":")" + wrong + '"')) ==
            "400 bad_timezone timezone");
    for (const std::string wrong : {"a b", "\\u00e4", "a\\n", "a\\u007f"})
      CHECK(stranger.subscribe(wrapped(R"("replaces":")" + wrong + '"')) ==
            "400 bad_replaces replaces");
    for (const auto& [name, size] : {std::pair{"language", 36}, std::pair{"timezone", 65},
                                     std::pair{"key", 129}, std::pair{"replaces", 2049}}) {
      CAPTURE(name);
      CHECK(stranger.subscribe(wrapped(std::string("\"") + name + "\":\"" +
                                       std::string(static_cast<std::size_t>(size), 'a') + '"')) ==
            std::string("400 bad_") + name + ' ' + name);
    }
    for (const std::string wrong :
         {"7", R"("news")", "{}", "[7]", "[null]", "[[]]", R"(["news"])", R"([""])"})
      CHECK(stranger.subscribe(wrapped("\"topics\":" + wrong)) == "400 bad_topics topics");
  }

  TEST_CASE("a user without its members, or with wrong ones, is refused") {
    Stranger stranger;
    const std::string signature(64, 'a');
    const auto refusal = [&](const std::string& user) {
      return stranger.subscribe(wrapped("\"user\":" + user));
    };
    for (const std::string wrong : {"7", "true", "[]", R"("anna")"})
      CHECK(refusal(wrong) == "400 bad_user user");
    CHECK(refusal("{}") == "400 missing_id user.id");
    CHECK(refusal(R"({"id":"a"})") == "400 missing_signature user.signature");
    CHECK(refusal(R"({"id":null,"signature":"a"})") == "400 missing_id user.id");
    for (const std::string wrong :
         {"7", "true", "[]", "{}", R"("")", R"(" ")", R"("a\nb")", R"("a\u007f")", R"("\u0085")"}) {
      CAPTURE(wrong);
      CHECK(refusal(R"({"id":)" + wrong + R"(,"signature":")" + signature + R"("})") ==
            "400 bad_id user.id");
    }
    CHECK(refusal(R"({"id":")" + std::string(129, 'a') + R"(","signature":"a"})") ==
          "400 bad_id user.id");
    for (const auto& wrong : {std::string("7"), std::string(R"("")"), '"' + signature + '"',
                              '"' + signature + R"(a")", std::string(R"("ff")")}) {
      CAPTURE(wrong);
      CHECK(refusal(R"({"id":"anna","signature":)" + wrong + '}') ==
            "400 bad_signature user.signature");
    }
  }

  TEST_CASE("a key that is none, or not ours, is refused") {
    Stranger stranger;
    const auto unknown = encode_base64url(testing::new_vapid_key().point);
    for (const auto& wrong :
         {std::string(), std::string(" "), std::string("AAAA"), std::string("????"), unknown,
          unknown.substr(0, 86), unknown + "AAAA", std::string(kP256dh)}) {
      CAPTURE(wrong);
      CHECK(stranger.subscribe(wrapped(R"("key":")" + wrong + '"')) == "400 bad_key key");
    }
  }

  TEST_CASE("who leaves must name an endpoint") {
    Stranger stranger;

    CHECK(stranger.unsubscribe("{}") == "400 missing_endpoint endpoint");
    CHECK(stranger.unsubscribe(R"({"endpoint":null})") == "400 missing_endpoint endpoint");
    for (const std::string wrong :
         {"7", "true", "[]", "{}", R"("")", R"(" ")", R"("a b")", R"("\u00e4")", R"("a\n")",
          R"("a\u007f")", R"(["https://push.example.net/kept"])"}) {
      CAPTURE(wrong);
      CHECK(stranger.unsubscribe(R"({"endpoint":)" + wrong + '}') == "400 bad_endpoint endpoint");
    }
    CHECK(stranger.unsubscribe(R"({"endpoint":")" + std::string(2049, 'a') + R"("})") ==
          "400 bad_endpoint endpoint");
  }

  TEST_CASE("16 KiB are read, one byte more is too large") {
    VisitorDesk desk;
    const auto text = form(endpoint_url("a"));
    const auto padding = [&](std::size_t size) {
      return text + std::string(size - text.size(), ' ');
    };

    CHECK(refusal_of(desk.subscribe(padding(16 * 1024 + 1))) == "413 too_large ");
    CHECK(desk.subscriptions.rows().empty());
    CHECK(desk.subscribe(padding(16 * 1024)).status == 201);
  }

  TEST_CASE("a foreign page and a form get nowhere, whether they come or leave") {
    VisitorDesk desk;
    desk.put(endpoint_url("kept"));
    const auto leaving = R"({"endpoint":")" + endpoint_url("kept") + R"("})";
    for (const auto method : {Method::Post, Method::Delete}) {
      auto foreign = testing::request(method, "/api/push-subscriptions",
                                      method == Method::Post ? form(endpoint_url("a")) : leaving);
      foreign.headers["sec-fetch-site"] = "cross-site";
      auto plain = foreign;
      plain.headers = {{"content-type", "text/plain"}};

      CHECK(refusal_of(desk.api.answer(foreign)) == "403 cross_site ");
      CHECK(refusal_of(desk.api.answer(plain)) == "415 bad_content_type ");
      CHECK(desk.subscriptions.rows().size() == 1);
    }
  }
}

}  // namespace
}  // namespace lamppost::web
