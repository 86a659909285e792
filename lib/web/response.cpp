#include "lib/web/response.h"

#include "lib/core/members.h"

namespace lamppost::web {

Response answer(int status, const json::Value& body) {
  return {.status = status, .headers = {}, .body = json::write(body), .stream = {}};
}

Response refusal(int status, std::string_view code, std::string_view field,
                 std::string_view message) {
  return answer(
      status, json::Object{
                  {"status", "error"},
                  {"error", json::Object{{"code", code}, {"field", field}, {"message", message}}}});
}

Response bad_input(const Error& error) {
  if (error.field.empty()) return refusal(400, "bad_json", "", "The body " + error.message);
  auto member = error.field.substr(error.field.rfind('.') + 1);
  member = member.substr(0, member.find('['));
  const bool missing = error.message == core::Members::kMissing;
  return refusal(400, (missing ? "missing_" : "bad_") + member, error.field,
                 error.field + ' ' + error.message);
}

Response unavailable(std::string_view message) {
  auto response = refusal(503, "unavailable", "", message);
  response.headers.emplace_back("Retry-After", "3");
  return response;
}

}  // namespace lamppost::web
