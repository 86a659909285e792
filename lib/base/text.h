#pragma once
// Text from strangers, made fit for logs, messages and JSON.

#include <string>
#include <string_view>
#include <vector>

namespace lamppost {

bool is_utf8(std::string_view text);
bool is_ascii(std::string_view text);

/// `text` with U+FFFD for every byte that is not part of valid UTF-8.
std::string valid_utf8(std::string_view text);

/// At most `limit` bytes of `text` with everything but visible ASCII and spaces as '?': what a
/// stranger sent may be named in a message, but must not act on a terminal or a log.
std::string printable(std::string_view text, std::size_t limit);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// The parts between commas, trimmed; none for an empty text.
std::vector<std::string> split_list(std::string_view text);

/// ASCII only, so the locale has no say.
std::string lower_case(std::string_view text);

}  // namespace lamppost
