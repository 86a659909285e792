#include "lib/core/installation.h"

namespace lamppost::core {

std::string_view to_text(Health health) {
  switch (health) {
    case Health::Ok:
      return "ok";
    case Health::Warning:
      return "warning";
    case Health::Failed:
      break;
  }
  return "failed";
}

}  // namespace lamppost::core
