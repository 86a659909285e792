#pragma once
// An audience as a condition of SQL: fixed pieces, and a placeholder for each value. Of table
// `subscription` under the name s, in statements that FORCE INDEX (subscription_audience).

#include <string>
#include <variant>
#include <vector>

#include "lib/core/audience.h"
#include "lib/mysql/value.h"

namespace lamppost::mysql {

class Condition {
 public:
  /// The audience has no segments. `now` is what days are counted back from.
  Condition(const core::Audience&, Time now);

  /// For everybody: what is always true. To be put in parentheses.
  const std::string& text() const noexcept { return text_; }
  /// For its placeholders, in their order. They live as long as the condition.
  std::vector<Value> values() const;

 private:
  std::string piece(const core::Audience::Term&, Time now);
  std::string text_;
  std::vector<std::variant<std::string, Time>> values_;
};

}  // namespace lamppost::mysql
