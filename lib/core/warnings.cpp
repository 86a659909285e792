#include "lib/core/warnings.h"

#include "lib/webpush/encrypt.h"

#include <algorithm>
#include <array>

namespace lamppost::core {
namespace {

constexpr std::size_t kFirefoxAndroid = 2800;  // bytes; what is longer may not arrive there
constexpr std::ptrdiff_t kShout = 6;           // letters; a short name may be all capitals

std::string text_of(const json::Object& message, const char* name) {
  const auto* value = message.find(name);
  return value && value->text() ? *value->text() : "";
}

bool is_shouting(const std::string& text) {
  if (text.find("!!!") != std::string::npos) return true;
  const auto small = [](char c) { return (c >= 'a' && c <= 'z') || (c & 0x80) != 0; };
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return std::ranges::none_of(text, small) && std::ranges::count_if(text, capital) >= kShout;
}

bool shows_the_same(const json::Object& given, const Campaign& campaign) {
  using enum CampaignState;
  if (campaign.state == Draft || campaign.state == Cancelled) return false;
  const auto sent = json::parse_object(campaign.given);
  return sent && std::ranges::all_of(std::array{"title", "body", "url"}, [&](const char* name) {
           return text_of(*sent, name) == text_of(given, name);
         });
}

}  // namespace

std::vector<Warning> find_warnings(const json::Object& given, std::size_t bytes,
                                   const AudienceCount& audience,
                                   const std::vector<Campaign>& recent) {
  std::vector<Warning> warnings;
  if (bytes > webpush::kMaxPlaintext)
    warnings.push_back({"too_long", "body",
                        "It is " + std::to_string(bytes - webpush::kMaxPlaintext) +
                            " bytes too long to be sent: shorten its texts or links"});
  else if (bytes > kFirefoxAndroid)
    warnings.push_back({"firefox_android", "body",
                        "More than " + std::to_string(kFirefoxAndroid) +
                            " bytes may not arrive in Firefox on Android"});
  if (text_of(given, "url").empty())
    warnings.push_back({"no_link", "url", "It has no link: a click opens the site's first page"});
  for (const auto* name : {"title", "body"})
    if (is_shouting(text_of(given, name)))
      warnings.push_back({"shouting", name, "Capitals alone, or !!!, read as shouting"});
  if (audience.all() == 0)
    warnings.push_back({"no_audience", "audience",
                        audience.paused == 0
                            ? "Nobody would get it"
                            : "Nobody would get it: all who are meant have paused"});
  const auto same = std::ranges::find_if(
      recent, [&](const Campaign& campaign) { return shows_the_same(given, campaign); });
  if (same != recent.end() && !text_of(given, "title").empty())
    warnings.push_back(
        {"same_as_recent", "title",
         "Campaign " + std::to_string(same->id.value) + " of the last 24 hours says the same"});
  return warnings;
}

}  // namespace lamppost::core
