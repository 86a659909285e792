#pragma once
// A MariaDB of one test's own, on a TCP port of this machine, to encrypt with, to kill and to
// start.

#include <filesystem>
#include <string>
#include <vector>

#include "lib/mysql/login.h"

namespace lamppost::contract {

class OwnServer {
 public:
  enum class Tls { Off, On };

  /// Brings it up. Throws std::runtime_error with the reason: a missing program, say.
  explicit OwnServer(Tls);
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  void start();  // returns when it answers
  void kill();   // with SIGKILL, as a crash

  /// For the address 127.0.0.1, which its certificate names; database `lamppost`.
  mysql::Login login() const;
  /// The same by the address 127.0.0.2, which its certificate does not name.
  mysql::Login login_by_other_address() const;
  std::string ca() const { return folder_ / "ca.pem"; }           // signed its certificate
  std::string other_ca() const { return folder_ / "other.pem"; }  // did not

 private:
  void make_certificates() const;
  void make_data() const;
  mysql::Login login_at(const std::string& address) const;

  std::filesystem::path folder_;
  Tls tls_;
  int port_;
  int process_ = 0;
};

}  // namespace lamppost::contract
