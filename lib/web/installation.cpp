#include "lib/web/installation.h"

#include "lib/base/base64url.h"

namespace lamppost::web {

Response show_doctor(const Request&, const AdminPorts& ports) {
  json::Array checks;
  for (const auto& [check, health, detail, remedy] : ports.examine())
    checks.push_back(json::Object{
        {"name", check}, {"state", core::to_text(health)}, {"detail", detail}, {"remedy", remedy}});
  return answer(200, json::Object{{"checks", std::move(checks)}});
}

Response show_settings(const Request&, const AdminPorts& ports) {
  json::Array settings;
  for (const auto& [key, value, otherwise, meaning] : ports.settings)
    settings.push_back(
        json::Object{{"key", key}, {"value", value}, {"default", otherwise}, {"meaning", meaning}});
  const auto key = ports.vapid_keys.current();
  return answer(200, json::Object{{"settings", std::move(settings)},
                                  {"vapid_public_key", key ? encode_base64url(key->point) : ""},
                                  {"version", ports.version}});
}

}  // namespace lamppost::web
