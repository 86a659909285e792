#include "lib/webpush/host_name.h"

#include <algorithm>

namespace lamppost::webpush {
namespace {

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, is_label_character);
}

}  // namespace

bool is_host_name(std::string_view host) {
  if (host.size() > 253) return false;
  for (;;) {
    const auto dot = host.find('.');
    const auto label = host.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return label.front() >= 'a';
    host.remove_prefix(dot + 1);
  }
}

}  // namespace lamppost::webpush
