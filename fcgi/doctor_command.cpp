#include "fcgi/command.h"
#include "fcgi/doctor.h"
#include "lib/base/json.h"

#include <algorithm>
#include <iostream>

namespace lamppost {
namespace {

int run(const Arguments& arguments) {
  const auto findings = examine(arguments.config());
  if (arguments.has("--json")) {
    json::Array list;
    for (const auto& [check, good, detail] : findings)
      list.push_back(json::Object{{"check", check}, {"good", good}, {"detail", detail}});
    std::cout << json::write(list) << '\n';
  } else {
    for (const auto& [check, good, detail] : findings)
      std::cout << (good ? "good   " : "WRONG  ") << check << ": " << detail << '\n';
  }
  return std::ranges::all_of(findings, &Finding::good) ? 0 : 1;
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
