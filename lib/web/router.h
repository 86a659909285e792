#pragma once
// From a request to its handler, with everything that is refused before one is asked.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/web/guard.h"
#include "lib/web/request.h"
#include "lib/web/response.h"

namespace lamppost::web {

using Parts = std::vector<std::string>;  // what the {...} of the pattern matched
using Handler = std::function<Response(const Request&, const Parts&)>;

class Router {
 public:
  struct Rules {
    std::string site_origin;    // the only origin whose pages may change anything
    std::size_t max_body;       // bytes
    bool login_needed = false;  // every route wants an owner
  };
  explicit Router(Rules rules) : rules_(std::move(rules)) {}

  /// pattern  "/api/admin/campaigns/{}/send"; {} is one path segment that is not empty
  void add(Method, std::string_view pattern, Handler);
  /// One that takes no JSON: bodies of these types, and of its own size.
  void add(Method, std::string_view pattern, Intake, Handler);

  /// The handler's answer; or 403 `no_login`, 404, 405 + Allow, 413, 415, 403 `cross_site`.
  /// StoreFailure -> 503 with Retry-After, another Failure or exception -> 500; both logged.
  Response answer(const Request&) const;

  /// Of what that path may be asked with: no more needs to be read.
  std::size_t max_body(std::string_view path) const;

 private:
  struct Route {
    Method method;
    std::vector<std::string> pattern;
    Intake intake;
    Handler handler;
  };
  Response dispatch(const Request&) const;

  Rules rules_;
  std::vector<Route> routes_;
};

}  // namespace lamppost::web
