#include "fcgi/doctor.h"

#include "fcgi/assembly.h"
#include "lib/base/failure.h"
#include "lib/curl/site_probe.h"
#include "lib/mysql/migrate.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

namespace lamppost {
namespace {

Finding examine_key(const Config& config) {
  const auto pair = load_vapid_key(config);
  Desk desk(config, Role::Admin);
  const auto current = desk.vapid_keys.current();
  if (!current) return {"key", false, "the database knows no VAPID key: run lamppost keys new"};
  if (current->point != pair.public_point())
    return {"key", false,
            config.vapid_key_file +
                " is not the key that browsers are given: run "
                "lamppost keys check"};
  return {"key", true, config.vapid_key_file + " is the key that browsers are given"};
}

// Both logins: a pool that cannot log in answers every visitor with 503. Where each pool is an OS
// user of its own and logs in as that, we cannot stand in for the public one; the site's health
// tells then.
Finding examine_database(const Config& config) {
  const bool public_by_os_user = config.public_database_password_file.empty() &&
                                 config.public_database_user != config.database_user;
  Desk(config, Role::Admin).vapid_keys.current();
  if (!public_by_os_user) Desk(config, Role::Public).vapid_keys.current();
  return {"database", true, config.database_name + " at " + config.database + " answers"};
}

Finding examine_schema(const Config& config) {
  mysql::Session session(make_login(config, Role::Admin));
  const auto version = mysql::schema_version(session);
  const auto wanted = mysql::schema_files().back().number;
  if (version == wanted) return {"schema", true, "version " + std::to_string(version)};
  return {"schema", false,
          "version " + std::to_string(version) + ", but this program needs " +
              std::to_string(wanted) + ": run lamppost migrate"};
}

// The sender makes the links and the public pool reads them, by the same secret.
Finding examine_clicks(const Config& config) {
  if (!config.click_counting) return {"clicks", true, "not counted: click_counting is off"};
  if (make_click_links(config).are_made())
    return {"clicks", true, "counted by links that are signed with " + config.click_secret_file};
  return {"clicks", true,
          "not counted: to count them, put what openssl rand -hex 32 makes into a file that both "
          "pools can read, and name it in click_secret_file"};
}

Finding examine_socket(const std::string& check, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {check, false, path + " is too long a path"};
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers = connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  const std::string why = std::strerror(errno);
  close(socket);
  if (answers) return {check, true, path + " is listened at"};
  return {check, false, path + ": " + why + "; is `lamppost serve` running?"};
}

Finding examine_url(const std::string& check, const std::string& url, int wanted,
                    const std::string& remedy) {
  const auto probe = curl::probe_site(url);
  if (probe.status == wanted) return {check, true, url + " answers " + std::to_string(wanted)};
  const auto seen = probe.status ? "answers " + std::to_string(*probe.status) : probe.detail;
  return {check, false, url + ' ' + seen + ", not " + std::to_string(wanted) + ": " + remedy};
}

}  // namespace

std::vector<Finding> examine(const Config& config) {
  std::vector<Finding> findings;
  const auto look = [&](const std::string& check, const std::function<Finding()>& examine_one) {
    try {
      findings.push_back(examine_one());
    } catch (const Failure& failure) {
      findings.push_back({check, false, failure.what()});
    }
  };
  const auto& origin = config.site_origin;
  look("database", [&] { return examine_database(config); });
  look("schema", [&] { return examine_schema(config); });
  look("key", [&] { return examine_key(config); });
  look("clicks", [&] { return examine_clicks(config); });
  look("public pool", [&] { return examine_socket("public pool", config.public_socket); });
  look("admin pool", [&] { return examine_socket("admin pool", config.admin_socket); });
  look("site", [&] {
    return examine_url("site", origin + "/api/health", 200, "look at nginx and its error log");
  });
  look("login", [&] {
    return examine_url("login", origin + "/api/admin/me", 401,
                       "nobody may reach this without a password; see nginx/lamppost.conf");
  });
  return findings;
}

}  // namespace lamppost
