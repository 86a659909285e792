#pragma once
// What the desk tells of the installation: what is wrong with it, and how it is set up. No secrets.

#include <string>
#include <string_view>
#include <vector>

namespace lamppost::core {

enum class Health { Ok, Warning, Failed };
std::string_view to_text(Health);

struct Finding {
  std::string check;  // "database"
  Health health;
  std::string detail;    // what was seen
  std::string remedy{};  // what to do; empty: nothing
};

struct Setting {
  std::string key;
  std::string value, otherwise;  // in force, and when nothing is set; files by their path
  std::string meaning;
};

}  // namespace lamppost::core
