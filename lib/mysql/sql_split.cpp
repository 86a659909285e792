#include "lib/mysql/sql_split.h"

#include <algorithm>

namespace lamppost::mysql {
namespace {

// The length of the comment that `rest` begins with, 0 if none. MySQL wants a space after `--`.
std::size_t comment_size(std::string_view rest) {
  const auto until = [&](std::string_view end, std::size_t from) {
    const auto at = rest.find(end, from);
    return at == std::string_view::npos ? rest.size() : at + end.size();
  };
  if (rest.starts_with("/*")) return until("*/", 2);
  if (rest.starts_with('#')) return until("\n", 1);
  if (rest == "--" || (rest.starts_with("--") && static_cast<unsigned char>(rest[2]) <= ' '))
    return until("\n", 2);
  return 0;
}

// The length of the quoted text that `rest` begins with, 0 if none. A doubled quote is two of them.
std::size_t quoted_size(std::string_view rest) {
  const char quote = rest.front();
  if (quote != '\'' && quote != '"' && quote != '`') return 0;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] == quote) return at + 1;
    if (rest[at] == '\\' && quote != '`') ++at;
  }
  return rest.size();
}

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

std::vector<std::string> split_sql(std::string_view text) {
  std::vector<std::string> statements;
  std::string statement;
  const auto end_statement = [&] {
    if (const auto inner = stripped(statement); !inner.empty()) statements.emplace_back(inner);
    statement.clear();
  };
  while (!text.empty()) {
    if (const auto comment = comment_size(text)) {
      statement += ' ';  // it separates words
      text.remove_prefix(comment);
    } else if (text.front() == ';') {
      end_statement();
      text.remove_prefix(1);
    } else {
      const auto size = std::max<std::size_t>(quoted_size(text), 1);
      statement += text.substr(0, size);
      text.remove_prefix(size);
    }
  }
  end_statement();
  return statements;
}

}  // namespace lamppost::mysql
