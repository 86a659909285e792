#pragma once
// The certificates that a push service's may go back to: the system's bundle and one more file, as
// a single file, because libcurl parses a bundle once only if it is exactly one file and no folder
// (otherwise each new connection costs 30 ms of CPU, as much as 400 pushes).

#include <string>

namespace lamppost::curl {

class CaBundle {
 public:
  /// extra_file  PEM certificates to believe as well; empty: the system's bundle alone
  /// Throws Failure if a file cannot be read or holds no certificate.
  explicit CaBundle(const std::string& extra_file);
  ~CaBundle();
  CaBundle(const CaBundle&) = delete;
  CaBundle& operator=(const CaBundle&) = delete;

  /// A file with all of them, readable as long as this lives, in the process that made it.
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  int joined_ = -1;  // in memory, so that nothing is left behind however the process ends
};

}  // namespace lamppost::curl
