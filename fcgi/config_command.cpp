#include "fcgi/command.h"

#include <iostream>

namespace lamppost {
namespace {

int run(const Arguments& arguments) {
  const auto word = arguments.words().empty() ? std::string() : arguments.words()[0];
  if (word != "show" && word != "check") throw UsageFailure("config needs one of: show, check");
  const auto config = arguments.config();
  std::cout << (word == "show" ? to_text(config) : "The configuration is good\n");
  return 0;
}

}  // namespace

const Command& config_command() {
  static const Command command{
      "config", "show|check", "Shows the settings in force, or checks the configuration", {}, run};
  return command;
}

}  // namespace lamppost
