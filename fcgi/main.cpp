// The program: a table of sub-commands, and the one place where a failure ends a command.

#include "fcgi/command.h"
#include "lib/base/text.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace lamppost {
namespace {

constexpr Option kConfig{"--config", "FILE", "configuration; may be given again, later lines win"};
constexpr Option kHelp{"--help", "", "this text"};

std::vector<const Command*> commands() {
  return {&serve_command(),  &keys_command(),   &migrate_command(),
          &send_command(),   &resume_command(), &tidy_command(),
          &doctor_command(), &config_command(), &version_command()};
}

std::vector<Option> all_options(const Command& command) {
  auto options = command.options;
  options.push_back(kConfig);
  options.push_back(kHelp);
  return options;
}

void print_usage() {
  std::cout << "usage: lamppost COMMAND [--config FILE] [OPTIONS]\n\n"
               "Web push for your own hosting.\n\n";
  for (const auto* command : commands())
    std::printf("  %-10s %s\n", std::string(command->name).c_str(),
                std::string(command->summary).c_str());
  std::cout << "\nlamppost COMMAND --help tells its options; the configuration is "
            << kDefaultConfigFile << " unless --config names another.\n";
}

void print_usage(const Command& command) {
  std::cout << "usage: lamppost " << command.name;
  if (!command.words.empty()) std::cout << ' ' << command.words;
  std::cout << " [OPTIONS]\n\n" << command.summary << ".\n\n";
  for (const auto& option : all_options(command)) {
    auto left = std::string(option.name);
    if (!option.value.empty()) left += ' ' + std::string(option.value);
    std::printf("  %-24s %s\n", left.c_str(), std::string(option.help).c_str());
  }
}

int run(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "help") {
    print_usage();
    return words.empty() ? 2 : 0;
  }
  const auto name = words[0] == "--version" ? "version" : words[0];
  const auto table = commands();
  const auto command = std::ranges::find(table, name, &Command::name);
  if (command == table.end())
    throw UsageFailure("unknown command " + printable(name, 60) + ", see lamppost --help");
  if (std::ranges::count(words, "--help") > 0) {
    print_usage(**command);
    return 0;
  }
  const Arguments arguments({words.begin() + 1, words.end()}, all_options(**command),
                            (*command)->words.empty() ? 0 : 1);
  return (*command)->run(arguments);
}

}  // namespace
}  // namespace lamppost

int main(int count, char** words) {
  try {
    return lamppost::run({words + 1, words + count});
  } catch (const lamppost::UsageFailure& failure) {
    std::cerr << "lamppost: " << failure.what() << '\n';
    return 2;
  } catch (const std::exception& failure) {
    std::cerr << "lamppost: " << failure.what() << '\n';
    return 1;
  }
}
