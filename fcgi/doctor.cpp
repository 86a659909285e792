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

namespace lamppost {
namespace {

Finding examine_key(const Config& config) {
  const auto pair = load_vapid_key(config);
  Desk desk(config, Role::Admin);
  const auto current = desk.vapid_keys.current();
  if (!current)
    return {"key", Health::Failed, "the database knows no VAPID key", "run lamppost keys new"};
  if (current->point != pair.public_point())
    return {"key", Health::Failed,
            config.vapid_key_file + " is not the key that browsers are given",
            "run lamppost keys check, and bring the right file back"};
  return {"key", Health::Ok, config.vapid_key_file + " is the key that browsers are given"};
}

// Both logins: a pool that cannot log in answers every visitor with 503. Where each pool is an OS
// user of its own and logs in as that, we cannot stand in for the public one; the site's health
// tells then.
Finding examine_database(const Config& config) {
  const bool public_by_os_user = config.public_database_password_file.empty() &&
                                 config.public_database_user != config.database_user;
  Desk(config, Role::Admin).vapid_keys.current();
  if (!public_by_os_user) Desk(config, Role::Public).vapid_keys.current();
  return {"database", Health::Ok, config.database_name + " at " + config.database + " answers"};
}

Finding examine_schema(const Config& config) {
  mysql::Session session(make_login(config, Role::Admin));
  const auto version = mysql::schema_version(session);
  const auto wanted = mysql::schema_files().back().number;
  if (version == wanted) return {"schema", Health::Ok, "version " + std::to_string(version)};
  return {
      "schema", Health::Failed,
      "version " + std::to_string(version) + ", but this program needs " + std::to_string(wanted),
      "run lamppost migrate"};
}

// The sender makes the links and the public pool reads them, by the same secret.
Finding examine_clicks(const Config& config) {
  if (!config.click_counting) return {"clicks", Health::Ok, "not counted: click_counting is off"};
  if (make_click_links(config).are_made())
    return {"clicks", Health::Ok,
            "counted by links that are signed with " + config.click_secret_file};
  return {
      "clicks", Health::Ok, "not counted: click_secret_file is not set",
      "to count them, put what openssl rand -hex 32 makes into a file that both pools can read, "
      "and name it in click_secret_file"};
}

// Only the public pool reads it, which may run as another OS user than we do.
Finding examine_users(const Config& config) {
  const auto& file = config.identity_secret_file;
  if (file.empty()) return {"users", Health::Ok, "not told: identity_secret_file is not set"};
  if (access(file.c_str(), R_OK) != 0 && errno == EACCES)
    return {"users", Health::Warning, "this user may not read identity_secret_file " + file,
            "see that the user of the public pool may"};
  make_identity(config);
  return {"users", Health::Ok, "told by pages that sign with what is in " + file};
}

// Quiet hours are those of the subscriber.
Finding examine_time_zones() {
  constexpr auto* kFile = "/usr/share/zoneinfo/Europe/Vienna";
  if (access(kFile, R_OK) == 0) return {"time zones", Health::Ok, "are known"};
  return {"time zones", Health::Failed, "are not known: there is no " + std::string(kFile),
          "install tzdata (apt install tzdata)"};
}

Finding examine_socket(const std::string& check, const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return {check, Health::Failed, path + " is too long a path", "choose a shorter one"};
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers = connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  const std::string why = std::strerror(errno);
  close(socket);
  if (answers) return {check, Health::Ok, path + " is listened at"};
  return {check, Health::Failed, path + ": " + why, "see that lamppost serve runs there"};
}

Finding examine_url(const std::string& check, const std::string& url, int wanted,
                    const std::string& remedy) {
  const auto probe = curl::probe_site(url);
  if (probe.status == wanted)
    return {check, Health::Ok, url + " answers " + std::to_string(wanted)};
  const auto seen = probe.status ? "answers " + std::to_string(*probe.status) : probe.detail;
  return {check, Health::Failed, url + ' ' + seen + ", not " + std::to_string(wanted), remedy};
}

}  // namespace

void Findings::look(const std::string& check, const std::function<Finding()>& examine_one,
                    const std::string& remedy) {
  try {
    add(examine_one());
  } catch (const Failure& failure) {
    add({check, Health::Failed, failure.what(), remedy});
  }
}

std::vector<Finding> examine(const Config& config) {
  Findings findings;
  const auto& origin = config.site_origin;
  findings.look(
      "database", [&] { return examine_database(config); },
      "start the database server, or correct database, database_name and database_user");
  if (findings.list().back().health == Health::Ok) {
    findings.look("schema", [&] { return examine_schema(config); });
    findings.look("key", [&] { return examine_key(config); });
    if (findings.list()[1].health == Health::Ok) examine_running(config, findings);
  }
  findings.look("clicks", [&] { return examine_clicks(config); });
  findings.look("users", [&] { return examine_users(config); });
  findings.look("time zones", [] { return examine_time_zones(); });
  findings.look("public pool", [&] { return examine_socket("public pool", config.public_socket); });
  findings.look("admin pool", [&] { return examine_socket("admin pool", config.admin_socket); });
  findings.look("site", [&] {
    return examine_url("site", origin + "/api/health", 200, "look at nginx and its error log");
  });
  findings.look("login", [&] {
    return examine_url("login", origin + "/api/admin/me", 401,
                       "nobody may reach this without a password; see nginx/lamppost.conf");
  });
  return findings.list();
}

}  // namespace lamppost
