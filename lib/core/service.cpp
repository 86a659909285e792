#include "lib/core/service.h"

namespace lamppost::core {

std::string_view service_of(std::string_view host) {
  if (host == "fcm.googleapis.com" || host == "jmt17.google.com") return "fcm";
  if (host.ends_with(".push.services.mozilla.com")) return "mozilla";
  if (host.ends_with(".push.apple.com")) return "apple";
  if (host.ends_with(".notify.windows.com")) return "windows";
  return "other";
}

}  // namespace lamppost::core
