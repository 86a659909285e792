#pragma once
// Reads the text of an audience (the grammar stands in audience.h), a step down for each level of
// binding. Keeps the first thing that is wrong.

#include <optional>

#include "lib/core/audience.h"

namespace lamppost::core {

class AudienceParser {
 public:
  /// max_depth  of parentheses, which are read by recursion
  AudienceParser(std::string_view text, std::size_t max_depth)
      : text_(text), max_depth_(max_depth) {}
  Result<Audience> parse();

 private:
  void read_either();
  void read_both();
  void read_one();
  void read_group();
  void read_term();
  void read_value(std::string_view kind, std::size_t at);
  std::string read_user(std::size_t at);
  std::optional<std::chrono::days> read_days(std::size_t at);

  void add(Audience::Kind, std::string text, std::chrono::days = {});
  void join(Audience::Join);
  std::string_view take_word();
  bool take(std::string_view sign);
  void skip_white();
  bool is_at_end() const { return at_ == text_.size(); }
  void refuse(std::size_t at, const std::string& what);

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t terms_ = 0;
  Audience read_;
  std::optional<Error> error_;
};

}  // namespace lamppost::core
