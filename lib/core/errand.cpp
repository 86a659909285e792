#include "lib/core/errand.h"

namespace lamppost::core {

std::string_view to_text(ErrandKind kind) {
  switch (kind) {
    case ErrandKind::Welcome:
      return "welcome";
    case ErrandKind::Test:
      return "test";
  }
  return {};
}

std::optional<ErrandKind> parse_errand_kind(std::string_view text) {
  for (const auto kind : {ErrandKind::Welcome, ErrandKind::Test})
    if (text == to_text(kind)) return kind;
  return std::nullopt;
}

}  // namespace lamppost::core
