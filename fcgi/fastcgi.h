#pragma once
// Requests from nginx and answers to it. The only file that knows libfcgi.

#include <memory>

#include "fcgi/stop.h"
#include "lib/web/router.h"

namespace lamppost {

class Listener {
 public:
  /// socket  bound and listening, shared by all workers of a pool
  explicit Listener(int socket);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Waits for the next request and answers it. False once the process is asked to stop; a request
  /// under way is finished first.
  bool serve_one(const web::Router&, const Stop&);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lamppost
