#include "fcgi/settings.h"

#include <doctest/doctest.h>

namespace lamppost {
namespace {

TEST_SUITE("fcgi.settings") {
  TEST_CASE("every key has a meaning, its value in force and its default") {
    Config config;
    config.site_name = "The Daily Lamp";
    config.retention_days = 30;

    const auto all = settings(config);

    CHECK(all.size() == key_values(config).size());
    for (const auto& setting : all) {
      CAPTURE(setting.key);
      CHECK_FALSE(setting.meaning.empty());
      if (setting.key == "site_name") {
        CHECK(setting.value == "The Daily Lamp");
        CHECK(setting.otherwise == "Lamppost");
      } else if (setting.key == "retention_days") {
        CHECK(setting.value == "30");
        CHECK(setting.otherwise == "365");
      } else {
        CHECK(setting.value == setting.otherwise);
      }
    }
  }
}

}  // namespace
}  // namespace lamppost
