#pragma once
// A pool: a small parent that forks single-threaded workers and restarts one that dies.

#include <functional>
#include <string>

namespace lamppost {

struct Pool {
  std::string socket;
  std::size_t workers;
};

/// Runs `work(socket)` in `workers` processes until SIGTERM or SIGINT, which is handed on; then
/// waits for them, at most 15 s. Returns the exit code. Throws Failure when the socket cannot be
/// had.
int run_pool(const Pool&, const std::function<void(int socket)>& work);

}  // namespace lamppost
