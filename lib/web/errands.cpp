#include "lib/web/errands.h"

#include "lib/core/members.h"
#include "lib/web/mine.h"

namespace lamppost::web {

Response ask_for_test(const Request& request, const PublicPorts& ports) {
  const auto body = json::parse_object(request.body);
  if (!body) return bad_input(body.error());
  core::Members members(*body, "");
  const auto holder = find_holder(members, ports.preferences);
  if (!holder) return no_holder(members);
  const auto now = ports.clock.now();
  if (!ports.errands.grant_test(holder->id, now)) {
    auto response = refusal(429, "rate_limited", "", "One test a minute, please");
    const auto wait = core::ErrandStore::kTestRest.count();
    response.headers.emplace_back("Retry-After", std::to_string(wait));
    return response;
  }
  ports.errands.add({holder->id, core::ErrandKind::Test, holder->language}, now);
  return answer(202, json::Object{{"status", "success"}});
}

}  // namespace lamppost::web
