#include "fcgi/config.h"

#include <doctest/doctest.h>

#include <map>
#include <vector>

namespace lamppost {
namespace {

std::string refusal(std::string_view text) {
  const auto config = read_config({}, text, "some.conf");
  return config ? "" : config.error().field + ": " + config.error().message;
}

// The value in force of a key, as `config show` prints it.
std::string shown(const Config& config, const std::string& key) {
  const auto text = '\n' + to_text(config);
  const auto start = text.find('\n' + key + " = ");
  REQUIRE(start != std::string::npos);
  const auto value = start + key.size() + 4;
  return text.substr(value, text.find('\n', value) - value);
}

struct Sample {
  std::string key;
  std::string good;
  std::vector<std::string> bad{};
};

std::vector<Sample> samples() {
  const std::vector<std::string> no_origin{"", "example.com", "https://example.com/",
                                           "http://example.com", "https://example.com:443"};
  const std::vector<std::string> no_number{
      "", "-1", "+1", "1.5", "1s", "0x10", "many", "1 2", "99999999999999999999999"};
  const auto and_also = [](std::vector<std::string> list, std::vector<std::string> more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
  };
  return {
      {"site_name", "The Daily Lamp = #1"},
      {"site_origin", "https://news.example", no_origin},
      {"public_socket", "/tmp/p.sock"},
      {"admin_socket", "/tmp/a.sock"},
      {"database", "tcp://db.example:3306", {"", "db.example", "mysql://x", "unix:x", "tcp://"}},
      {"database_name", "push"},
      {"database_user", "pusher"},
      {"database_password_file", "/etc/p"},
      {"public_database_user", "visitor"},
      {"public_database_password_file", "/etc/q"},
      {"database_tls_ca", "/etc/ca.pem"},
      {"vapid_subject",
       "mailto:owner@news.example",
       {"", "owner@news.example", "mailto:", "https://localhost/", "mailto:a@b.local"}},
      {"vapid_key_file", "/etc/vapid.pem"},
      {"push_hosts",
       "localhost:9443, .push.example",
       {"https://x.example", "X.example", "127.0.0.1", "a:0", "a:b", "*.example", "a, , b"}},
      {"push_ca_file", "/etc/ca2.pem"},
      {"push_addresses",
       "127.0.0.1:9443, [::1]:9443",
       {"127.0.0.1", "localhost:9443", ":9443", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536"}},
      {"push_connections", "8", and_also(no_number, {"0", "9"})},
      {"push_streams", "1000", and_also(no_number, {"0", "1001"})},
      {"default_ttl", "2419200", and_also(no_number, {"2419201"})},
      {"default_icon", "/icon.png"},
      {"click_origins", "https://a.example, https://b.example:8443", {"a.example", "*"}},
      {"click_counting", "off", {"", "no", "1"}},
      {"click_secret_file", "/etc/click"},
      {"identity_secret_file", "/etc/identity"},
      {"welcome", "off", {"", "no", "ON", "1"}},
      {"welcome_title", "Grüß Gott!", {std::string(201, 'x'), "\xff"}},
      {"welcome_body", "Schön, dass Sie da sind", {std::string(1001, 'x'), "\xc3"}},
      {"report_events", "on", {"", "yes", "true"}}};
}

TEST_SUITE("fcgi.config") {
  TEST_CASE("every key is read, and shown with its value") {
    std::string text;
    for (const auto& [key, good, bad] : samples()) text += key + " = " + good + '\n';

    const auto config = read_config({}, text, "some.conf");

    REQUIRE(config);
    CHECK(to_text(*config) == text);
  }

  TEST_CASE("each key sets its own member") {
    for (const auto& [key, good, bad] : samples()) {
      CAPTURE(key);
      const auto config = read_config({}, key + '=' + good, "some.conf");
      REQUIRE(config);
      for (const auto& other : samples()) {
        CAPTURE(other.key);
        CHECK(shown(*config, other.key) == (other.key == key ? good : shown(Config{}, other.key)));
      }
    }
  }

  TEST_CASE("a bad value is refused with file, line and key") {
    for (const auto& [key, good, bad] : samples())
      for (const auto& value : bad) {
        CAPTURE(key);
        CAPTURE(value);
        const auto said = refusal("# first\n\n" + key + " = " + value + "\n");
        CHECK(said.starts_with("some.conf:3: " + key + ' '));
        CHECK(said.find("must be") != std::string::npos);
      }
  }

  TEST_CASE("what would be right is said") {
    CHECK(refusal("push_streams = 0") ==
          "some.conf:1: push_streams must be a whole number between 1 and 1000");
    CHECK(refusal("default_ttl = x") ==
          "some.conf:1: default_ttl must be a whole number between 0 and 2419200 (seconds)");
    CHECK(refusal("push_hosts = good.example, BAD")
              .starts_with("some.conf:1: push_hosts \"BAD\" must be a host name"));
    CHECK(refusal("database = x") ==
          "some.conf:1: database must be unix:///path/to/socket or tcp://host:port");
  }

  TEST_CASE("an unknown key is refused, with nothing in it that acts on a terminal") {
    CHECK(refusal("site_nam = x") == "some.conf:1: has the unknown key site_nam");
    CHECK(refusal("Site_name = x") == "some.conf:1: has the unknown key Site_name");
    CHECK(refusal("\x1b[31m = x") == "some.conf:1: has the unknown key ?[31m");
    CHECK(refusal(" = x") == "some.conf:1: has the unknown key ");
    CHECK(refusal("site_name = x\nsite_name x") == "some.conf:2: must be of the form key = value");
  }

  TEST_CASE("comments, empty lines and blanks around are nothing") {
    const auto config =
        read_config({}, "\n  # a\n#b = c\n\t\n \tsite_name\t =  a b \t\n\n", "some.conf");

    REQUIRE(config);
    CHECK(config->site_name == "a b");
  }

  TEST_CASE("a # within a value belongs to it") {
    CHECK(read_config({}, "site_name = C# News # 1", "f")->site_name == "C# News # 1");
  }

  TEST_CASE("lines may end as on Windows, and the last one not at all") {
    const auto config =
        read_config({}, "site_origin = https://a.example\r\n\r\n# x\r\nsite_name = A\r", "f");

    REQUIRE(config);
    CHECK(config->site_origin == "https://a.example");
    CHECK(config->site_name == "A");
    CHECK(refusal("\r\n\r\nsite_nam = x\r\n") == "some.conf:3: has the unknown key site_nam");
  }

  TEST_CASE("lists are separated by commas, and a later line takes the place of all") {
    const auto several =
        read_config({}, "push_hosts = a.example ,b.example:8443,\t.c.example", "f");
    REQUIRE(several);
    CHECK(several->push_hosts ==
          std::vector<std::string>{"a.example", "b.example:8443", ".c.example"});

    CHECK(read_config(*several, "push_hosts = d.example", "g")->push_hosts ==
          std::vector<std::string>{"d.example"});
    CHECK(read_config(*several, "push_hosts =", "g")->push_hosts.empty());
  }

  TEST_CASE("later lines and later files win, what they leave out stays") {
    const auto first = read_config({}, "site_name = A\nsite_name = B\ndatabase_name = one", "f");
    REQUIRE(first);
    CHECK(first->site_name == "B");

    const auto second = read_config(*first, "site_name = C", "g");
    REQUIRE(second);
    CHECK(second->site_name == "C");
    CHECK(second->database_name == "one");
  }
}

}  // namespace
}  // namespace lamppost
