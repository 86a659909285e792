#include "fcgi/command.h"

#include <iostream>

namespace lamppost {
namespace {

int run(const Arguments&) {
  std::cout << "lamppost " << version() << '\n';
  return 0;
}

}  // namespace

std::string_view version() { return LAMPPOST_VERSION; }

const Command& version_command() {
  static const Command command{"version", "", "Tells the version", {}, run};
  return command;
}

}  // namespace lamppost
