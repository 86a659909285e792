#pragma once
// The one configuration file: `key = value` lines, # comments, lists separated by commas.

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace lamppost {

constexpr const char* kDefaultConfigFile = "/etc/lamppost/lamppost.conf";

struct Config {
  std::string site_name = "Lamppost";
  std::string site_origin;

  std::string public_socket = "/run/lamppost/public.sock";  // where the pools listen
  std::string admin_socket = "/run/lamppost/admin.sock";

  std::string database = "unix:///run/mysqld/mysqld.sock";
  std::string database_name = "lamppost";
  std::string database_user;  // default: the name of the OS user
  std::string database_password_file;
  std::string public_database_user;  // default: database_user
  std::string public_database_password_file;
  std::string database_tls_ca;

  std::string vapid_subject;
  std::string vapid_key_file = "/etc/lamppost/vapid.pem";

  std::vector<std::string> push_hosts;  // added to the built-in ones
  std::string push_ca_file;
  std::vector<std::string> push_addresses;  // "127.0.0.1:9443"
  std::size_t push_connections = 4;         // per push service
  std::size_t push_streams = 100;           // per connection

  Seconds default_ttl{86'400};
  std::string default_icon;
  std::vector<std::string> click_origins;

  bool click_counting = true;  // by links of our own, if there is a secret to sign them with
  std::string click_secret_file;

  std::string identity_secret_file;  // none: no subscription is taken for a user's

  bool welcome = true;         // a notification to each new subscriber
  std::string welcome_title;   // empty: the site's name
  std::string welcome_body;    // empty: ours, in the subscriber's language
  bool report_events = false;  // browsers tell what was shown, clicked and closed
};

/// Reads the files in turn, later lines win. Error: field "FILE:LINE" (or "FILE"), and what would
/// be right. Whole: also that what must be set is set.
Result<Config> load_config(const std::vector<std::filesystem::path>& files);

/// Reads one file's text into `config`. Error as above.
Result<Config> read_config(Config config, std::string_view text, const std::string& file);

/// Every key with its value in force, one a line. Holds no secret: those are in files of their own.
std::string to_text(const Config&);

}  // namespace lamppost
