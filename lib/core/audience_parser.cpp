#include "lib/core/audience_parser.h"

#include <algorithm>
#include <charconv>

#include "lib/base/text.h"
#include "lib/core/service.h"
#include "lib/core/topic.h"

namespace lamppost::core {
namespace {

constexpr std::size_t kMaxUser = 128;  // bytes, as preference.user_id holds
constexpr std::size_t kMaxLanguage = 35;
constexpr int kMaxDays = 3650;

constexpr std::string_view kTerms =
    "a topic's name, topic:, lang:, service:, seen:, joined:, user: or segment:";

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_word(char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '@'; }

bool is_language(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLanguage && text.front() != '-' &&
         text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

}  // namespace

Result<Audience> AudienceParser::parse() {
  skip_white();
  if (is_at_end()) return Audience{};
  read_either();
  skip_white();
  if (!is_at_end())
    refuse(at_, text_[at_] == ')' ? "this parenthesis was never opened"
                                  : "expected && or || before this");
  if (error_) return *error_;
  return std::move(read_);
}

void AudienceParser::read_either() {
  read_both();
  while (!error_ && take("||")) {
    read_both();
    join(Audience::Join::Or);
  }
}

void AudienceParser::read_both() {
  read_one();
  while (!error_ && take("&&")) {
    read_one();
    join(Audience::Join::And);
  }
}

void AudienceParser::read_one() {
  bool is_not = false;
  while (take("!")) is_not = !is_not;
  if (take("("))
    read_group();
  else
    read_term();
  if (is_not) join(Audience::Join::Not);
}

void AudienceParser::read_group() {
  const auto opened = at_ - 1;
  if (++depth_ > max_depth_)
    return refuse(opened,
                  "more than " + std::to_string(max_depth_) + " parentheses within each other");
  read_either();
  if (!error_ && !take(")")) {
    if (is_at_end()) return refuse(opened, "this parenthesis is never closed");
    return refuse(at_, "expected &&, || or a closing parenthesis");
  }
  --depth_;
}

void AudienceParser::read_term() {
  skip_white();
  const auto at = at_;
  const auto word = take_word();
  if (error_) return;
  if (++terms_ > Audience::kMaxTerms)
    return refuse(at, "more than " + std::to_string(Audience::kMaxTerms) + " conditions");
  if (word.empty()) return refuse(at, "expected " + std::string(kTerms));
  if (!is_at_end() && text_[at_] == ':') {
    ++at_;
    return read_value(word, at);
  }
  if (!is_topic_name(word))
    return refuse(at, "a topic's name is 1 to 32 small letters, digits and hyphens");
  add(Audience::Kind::Topic, std::string(word));
}

void AudienceParser::read_value(std::string_view kind, std::size_t at) {
  const auto value_at = at_;
  if (kind == "user") return add(Audience::Kind::User, read_user(value_at));
  const std::string value(take_word());
  if (kind == "topic" || kind == "segment") {
    if (!is_topic_name(value))
      refuse(value_at, "a name is 1 to 32 small letters, digits and hyphens");
    add(kind == "topic" ? Audience::Kind::Topic : Audience::Kind::Segment, value);
  } else if (kind == "lang") {
    if (!is_language(value)) refuse(value_at, "expected a language such as de or de-AT");
    add(Audience::Kind::Language, lower_case(value));
  } else if (kind == "service") {
    if (std::ranges::find(kServices, value) == kServices.end())
      refuse(value_at, "expected fcm, mozilla, apple, windows or other");
    add(Audience::Kind::Service, value);
  } else if (kind == "seen" || kind == "joined") {
    at_ = value_at;
    const auto days = read_days(value_at);
    if (days) add(kind == "seen" ? Audience::Kind::Seen : Audience::Kind::Joined, "", *days);
  } else {
    refuse(at, "there is no " + printable(kind, 32) + ":, only " + std::string(kTerms));
  }
}

// In quotes, in which \" and \\ stand for themselves, or a word.
std::string AudienceParser::read_user(std::size_t at) {
  std::string user;
  if (!is_at_end() && text_[at_] == '"') {
    for (++at_; !is_at_end() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      if (is_at_end()) break;
      if (static_cast<unsigned char>(text_[at_]) < ' ') refuse(at_, "a control character");
      user += text_[at_];
    }
    if (is_at_end())
      refuse(at, "this quotation mark is never closed");
    else
      ++at_;
  } else {
    user = take_word();
  }
  if (user.empty() || user.size() > kMaxUser)
    refuse(at, "expected a user's id of 1 to " + std::to_string(kMaxUser) +
                   " bytes in quotation marks");
  return user;
}

std::optional<std::chrono::days> AudienceParser::read_days(std::size_t at) {
  const auto word = take_word();
  int days = 0;
  const auto* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, days);
  if (error == std::errc{} && stop + 1 == end && *stop == 'd' && days >= 1 && days <= kMaxDays)
    return std::chrono::days{days};
  refuse(at, "expected a number of days from 1d to " + std::to_string(kMaxDays) + "d, such as 30d");
  return std::nullopt;
}

void AudienceParser::add(Audience::Kind kind, std::string text, std::chrono::days days) {
  read_.steps_.push_back({true, {kind, std::move(text), days}, {}});
}

void AudienceParser::join(Audience::Join join) { read_.steps_.push_back({false, {}, join}); }

std::string_view AudienceParser::take_word() {
  const auto begin = at_;
  while (!is_at_end() && is_word(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

bool AudienceParser::take(std::string_view sign) {
  skip_white();
  if (text_.substr(at_).starts_with(sign)) {
    at_ += sign.size();
    return true;
  }
  if (sign.size() == 2 && !is_at_end() && text_[at_] == sign[0])
    refuse(at_, "write " + std::string(sign) + ", not " + sign[0]);
  return false;
}

void AudienceParser::skip_white() {
  while (!is_at_end() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
}

void AudienceParser::refuse(std::size_t at, const std::string& what) {
  if (!error_) error_ = Error{"audience", "at position " + std::to_string(at + 1) + ": " + what};
}

}  // namespace lamppost::core
