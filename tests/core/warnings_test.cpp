#include "lib/core/warnings.h"

#include <doctest/doctest.h>

namespace lamppost::core {
namespace {

using Codes = std::vector<std::string>;

constexpr auto* kFine = R"({"title":"Market day","body":"From 8 on","url":"/market"})";

Codes codes(const std::string& given, std::size_t bytes = 300,
            const AudienceCount& audience = {{{"fcm", 1}}, 0},
            const std::vector<Campaign>& recent = {}) {
  Codes codes;
  for (const auto& warning : find_warnings(*json::parse_object(given), bytes, audience, recent)) {
    CHECK_FALSE(warning.message.empty());
    codes.push_back(warning.code + ' ' + warning.field);
  }
  return codes;
}

Campaign sent(const std::string& given, CampaignState state = CampaignState::Finished) {
  Campaign campaign{};
  campaign.id = {7};
  campaign.given = given;
  campaign.state = state;
  return campaign;
}

}  // namespace

TEST_SUITE("core.warnings") {
  TEST_CASE("a message that is fine has none") { CHECK(codes(kFine).empty()); }

  TEST_CASE("size is told at both limits, and only the one that is passed") {
    CHECK(codes(kFine, 2800).empty());
    CHECK(codes(kFine, 2801) == Codes{"firefox_android body"});
    CHECK(codes(kFine, 3993) == Codes{"firefox_android body"});
    CHECK(codes(kFine, 3994) == Codes{"too_long body"});
  }

  TEST_CASE("without a link it says where a click goes") {
    CHECK(codes(R"({"title":"T"})") == Codes{"no_link url"});
    CHECK(codes(R"({"title":"T","url":""})") == Codes{"no_link url"});
  }

  TEST_CASE("capitals alone and exclamation marks are shouting, abbreviations are not") {
    const auto with_title = [](const std::string& title) {
      return codes(R"({"url":"/","title":")" + title + "\"}");
    };
    CHECK(with_title("LAST CHANCE") == Codes{"shouting title"});
    CHECK(with_title("Now!!!") == Codes{"shouting title"});
    CHECK(codes(R"({"url":"/","title":"T","body":"BUY IT NOW"})") == Codes{"shouting body"});
    for (const auto* title :
         {"NASA", "NASA has news", "Now!!", "12345678", "", "\u00c4NDERUNGEN"}) {
      CAPTURE(title);
      CHECK(with_title(title).empty());
    }
  }

  TEST_CASE("an audience of nobody is told, and whether all of it has paused") {
    CHECK(codes(kFine, 300, {}) == Codes{"no_audience audience"});
    CHECK(find_warnings(*json::parse_object(kFine), 300, {{}, 2}, {})
              .at(0)
              .message.ends_with("all who are meant have paused"));
    CHECK(codes(kFine, 300, {{{"fcm", 1}}, 2}).empty());
  }

  TEST_CASE("what was sent lately with the same words and link is told, to others too") {
    const AudienceCount one{{{"fcm", 1}}, 0};
    const auto other = sent(R"({"title":"Other","body":"From 8 on","url":"/market"})");
    const auto same = sent(R"({"url":"/market","body":"From 8 on","title":"Market day","ttl":5})");

    CHECK(codes(kFine, 300, one, {other}).empty());
    CHECK(codes(kFine, 300, one, {other, same}) == Codes{"same_as_recent title"});
    CHECK(codes(kFine, 300, one, {sent(kFine, CampaignState::Scheduled)}) ==
          Codes{"same_as_recent title"});
    CHECK(codes(kFine, 300, one, {sent(kFine, CampaignState::Draft)}).empty());
    CHECK(codes(kFine, 300, one, {sent(kFine, CampaignState::Cancelled)}).empty());
    CHECK(codes(kFine, 300, one, {sent("not JSON")}).empty());
    CHECK(codes(R"({"url":"/"})", 300, one, {sent(R"({"url":"/"})")}).empty());
  }
}

}  // namespace lamppost::core
