#include "lib/mysql/audience_sql.h"

#include "lib/base/failure.h"

namespace lamppost::mysql {
namespace {

// Looked up for each subscription: a page of an audience ends as soon as it is full. A choice
// counts while its topic is there.
constexpr std::string_view kChose =
    "SELECT 1 FROM subscription_topic t JOIN topic ON topic.name = t.topic_name"
    " WHERE t.subscription_id = s.id AND t.topic_name = ?";
constexpr std::string_view kBelongs =
    "SELECT 1 FROM preference u WHERE u.subscription_id = s.id AND u.user_id = ?";

std::string exists(std::string_view select) { return "EXISTS (" + std::string(select) + ')'; }

}  // namespace

Condition::Condition(const core::Audience& audience, Time now) {
  using Join = core::Audience::Join;
  std::vector<std::string> parts;
  for (const auto& step : audience.steps()) {
    if (step.is_term) {
      parts.push_back(piece(step.term, now));
      continue;
    }
    auto right = std::move(parts.back());
    if (step.join == Join::Not) {
      parts.back() = "NOT (" + right + ')';
      continue;
    }
    parts.pop_back();
    parts.back() = '(' + parts.back() + (step.join == Join::And ? " AND " : " OR ") + right + ')';
  }
  text_ = parts.empty() ? "1 = 1" : std::move(parts.back());
}

std::string Condition::piece(const core::Audience::Term& term, Time now) {
  using enum core::Audience::Kind;
  switch (term.kind) {
    case Topic:
      values_.emplace_back(term.text);
      return exists(kChose);
    case Language:  // a tag has neither % nor _
      values_.emplace_back(term.text);
      values_.emplace_back(term.text + "-%");
      return "(LOWER(s.language) = ? OR LOWER(s.language) LIKE ?)";
    case Service:
      values_.emplace_back(term.text);
      return "s.service = ?";
    case Seen:
      values_.emplace_back(now - term.days);
      return "s.seen_at >= ?";
    case Joined:
      values_.emplace_back(now - term.days);
      return "s.created_at >= ?";
    case User:
      values_.emplace_back(term.text);
      return exists(kBelongs);
    case Segment:
      break;
  }
  throw Failure("an audience with segments cannot be looked up");
}

std::vector<Value> Condition::values() const {
  std::vector<Value> values;
  for (const auto& value : values_)
    std::visit([&](const auto& content) { values.emplace_back(content); }, value);
  return values;
}

}  // namespace lamppost::mysql
