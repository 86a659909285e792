#include "lib/core/topic.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

std::string refusal(const std::string& topics) {
  const auto parsed = parse_topics(*json::parse_object(R"({"topics":)" + topics + '}'));
  return parsed ? "" : parsed.error().field + ": " + parsed.error().message;
}

std::string topic(const std::string& name, const std::string& label = "Label") {
  return R"({"name":")" + name + R"(","label":")" + label + R"("})";
}

TEST_SUITE("core.topic") {
  TEST_CASE("a list is read as it is written") {
    const std::string text = R"([{"name":"news-2","label":"News","default":true},)"
                             R"({"name":"0","label":"Caf)"
                             "\xc3\xa9"
                             R"(","default":false}])";

    const auto topics = parse_topics(*json::parse_object(R"({"topics":)" + text + '}'));

    REQUIRE(topics);
    CHECK(*topics == std::vector<Topic>{{"news-2", "News", true}, {"0", "Caf\xc3\xa9", false}});
    CHECK(json::write(to_json(*topics)) == text);
  }

  TEST_CASE("an empty list is one, no list is not") {
    CHECK(refusal("[]").empty());
    CHECK(refusal("null") == "topics: is missing");
    CHECK(parse_topics({}).error().message == "is missing");
    for (const std::string wrong : {"7", "true", R"("news")", "{}"}) {
      CAPTURE(wrong);
      CHECK(refusal(wrong) == "topics: must be a list of at most 50");
    }
  }

  TEST_CASE("50 topics are taken, 51 are not") {
    std::string list = "[" + topic("t0");
    for (int i = 1; i < 50; ++i) list += ',' + topic("t" + std::to_string(i));

    CHECK(refusal(list + ']').empty());
    CHECK(refusal(list + ',' + topic("t50") + ']') == "topics: must be a list of at most 50");
  }

  TEST_CASE("a name is 1 to 32 small letters, digits and hyphens, and stands there once") {
    CHECK(refusal("[" + topic(std::string(32, 'z')) + ']').empty());
    for (const std::string wrong : {"News", "a b", "a_b", "a.b", "\xc3\xa4", "a/b", "%",
                                    "abcdefghijklmnopqrstuvwxyz-012345"}) {
      CAPTURE(wrong);
      CHECK(refusal("[" + topic("ok") + ',' + topic(wrong) + ']') ==
            "topics[1].name: must be 1 to 32 small letters, digits and hyphens");
    }
    CHECK(refusal("[" + topic("") + ']') == "topics[0].name: must not be empty");
    CHECK(refusal("[" + topic("a") + ',' + topic("a") + ']') ==
          "topics[1].name: stands there twice");
    CHECK(refusal(R"([{"label":"x"}])") == "topics[0].name: is missing");
    CHECK(refusal(R"([{"name":7,"label":"x"}])") == "topics[0].name: must be a text");
  }

  TEST_CASE("a label is a line of 1 to 60 characters, however many bytes they are") {
    std::string umlauts;
    for (int i = 0; i < 60; ++i) umlauts += "\xc3\xa4";

    CHECK(refusal("[" + topic("a", umlauts) + ']').empty());
    CHECK(refusal("[" + topic("a", umlauts + 'a') + ']') ==
          "topics[0].label: must be at most 60 characters");
    CHECK(refusal("[" + topic("a", " ") + ']') == "topics[0].label: must not be empty");
    CHECK(refusal("[" + topic("a", "a\\nb") + ']') == "topics[0].label: must be a line of text");
    CHECK(refusal(R"([{"name":"a"}])") == "topics[0].label: is missing");
    CHECK(refusal(R"([{"name":"a","label":["x"]}])") == "topics[0].label: must be a text");
  }

  TEST_CASE("other members of a topic must be of their type") {
    CHECK(refusal(R"([{"name":"a","label":"x","default":1}])") ==
          "topics[0].default: must be true or false");
    CHECK(refusal(R"([7])") == "topics[0]: must be an object");
    CHECK(refusal(R"([{"name":"a","label":"x","default":null,"more":[]}])").empty());
  }

  TEST_CASE("a choice is of topics that there are, each once") {
    const std::vector<Topic> known{{"news", "News", true}, {"sport", "Sport", false}};

    const auto choice = parse_choice({"sport", "news", "sport"}, known);

    REQUIRE(choice);
    CHECK(*choice == std::vector<std::string>{"news", "sport"});
    CHECK(parse_choice({}, known)->empty());
    const auto unknown = parse_choice({"news", "<\x1b[31mx"}, known);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().field == "topics");
    CHECK(unknown.error().message ==
          "holds <?[31mx, which is no topic of this site: see /api/config");
    CHECK_FALSE(parse_choice({7}, known));
    CHECK_FALSE(parse_choice({nullptr}, known));
    CHECK_FALSE(parse_choice({"news"}, {}));
  }
}

}  // namespace
}  // namespace lamppost::core
