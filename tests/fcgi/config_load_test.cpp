// The files themselves, and what must be set once all are read.

#include <doctest/doctest.h>
#include <pwd.h>
#include <unistd.h>

#include "fcgi/config.h"
#include "tests/fcgi/config_files.h"

namespace lamppost {
namespace {

constexpr auto kLeast = "site_origin = https://a.example\nvapid_subject = mailto:a@b.example\n";

TEST_SUITE("fcgi.config_load") {
  TEST_CASE("two lines are enough, the rest has defaults") {
    const testing::ConfigFiles files;

    const auto config = load_config({files.write("a.conf", kLeast)});

    REQUIRE(config);
    CHECK(config->site_name == "Lamppost");
    CHECK(config->database == "unix:///run/mysqld/mysqld.sock");
    CHECK(config->default_ttl == Seconds{86'400});
    CHECK(config->push_hosts.empty());
    const auto* user = getpwuid(geteuid());
    CHECK(config->database_user == (user ? user->pw_name : std::to_string(geteuid())));
    CHECK(config->public_database_user == config->database_user);
  }

  TEST_CASE("the last file wins, line by line") {
    const testing::ConfigFiles files;
    const auto first = files.write("a.conf", std::string(kLeast) + "site_name = A\n");
    const auto second = files.write("b.conf", "site_name = B");

    CHECK(load_config({first, second})->site_name == "B");
    CHECK(load_config({second, first})->site_name == "A");
  }

  TEST_CASE("errors name the file that they are in") {
    const testing::ConfigFiles files;
    const auto good = files.write("a.conf", kLeast);
    const auto bad = files.write("b.conf", "\nsite_nam = B\n");

    const auto config = load_config({good, bad});

    REQUIRE_FALSE(config);
    CHECK(config.error().field == bad + ":2");
  }

  TEST_CASE("a file that is not there, or is a folder, cannot be read") {
    const testing::ConfigFiles files;
    for (const auto& path : {files.path("none.conf"), files.folder()}) {
      CAPTURE(path);
      const auto config = load_config({path});
      REQUIRE_FALSE(config);
      CHECK(config.error().field == path);
      CHECK(config.error().message == "cannot be read");
    }
  }

  TEST_CASE("what must be set is asked for, with an example") {
    const testing::ConfigFiles files;
    const auto refusal = [&](const std::string& text) {
      const auto config = load_config({files.write("a.conf", text)});
      return config ? "" : config.error().message;
    };

    CHECK(refusal("").starts_with("must set site_origin, such as"));
    CHECK(
        refusal("site_origin = https://a.example").starts_with("must set vapid_subject, such as"));
    CHECK(refusal(kLeast).empty());
  }

  TEST_CASE("the public pool logs in as the admin pool does, unless it has a user of its own") {
    const testing::ConfigFiles files;
    const auto load = [&](const std::string& more) {
      return *load_config({files.write("a.conf", kLeast + more)});
    };

    const auto shared = load("database_user = u\ndatabase_password_file = /p\n");
    CHECK(shared.public_database_user == "u");
    CHECK(shared.public_database_password_file == "/p");
    const auto own =
        load("database_user = u\ndatabase_password_file = /p\npublic_database_user = v");
    CHECK(own.public_database_user == "v");
    CHECK(own.public_database_password_file.empty());
  }

  TEST_CASE("the default icon is made absolute once the site is known, and looked at") {
    const testing::ConfigFiles files;
    const auto load = [&](const std::string& icon) {
      return load_config({files.write("a.conf", "default_icon = " + icon + '\n' + kLeast)});
    };

    CHECK(load("/i.png")->default_icon == "https://a.example/i.png");
    CHECK(load("https://cdn.example/i.png")->default_icon == "https://cdn.example/i.png");
    for (const std::string bad : {"i.png", "data:image/png;base64,AA", "//cdn.example/i.png"}) {
      CAPTURE(bad);
      const auto config = load(bad);
      REQUIRE_FALSE(config);
      CHECK(config.error().message.starts_with("default_icon must be"));
    }
  }
}

}  // namespace
}  // namespace lamppost
