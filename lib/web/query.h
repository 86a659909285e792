#pragma once
// Parameters of a query that are texts, as a form or URLSearchParams writes them.

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/web/request.h"

namespace lamppost::web {

/// The parameter's text, with %xx and + undone; empty when it is not there. Error: the parameter,
/// when it is longer than `limit` bytes, a % without two hex digits, a NUL, or no UTF-8.
Result<std::string> query_text(const Request&, const std::string& name, std::size_t limit);

/// A whole number. Error: the parameter, and between what it must be.
Result<std::uint64_t> query_number(const Request&, const std::string& name, std::uint64_t otherwise,
                                   std::uint64_t least, std::uint64_t most);

}  // namespace lamppost::web
