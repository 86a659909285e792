#include "fcgi/command.h"
#include "fcgi/doctor.h"
#include "lib/base/json.h"

#include <algorithm>
#include <iostream>

namespace lamppost {
namespace {

std::string_view word(Health health) {
  switch (health) {
    case Health::Ok:
      return "good   ";
    case Health::Warning:
      return "LOOK   ";
    case Health::Failed:
      break;
  }
  return "WRONG  ";
}

int run(const Arguments& arguments) {
  const auto findings = examine(arguments.config());
  if (arguments.has("--json")) {
    json::Array list;
    for (const auto& [check, health, detail, remedy] : findings)
      list.push_back(json::Object{{"check", check},
                                  {"good", health != Health::Failed},
                                  {"state", core::to_text(health)},
                                  {"detail", detail},
                                  {"remedy", remedy}});
    std::cout << json::write(list) << '\n';
  } else {
    for (const auto& [check, health, detail, remedy] : findings)
      std::cout << word(health) << check << ": " << detail << (remedy.empty() ? "" : ": ") << remedy
                << '\n';
  }
  return std::ranges::find(findings, Health::Failed, &Finding::health) == findings.end() ? 0 : 1;
}

}  // namespace

const Command& doctor_command() {
  static const Command command{"doctor",
                               "",
                               "Tells what is wrong with this installation",
                               {{"--json", "", "for programs"}},
                               run};
  return command;
}

}  // namespace lamppost
