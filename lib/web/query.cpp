#include "lib/web/query.h"

#include "lib/base/text.h"

#include <charconv>

namespace lamppost::web {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto digits = text.substr(i + 1, 2);
    unsigned byte = 0;
    const auto end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || error != std::errc{} || stop != end) return std::nullopt;
    plain += static_cast<char>(byte);
    i += 2;
  }
  return plain;
}

}  // namespace

Result<std::string> query_text(const Request& request, const std::string& name, std::size_t limit) {
  auto text = decoded(request.query_value(name));
  if (!text || !is_utf8(*text) || text->find('\0') != std::string::npos)
    return Error{name, "must be UTF-8, written with % and two hex digits where it is not ASCII"};
  if (text->size() > limit)
    return Error{name, "must be at most " + std::to_string(limit) + " bytes"};
  return *std::move(text);
}

Result<std::uint64_t> query_number(const Request& request, const std::string& name,
                                   std::uint64_t otherwise, std::uint64_t least,
                                   std::uint64_t most) {
  const auto text = request.query_value(name);
  if (text.empty()) return otherwise;
  std::uint64_t number = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number < least || number > most)
    return Error{name, "must be a whole number between " + std::to_string(least) + " and " +
                           std::to_string(most)};
  return number;
}

}  // namespace lamppost::web
