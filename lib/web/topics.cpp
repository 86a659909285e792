#include "lib/web/topics.h"

namespace lamppost::web {

Response list_topics(const Request&, const AdminPorts& ports) {
  return answer(200, json::Object{{"topics", core::to_json(ports.topics.list())}});
}

Response replace_topics(const Request& request, const AdminPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  const auto topics = core::parse_topics(*body);
  if (!topics) return bad_input(topics.error());
  ports.topics.replace(*topics);
  return list_topics(request, ports);
}

}  // namespace lamppost::web
