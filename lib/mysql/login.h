#pragma once
// Where the database is, who we are there, and how long we wait for it.

#include <string>

#include "lib/base/clock.h"

namespace lamppost::mysql {

struct Login {
  std::string url;  // "unix:///path/to.sock" or "tcp://host:port"
  std::string database{};
  std::string user{};
  std::string password{};  // empty: the server asks the operating system who we are (unix_socket)
  std::string tls_ca{};    // PEM file; set: encrypted, with the server's chain and name verified

  Seconds connect_timeout{2};  // a database that is away is told to the caller within 3 s
  // For one statement. A pool that must answer sooner, also while the server hangs, takes less.
  Seconds answer_timeout{10};
  // A connection that was idle for longer is replaced: firewalls and wait_timeout end such ones
  // unseen, and a new one costs a millisecond.
  Seconds idle_limit{60};
};

}  // namespace lamppost::mysql
