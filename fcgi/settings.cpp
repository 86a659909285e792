#include "fcgi/settings.h"

#include <map>

namespace lamppost {
namespace {

std::string meaning_of(std::string_view key) {
  static const std::map<std::string_view, std::string_view> meanings{
      {"site_name", "The site's name, as visitors read it"},
      {"site_origin", "The site's address, such as https://www.example.com"},
      {"public_socket", "Where the pool for visitors listens"},
      {"admin_socket", "Where the pool for the desk listens"},
      {"database", "The database server: unix:///path/to/socket or tcp://host:port"},
      {"database_name", "The database on that server"},
      {"database_user", "The user of the desk, of senders and of the command line"},
      {"database_password_file", "The file with that user's password; none: by the OS user"},
      {"public_database_user", "The user of the pool for visitors, with fewer rights"},
      {"public_database_password_file", "The file with that user's password"},
      {"database_tls_ca", "The certificate authority that the database server is known by"},
      {"vapid_subject", "Where push services reach you, a mailto: or https: address"},
      {"vapid_key_file", "The private key that every subscription is made for; keep a copy"},
      {"push_hosts", "Push services that are allowed beside those of the browsers in use"},
      {"push_ca_file", "A certificate authority that push services may be known by, too"},
      {"push_addresses", "Private addresses that a push service may have, as address:port"},
      {"push_connections", "Connections to each push service, of each sender"},
      {"push_streams", "Requests at once on each of those connections"},
      {"default_ttl",
       "How long push services keep a message for a browser that is off, in seconds"},
      {"default_icon", "The picture of messages that have none of their own"},
      {"click_origins", "Other sites that a message may lead to"},
      {"click_counting", "Whether clicks are counted, by message and hour and never by person"},
      {"click_secret_file", "The file with the secret that counted links are signed with"},
      {"identity_secret_file", "The file with the secret by which the site says who a visitor is"},
      {"retention_days", "Days after which a subscription goes that no browser has shown any more"},
      {"welcome", "Whether new subscribers get a message at once"},
      {"welcome_title", "The title of that message; empty: the site's name"},
      {"welcome_body", "The text of that message; empty: ours, in the subscriber's language"},
      {"report_events", "Whether browsers report what was shown, clicked and closed"},
  };
  const auto found = meanings.find(key);
  return found == meanings.end() ? "" : std::string(found->second);
}

}  // namespace

std::vector<core::Setting> settings(const Config& config) {
  const auto defaults = key_values({});
  std::vector<core::Setting> settings;
  for (const auto& [key, value] : key_values(config))
    settings.push_back({key, value, defaults[settings.size()].value, meaning_of(key)});
  return settings;
}

}  // namespace lamppost
