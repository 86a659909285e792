#include "lib/web/router.h"

#include "lib/base/failure.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

#include <algorithm>
#include <optional>

namespace lamppost::web {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t start = 0; start <= path.size();) {
    const auto slash = std::min(path.find('/', start), path.size());
    segments.emplace_back(path.substr(start, slash - start));
    start = slash + 1;
  }
  return segments;
}

std::optional<Parts> match(const std::vector<std::string>& pattern,
                           const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  Parts parts;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i] == "{}" && !path[i].empty())
      parts.push_back(path[i]);
    else if (pattern[i] != path[i])
      return std::nullopt;
  }
  return parts;
}

std::string_view to_text(Method method) {
  switch (method) {
    case Method::Get:
      return "GET, HEAD";
    case Method::Post:
      return "POST";
    case Method::Put:
      return "PUT";
    case Method::Patch:
      return "PATCH";
    case Method::Delete:
      return "DELETE";
    case Method::Other:
      break;
  }
  return "";
}

}  // namespace

void Router::add(Method method, std::string_view pattern, Handler handler) {
  add(method, pattern, {{}, rules_.max_body}, std::move(handler));
}

void Router::add(Method method, std::string_view pattern, Intake intake, Handler handler) {
  routes_.push_back({method, split(pattern), std::move(intake), std::move(handler)});
}

std::size_t Router::max_body(std::string_view path) const {
  auto most = rules_.max_body;
  const auto segments = split(path);
  for (const auto& route : routes_)
    if (match(route.pattern, segments)) most = std::max(most, route.intake.max_body);
  return most;
}

Response Router::answer(const Request& request) const {
  const auto log_failure = [&](std::string_view event, const std::exception& failure) {
    log::error(event, {{"path", request.path}, {"reason", failure.what()}});
  };
  try {
    return dispatch(request);
  } catch (const StoreFailure& failure) {
    log_failure("store_failure", failure);
    return unavailable(
        "The database does not answer just now; nothing that was acknowledged is lost");
  } catch (const std::exception& failure) {
    log_failure("failure", failure);
    return refusal(500, "internal", "", "Something failed here; the server's log has the reason");
  }
}

Response Router::dispatch(const Request& request) const {
  if (rules_.login_needed && request.owner.empty())
    return refusal(
        403, "no_login", "",
        "nginx passed no login: this location must have auth_basic and set LAMPPOST_GATE");
  const auto path = split(request.path);
  std::string allow;
  for (const auto& route : routes_) {
    const auto parts = match(route.pattern, path);
    if (!parts) continue;
    if (route.method == request.method) {
      if (auto refused = refuse(request, rules_.site_origin, route.intake)) return *refused;
      return route.handler(request, *parts);
    }
    const auto method = to_text(route.method);
    if (allow.find(method) != std::string::npos) continue;  // by another pattern, too
    if (!allow.empty()) allow += ", ";
    allow += method;
  }
  if (allow.empty())
    return refusal(404, "not_found", "", "There is nothing at " + printable(request.path, 200));
  auto response = refusal(405, "bad_method", "", "Allowed here: " + allow);
  response.headers.emplace_back("Allow", allow);
  return response;
}

}  // namespace lamppost::web
