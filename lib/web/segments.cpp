#include "lib/web/segments.h"

namespace lamppost::web {

Response list_segments(const Request&, const AdminPorts& ports) {
  return answer(200, json::Object{{"segments", core::to_json(ports.segments.list())}});
}

Response replace_segments(const Request& request, const AdminPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  const auto segments = core::parse_segments(*body);
  if (!segments) return bad_input(segments.error());
  ports.segments.replace(*segments);
  return list_segments(request, ports);
}

}  // namespace lamppost::web
