#include "fcgi/listening_socket.h"

#include "lib/base/failure.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace lamppost {
namespace {

constexpr int kFirstPassed = 3;  // sd_listen_fds(3)
constexpr int kBacklog = 4096;   // a full one is an immediate 502 for the visitor

bool is_passed_by_systemd() {
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  return pid && count && std::atol(pid) == getpid() && std::atol(count) == 1;
}

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Failure("socket " + path + ": " + what);
}

// Held until the process ends; without it a second instance would steal the socket silently.
void take_lock(const std::string& path) {
  const auto lock = path + ".lock";
  const int file = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) fail(lock, std::strerror(errno));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) fail(path, "another pool is listening there");
}

}  // namespace

int open_listening_socket(const std::string& path) {
  if (is_passed_by_systemd()) return kFirstPassed;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    fail(path,
         "the path may be at most " + std::to_string(sizeof address.sun_path - 1) + " bytes long");
  std::memcpy(address.sun_path, path.data(), path.size());
  take_lock(path);
  unlink(path.c_str());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto old_mask = umask(0117);  // 0660 from the first moment
  const int bound =
      socket < 0 ? -1 : bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  umask(old_mask);
  if (bound != 0 || listen(socket, kBacklog) != 0) fail(path, std::strerror(errno));
  return socket;
}

}  // namespace lamppost
