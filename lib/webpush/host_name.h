#pragma once
// The one idea of a host name that endpoints, the host policy and the VAPID subject share.

#include <string_view>

namespace lamppost::webpush {

/// True for labels of lower-case letters, digits and inner hyphens (RFC 1123, 2.1), at most 63 each
/// and 253 in all, whose last one begins with a letter: no IPv4 address in any spelling is one.
bool is_host_name(std::string_view host);

}  // namespace lamppost::webpush
