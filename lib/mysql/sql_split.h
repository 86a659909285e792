#pragma once
// A file of SQL taken apart into its statements, since the server takes one at a time.

#include <string>
#include <string_view>
#include <vector>

namespace lamppost::mysql {

/// The statements between semicolons, trimmed, without comments (`-- `, `#`, `/* */`); none is
/// empty. Semicolons and comment signs inside '...', "..." and `...` are text, where a doubled
/// quote or a backslash (not in `...`) keeps the quote open.
std::vector<std::string> split_sql(std::string_view text);

}  // namespace lamppost::mysql
