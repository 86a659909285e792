#include "fcgi/config.h"

#include "lib/base/text.h"
#include "lib/core/link.h"
#include "lib/webpush/endpoint.h"
#include "lib/webpush/message.h"
#include "lib/webpush/vapid.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>

namespace lamppost {
namespace {

using Refusal = std::optional<std::string>;  // what would be right

struct Key {
  std::string_view name;
  std::function<Refusal(Config&, std::string_view)> set;
  std::function<std::string(const Config&)> show;
};

template <class Parse>
Key parsed_text(std::string_view name, std::string Config::*member, Parse parse) {
  return {name,
          [=](Config& config, std::string_view value) -> Refusal {
            auto result = parse(value);
            if (!result) return result.error().message;
            config.*member = *std::move(result);
            return std::nullopt;
          },
          [=](const Config& config) { return config.*member; }};
}

Key text(std::string_view name, std::string Config::*member) {
  return parsed_text(
      name, member, [](std::string_view value) { return Result<std::string>(std::string(value)); });
}

template <class Parse>
Key list(std::string_view name, std::vector<std::string> Config::*member, Parse parse) {
  return {name,
          [=](Config& config, std::string_view value) -> Refusal {
            std::vector<std::string> entries;
            for (const auto& entry : split_list(value)) {
              auto result = parse(entry);
              if (!result) return '"' + printable(entry, 80) + "\" " + result.error().message;
              entries.push_back(*std::move(result));
            }
            config.*member = std::move(entries);
            return std::nullopt;
          },
          [=](const Config& config) {
            std::string joined;
            for (const auto& entry : config.*member) joined += (joined.empty() ? "" : ", ") + entry;
            return joined;
          }};
}

std::optional<std::size_t> read_number(std::string_view value) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

std::string between(std::size_t least, std::size_t most) {
  return "must be a whole number between " + std::to_string(least) + " and " + std::to_string(most);
}

Key number(std::string_view name, std::size_t Config::*member, std::size_t least,
           std::size_t most) {
  return {name,
          [=](Config& config, std::string_view value) -> Refusal {
            const auto given = read_number(value);
            if (!given || *given < least || *given > most) return between(least, most);
            config.*member = *given;
            return std::nullopt;
          },
          [=](const Config& config) { return std::to_string(config.*member); }};
}

Key on_off(std::string_view name, bool Config::*member) {
  return {name,
          [=](Config& config, std::string_view value) -> Refusal {
            if (value != "on" && value != "off") return "must be on or off";
            config.*member = value == "on";
            return std::nullopt;
          },
          [=](const Config& config) { return config.*member ? "on" : "off"; }};
}

// Words that people read, short enough for a push message.
Key words(std::string_view name, std::string Config::*member, std::size_t limit) {
  return parsed_text(name, member, [=](std::string_view value) -> Result<std::string> {
    if (value.size() > limit || !is_utf8(value))
      return Error{"", "must be at most " + std::to_string(limit) + " bytes of UTF-8"};
    return std::string(value);
  });
}

Key default_ttl() {
  return {"default_ttl",
          [](Config& config, std::string_view value) -> Refusal {
            constexpr auto kMost = static_cast<std::size_t>(webpush::kMaxTtl.count());
            const auto given = read_number(value);
            if (!given || *given > kMost) return between(0, kMost) + " (seconds)";
            config.default_ttl = Seconds{*given};
            return std::nullopt;
          },
          [](const Config& config) { return std::to_string(config.default_ttl.count()); }};
}

Result<std::string> parse_database(std::string_view value) {
  if (value.starts_with("unix:///") || (value.starts_with("tcp://") && value.size() > 6))
    return std::string(value);
  return Error{"", "must be unix:///path/to/socket or tcp://host:port"};
}

// "127.0.0.1:9443" or "[::1]:9443"; the address itself is read where it is used.
Result<std::string> parse_address(std::string_view value) {
  const auto colon = value.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : read_number(value.substr(colon + 1));
  const auto address = value.substr(0, colon);
  const auto fits = [](char c) {
    return std::string_view("0123456789abcdefABCDEF.:[]").find(c) != std::string_view::npos;
  };
  if (address.empty() || !port || *port == 0 || *port > 65535 ||
      !std::ranges::all_of(address, fits))
    return Error{"", "must be address:port, such as 127.0.0.1:9443 or [::1]:9443"};
  return std::string(value);
}

const std::vector<Key>& keys() {
  static const std::vector<Key> all{
      text("site_name", &Config::site_name),
      parsed_text("site_origin", &Config::site_origin, core::parse_origin),
      text("public_socket", &Config::public_socket),
      text("admin_socket", &Config::admin_socket),
      parsed_text("database", &Config::database, parse_database),
      text("database_name", &Config::database_name),
      text("database_user", &Config::database_user),
      text("database_password_file", &Config::database_password_file),
      text("public_database_user", &Config::public_database_user),
      text("public_database_password_file", &Config::public_database_password_file),
      text("database_tls_ca", &Config::database_tls_ca),
      parsed_text("vapid_subject", &Config::vapid_subject, webpush::parse_vapid_subject),
      text("vapid_key_file", &Config::vapid_key_file),
      list("push_hosts", &Config::push_hosts, webpush::EndpointPolicy::parse_entry),
      text("push_ca_file", &Config::push_ca_file),
      list("push_addresses", &Config::push_addresses, parse_address),
      number("push_connections", &Config::push_connections, 1, 8),
      number("push_streams", &Config::push_streams, 1, 1000),
      default_ttl(),
      text("default_icon", &Config::default_icon),
      list("click_origins", &Config::click_origins, core::parse_origin),
      on_off("click_counting", &Config::click_counting),
      text("click_secret_file", &Config::click_secret_file),
      text("identity_secret_file", &Config::identity_secret_file),
      on_off("welcome", &Config::welcome),
      words("welcome_title", &Config::welcome_title, 200),
      words("welcome_body", &Config::welcome_body, 1000),
      on_off("report_events", &Config::report_events),
  };
  return all;
}

std::string os_user() {
  const auto* entry = getpwuid(geteuid());
  return entry ? entry->pw_name : std::to_string(geteuid());
}

Result<Config> completed(Config config, const std::string& file) {
  if (config.site_origin.empty())
    return Error{file, "must set site_origin, such as site_origin = https://www.example.com"};
  if (config.vapid_subject.empty())
    return Error{file, "must set vapid_subject, such as vapid_subject = mailto:you@example.com"};
  if (config.database_user.empty()) config.database_user = os_user();
  if (config.public_database_user.empty()) {
    config.public_database_user = config.database_user;
    config.public_database_password_file = config.database_password_file;
  }
  if (!config.default_icon.empty()) {
    const auto icon = core::parse_picture(config.default_icon, {config.site_origin, {}});
    if (!icon) return Error{file, "default_icon " + icon.error().message};
    config.default_icon = *icon;
  }
  return config;
}

}  // namespace

Result<Config> read_config(Config config, std::string_view text, const std::string& file) {
  std::size_t line_number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    auto line = text.substr(start, end - start);
    if (line.ends_with('\r')) line.remove_suffix(1);  // written on Windows
    line = trimmed(line);
    start = end + 1;
    ++line_number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto refuse = [&](std::string message) {
      return Error{file + ':' + std::to_string(line_number), std::move(message)};
    };
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return refuse("must be of the form key = value");
    const auto name = trimmed(line.substr(0, equals));
    const auto key = std::ranges::find(keys(), name, &Key::name);
    if (key == keys().end()) return refuse("has the unknown key " + printable(name, 60));
    if (const auto refusal = key->set(config, trimmed(line.substr(equals + 1))))
      return refuse(std::string(name) + ' ' + *refusal);
  }
  return config;
}

Result<Config> load_config(const std::vector<std::filesystem::path>& files) {
  Config config;
  for (const auto& file : files) {
    std::ifstream stream(file);
    std::error_code ignored;  // what cannot be looked at cannot be read either
    if (!stream || std::filesystem::is_directory(file, ignored))
      return Error{file.string(), "cannot be read"};
    std::ostringstream text;
    text << stream.rdbuf();
    auto read = read_config(std::move(config), text.view(), file.string());
    if (!read) return read;
    config = *std::move(read);
  }
  return completed(std::move(config), files.back().string());
}

std::string to_text(const Config& config) {
  std::string lines;
  for (const auto& key : keys()) lines += std::string(key.name) + " = " + key.show(config) + '\n';
  return lines;
}

}  // namespace lamppost
