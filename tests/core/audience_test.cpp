#include "lib/core/audience.h"

#include <doctest/doctest.h>

#include <map>

namespace lamppost::core {
namespace {

std::string again(std::string_view text) {
  const auto audience = Audience::parse(text);
  INFO(text);
  if (!audience) return "refused: " + audience.error().message;
  return audience->text();
}

std::string refusal(std::string_view text) {
  const auto audience = Audience::parse(text);
  INFO(text);
  REQUIRE_FALSE(audience);
  CHECK(audience.error().field == "audience");
  return audience.error().message;
}

std::string many(std::string_view one, std::string_view between, std::size_t times) {
  std::string text(one);
  for (std::size_t i = 1; i < times; ++i) text += std::string(between) + std::string(one);
  return text;
}

}  // namespace

TEST_SUITE("core.audience") {
  TEST_CASE("nothing and white space is everybody") {
    for (const auto* text : {"", " ", " \t\r\n "}) {
      CAPTURE(text);
      const auto audience = Audience::parse(text);
      REQUIRE(audience);
      CHECK(audience->is_everybody());
      CHECK(audience->text().empty());
    }
  }

  TEST_CASE("every expression is understood as it binds") {
    const std::map<std::string, std::string> same{
        {"news", "news"},
        {"topic:news", "news"},
        {"  news  ", "news"},
        {"2026-news", "2026-news"},
        {"and", "and"},
        {"lang:de", "lang:de"},
        {"lang:de-AT", "lang:de-at"},
        {"service:fcm||service:other", "service:fcm || service:other"},
        {"seen:30d", "seen:30d"},
        {"joined:007d", "joined:7d"},
        {"user:42", "user:\"42\""},
        {"user:\"42\"", "user:\"42\""},
        {"user:anna@example.com", "user:\"anna@example.com\""},
        {R"(user:"a \"b\" \\ && N\u00e4")", R"(user:"a \"b\" \\ && Nu00e4")"},
        {"segment:regulars", "segment:regulars"},
        {"!news", "!news"},
        {"! ! !news", "!news"},
        {"!!news", "news"},
        {"a&&b&&c", "a && b && c"},
        {"a||b&&c", "a || b && c"},
        {"(a||b)&&c", "(a || b) && c"},
        {"a&&(b||c)", "a && (b || c)"},
        {"a&&b||c&&d", "a && b || c && d"},
        {"a||(b||c)", "a || (b || c)"},
        {"((a))", "a"},
        {"!(a&&b)", "!(a && b)"},
        {"!a&&b", "!a && b"},
        {"!(!a)", "!!a"},
        {"news\n&&\tlang:de", "news && lang:de"},
    };
    for (const auto& [text, expected] : same) {
      CHECK(again(text) == expected);
      CHECK(again(again(text)).find("refused") == std::string::npos);
    }
  }

  TEST_CASE("what is wrong is told with its position and what would be right") {
    const std::map<std::string, std::string> wrong{
        {"News", "at position 1: a topic's name is 1 to 32 small letters"},
        {"news sport", "at position 6: expected && or || before this"},
        {"news and sport", "at position 6: expected && or || before this"},
        {"news &&", "at position 8: expected a topic's name, topic:, lang:"},
        {"&& news", "at position 1: expected a topic's name"},
        {"news & sport", "at position 6: write &&, not &"},
        {"news | sport", "at position 6: write ||, not |"},
        {"news && || sport", "at position 9: expected a topic's name"},
        {"(news", "at position 1: this parenthesis is never closed"},
        {"a && (b || (c)", "at position 6: this parenthesis is never closed"},
        {"(a b)", "at position 4: expected &&, || or a closing parenthesis"},
        {"news)", "at position 5: this parenthesis was never opened"},
        {"()", "at position 2: expected a topic's name"},
        {"!", "at position 2: expected a topic's name"},
        {"topic:", "at position 7: a name is 1 to 32 small letters"},
        {"topic: news", "at position 7: a name is 1 to 32 small letters"},
        {"topic:N\xc3\xa4ws", "at position 7: a name is 1 to 32 small letters"},
        {"lang:", "at position 6: expected a language such as de or de-AT"},
        {"lang:de_AT", "at position 6: expected a language"},
        {"lang:-de", "at position 6: expected a language"},
        {"lang:%", "at position 6: expected a language"},
        {"service:google", "at position 9: expected fcm, mozilla, apple, windows or other"},
        {"service:FCM", "at position 9: expected fcm"},
        {"seen:30", "at position 6: expected a number of days from 1d to 3650d, such as 30d"},
        {"seen:0d", "at position 6: expected a number of days"},
        {"seen:-1d", "at position 6: expected a number of days"},
        {"seen:3651d", "at position 6: expected a number of days"},
        {"seen:99999999999999999999d", "at position 6: expected a number of days"},
        {"joined:30dd", "at position 8: expected a number of days"},
        {"joined:d", "at position 8: expected a number of days"},
        {"user:", "at position 6: expected a user's id"},
        {"user:\"\"", "at position 6: expected a user's id"},
        {"user:\"42", "at position 6: this quotation mark is never closed"},
        {"user:\"42\\", "at position 6: this quotation mark is never closed"},
        {"user:\"42\\\"", "at position 6: this quotation mark is never closed"},
        {"user:\"a\nb\"", "at position 8: a control character"},
        {"user:" + std::string(129, 'u'), "at position 6: expected a user's id of 1 to 128 bytes"},
        {"country:de", "at position 1: there is no country:, only a topic's name, topic:, lang:"},
        {":news", "at position 1: expected a topic's name"},
        {"segment:Big", "at position 9: a name is 1 to 32 small letters"},
        {std::string(33, 'n'), "at position 1: a topic's name is 1 to 32"},
        {"news; DROP TABLE campaign", "at position 5: expected && or || before this"},
        {"lang:de' OR '1'='1", "at position 8: expected && or || before this"},
        {std::string("a\0b", 3), "at position 2: expected && or || before this"},
        {"\xff", "at position 1: expected a topic's name"},
    };
    for (const auto& [text, expected] : wrong) {
      const auto message = refusal(text);
      CHECK_MESSAGE(message.starts_with(expected), text << " -> " << message);
    }
  }

  TEST_CASE("size, conditions and depth have their limits, and just within them all is well") {
    CHECK(again(many("a", "||", 50)) == many("a", " || ", 50));
    CHECK(refusal(many("a", "||", 51)).find("more than 50 conditions") != std::string::npos);
    CHECK(again(std::string(20, '(') + 'a' + std::string(20, ')')) == "a");
    CHECK(refusal(std::string(21, '(') + 'a' + std::string(21, ')')) ==
          "at position 21: more than 20 parentheses within each other");
    CHECK(again(std::string(999, ' ') + 'a') == "a");
    CHECK(refusal(std::string(1000, ' ') + 'a') == "must be at most 1000 bytes");
    CHECK(again(std::string(998, '!') + 'a') == "a");
    CHECK(refusal(std::string(1000, '(')).find("more than 20") != std::string::npos);
  }

  TEST_CASE("segments are put in with their own binding, also where a not stands before them") {
    const Audience::Known known{{{"big", "a || b"}, {"small", "!c"}}, {"a", "b", "c"}};
    const auto audience = Audience::parse("!segment:big && segment:small || !segment:small");

    const auto whole = audience->resolved(known);

    REQUIRE(whole);
    CHECK(whole->text() == "!(a || b) && !c || !!c");
    CHECK(Audience::stored(whole->text())->names(Audience::Kind::Topic) ==
          std::vector<std::string>{"a", "b", "c"});
    CHECK(audience->names(Audience::Kind::Segment) == std::vector<std::string>{"big", "small"});
  }

  TEST_CASE("a segment or a topic that is not there is refused, and so is one that is too much") {
    const Audience::Known known{
        {{"many", many("a", "||", 30)}, {"nested", "segment:many"}, {"empty", ""}, {"odd", "a b"}},
        {"a"}};
    const auto message = [&](std::string_view text) {
      const auto whole = Audience::parse(text)->resolved(known);
      REQUIRE_FALSE(whole);
      CHECK(whole.error().field == "audience");
      return whole.error().message;
    };

    CHECK(message("segment:none") == "there is no segment none: see /api/admin/segments");
    CHECK(message("segment:many && segment:many").find("more than 50") != std::string::npos);
    CHECK(message("a || segment:nested") == "the segment nested is not readable");
    CHECK(message("segment:empty") == "the segment empty is not readable");
    CHECK(message("segment:odd") == "the segment odd is not readable");
    CHECK(message("a && !b") == "there is no topic b: see /api/admin/topics");
  }

  TEST_CASE("what is stored may be longer than what may be written, and comes back the same") {
    std::string deep = "a";
    for (int i = 0; i < 49; ++i) deep = "!(b && " + deep + ')';
    std::string wide = "user:\"" + std::string(128, '"') + '"';
    for (const auto& text : {deep, many("user:\"" + std::string(128, 'x') + '"', " || ", 50)}) {
      const auto audience = Audience::stored(text);
      REQUIRE(audience);
      CHECK(audience->text() == text);
      CHECK(Audience::stored(audience->text())->steps() == audience->steps());
    }
    CHECK_FALSE(Audience::stored(wide));
    CHECK_FALSE(Audience::stored("a b"));
  }
}

}  // namespace lamppost::core
