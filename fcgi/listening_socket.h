#pragma once
// The unix socket of a pool.

#include <string>

namespace lamppost {

/// The socket that systemd passed, or else one bound to `path` with mode 0660. A second pool on the
/// same path is refused: the lock file beside it is held for as long as the process lives.
/// Throws Failure: path too long, in use, or not to be made.
int open_listening_socket(const std::string& path);

}  // namespace lamppost
