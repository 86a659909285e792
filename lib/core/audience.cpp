#include "lib/core/audience.h"

#include <algorithm>

#include "lib/core/audience_parser.h"

namespace lamppost::core {
namespace {

std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string to_text(const Audience::Term& term) {
  using enum Audience::Kind;
  const auto days = std::to_string(term.days.count()) + 'd';
  switch (term.kind) {
    case Topic:
      return term.text;
    case Language:
      return "lang:" + term.text;
    case Service:
      return "service:" + term.text;
    case Seen:
      return "seen:" + days;
    case Joined:
      return "joined:" + days;
    case User:
      return "user:" + quoted(term.text);
    case Segment:
      return "segment:" + term.text;
  }
  return {};
}

// A part of the text, and how tight what stands in it is bound: a part that is bound looser than
// its surroundings needs parentheses.
struct Part {
  std::string text;
  int tightness;  // 0 ||, 1 &&, 2 what stands alone
  std::string within(int surroundings) && {
    return tightness < surroundings ? '(' + text + ')' : std::move(text);
  }
};

}  // namespace

Result<Audience> Audience::parse(std::string_view text) {
  if (text.size() > kMaxSize)
    return Error{"audience", "must be at most " + std::to_string(kMaxSize) + " bytes"};
  return AudienceParser(text, kMaxDepth).parse();
}

// A parenthesis that is needed holds two terms or more.
Result<Audience> Audience::stored(std::string_view text) {
  return AudienceParser(text, kMaxTerms).parse();
}

Result<Audience> Audience::resolved(const Known& known) const {
  Audience whole;
  for (const auto& step : steps_) {
    if (!step.is_term || step.term.kind != Kind::Segment) {
      whole.steps_.push_back(step);
      continue;
    }
    const auto named = std::ranges::find(known.segments, step.term.text, &Named::name);
    if (named == known.segments.end())
      return Error{"audience",
                   "there is no segment " + step.term.text + ": see /api/admin/segments"};
    const auto segment = parse(named->audience);
    if (!segment || segment->is_everybody() || !segment->names(Kind::Segment).empty())
      return Error{"audience", "the segment " + step.term.text + " is not readable"};
    whole.steps_.insert(whole.steps_.end(), segment->steps_.begin(), segment->steps_.end());
    if (whole.terms() > kMaxTerms)
      return Error{"audience", "with its segments it has more than " + std::to_string(kMaxTerms) +
                                   " conditions"};
  }
  for (const auto& topic : whole.names(Kind::Topic))
    if (std::ranges::find(known.topics, topic) == known.topics.end())
      return Error{"audience", "there is no topic " + topic + ": see /api/admin/topics"};
  return whole;
}

std::string Audience::text() const {
  std::vector<Part> parts;
  for (const auto& step : steps_) {
    if (step.is_term) {
      parts.push_back({to_text(step.term), 2});
      continue;
    }
    auto right = std::move(parts.back());
    parts.pop_back();
    if (step.join == Join::Not) {
      parts.push_back({'!' + std::move(right).within(2), 2});
      continue;
    }
    const int tightness = step.join == Join::And ? 1 : 0;
    auto& left = parts.back();
    left.text = std::move(left).within(tightness) + (tightness == 1 ? " && " : " || ") +
                std::move(right).within(tightness + 1);
    left.tightness = tightness;
  }
  return parts.empty() ? "" : std::move(parts.back().text);
}

std::vector<std::string> Audience::names(Kind kind) const {
  std::vector<std::string> names;
  for (const auto& step : steps_)
    if (step.is_term && step.term.kind == kind &&
        std::ranges::find(names, step.term.text) == names.end())
      names.push_back(step.term.text);
  return names;
}

std::size_t Audience::terms() const {
  return static_cast<std::size_t>(std::ranges::count_if(steps_, &Step::is_term));
}

}  // namespace lamppost::core
