#include "fcgi/assembly.h"

#include "fcgi/command.h"
#include "lib/base/base64url.h"
#include "lib/base/failure.h"
#include "lib/base/text.h"

#include <sys/prctl.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace lamppost {
namespace {

// Less than a push may take (8 s): nothing is read from the network meanwhile, and what is in
// flight would run out of time, though it was answered.
constexpr Seconds kPatient{6};
constexpr Seconds kQuick{2};  // so that whoever waits is told within 3 s that it does not work now

std::string read_file(const std::string& path, const char* setting) {
  std::ifstream stream(path);
  std::ostringstream text;
  // An empty file is read well, but would count as a failure of <<.
  if (stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
  if (!stream.is_open() || stream.bad())
    throw Failure(std::string(setting) + ' ' + path + ": " + std::strerror(errno));
  return text.str();
}

// The first line of it.
std::string read_secret(const std::string& path, const char* setting) {
  if (path.empty()) return {};
  const auto text = read_file(path, setting);
  return text.substr(0, text.find_first_of("\r\n"));
}

// One that signs, and so must not be guessed.
std::string read_signing_secret(const std::string& path, const char* setting, std::size_t least) {
  auto secret = read_secret(path, setting);
  if (secret.size() < least)
    throw Failure(std::string(setting) + ' ' + path + " must hold a line of at least " +
                  std::to_string(least) + " bytes, such as openssl rand -hex 32 makes");
  return secret;
}

}  // namespace

mysql::Login make_login(const Config& config, Role role) {
  mysql::Login login{
      .url = config.database, .database = config.database_name, .tls_ca = config.database_tls_ca};
  if (role == Role::Public) {
    login.user = config.public_database_user;
    login.password =
        read_secret(config.public_database_password_file, "public_database_password_file");
  } else {
    login.user = config.database_user;
    login.password = read_secret(config.database_password_file, "database_password_file");
  }
  return login;
}

webpush::EndpointPolicy make_policy(const Config& config) {
  auto policy = webpush::EndpointPolicy::built_in();
  policy.hosts.insert(policy.hosts.end(), config.push_hosts.begin(), config.push_hosts.end());
  return policy;
}

core::Site make_site(const Config& config) { return {config.site_origin, config.click_origins}; }

core::NotificationDefaults make_defaults(const Config& config) {
  return {config.default_ttl, config.default_icon, config.report_events,
          config.click_counting ? make_click_links(config) : core::ClickLinks{}};
}

core::ErrandWords make_words(const Config& config) {
  return {config.site_name, config.default_icon, config.welcome_title, config.welcome_body};
}

curl::Settings make_push_settings(const Config& config) {
  return {.connections = config.push_connections,
          .streams = config.push_streams,
          .ca_file = config.push_ca_file,
          .address_exceptions = config.push_addresses,
          .user_agent = "lamppost/" + std::string(version())};
}

core::Identity make_identity(const Config& config) {
  if (config.identity_secret_file.empty()) return core::Identity{std::nullopt};
  return core::Identity{read_signing_secret(config.identity_secret_file, "identity_secret_file",
                                            core::Identity::kLeastSecret)};
}

core::ClickLinks make_click_links(const Config& config) {
  if (config.click_secret_file.empty()) return {};
  return core::ClickLinks{read_signing_secret(config.click_secret_file, "click_secret_file",
                                              core::ClickLinks::kLeastSecret)};
}

crypto::KeyPair load_vapid_key(const Config& config) {
  prctl(PR_SET_DUMPABLE, 0);  // from here on no core file and no debugger sees the key
  auto pair = crypto::KeyPair::from_pem(read_file(config.vapid_key_file, "vapid_key_file"));
  if (!pair) throw Failure("vapid_key_file " + config.vapid_key_file + ' ' + pair.error().message);
  return *std::move(pair);
}

void require_current_key(const Config& config, core::VapidKeyStore& keys,
                         const crypto::Point& held) {
  const auto current = keys.current();
  if (!current) throw Failure("the database knows no VAPID key: run lamppost keys new");
  if (current->point != held)
    throw Failure("vapid_key_file " + config.vapid_key_file + " holds " + encode_base64url(held) +
                  " but browsers are given " + encode_base64url(current->point) +
                  ": what they subscribe with cannot be sent to; bring the right file back");
}

Desk::Desk(const Config& config, Role role)
    : session([&] {
        auto login = make_login(config, role);
        login.answer_timeout = kQuick;
        return login;
      }()),
      policy(make_policy(config)),
      site(make_site(config)) {}

SendingDesk::SendingDesk(const Config& config)
    : Desk(config, Role::Admin),
      patient_session([&] {
        auto login = make_login(config, Role::Admin);
        login.answer_timeout = kPatient;
        return login;
      }()),
      push(make_push_settings(config)) {
  auto key = load_vapid_key(config);
  const auto id = webpush::vapid_key_id(key.public_point());
  vapid.add(id, webpush::Vapid(std::move(key), config.vapid_subject));
}

}  // namespace lamppost
