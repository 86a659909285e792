#pragma once
// The push services by the names that people know them by, whatever hosts they have.

#include <array>
#include <string_view>

namespace lamppost::core {

constexpr std::array<std::string_view, 5> kServices{"fcm", "mozilla", "apple", "windows", "other"};

/// One of kServices. The schema says the same of an endpoint (sql/005_audience.sql).
/// host  without a port: "fcm.googleapis.com"
std::string_view service_of(std::string_view host);

}  // namespace lamppost::core
