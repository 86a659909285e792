#include "fcgi/assembly.h"
#include "fcgi/command.h"
#include "lib/mysql/migrate.h"

#include <iostream>

namespace lamppost {
namespace {

int run(const Arguments& arguments) {
  SystemClock clock;
  const auto migration =
      mysql::migrate(make_login(arguments.config(), Role::Admin), mysql::schema_files(), clock);
  if (migration.from == migration.to)
    std::cout << "The schema is at version " << migration.to << " already\n";
  else
    std::cout << "The schema went from version " << migration.from << " to " << migration.to
              << '\n';
  return 0;
}

}  // namespace

const Command& migrate_command() {
  static const Command command{
      "migrate", "", "Brings the database's schema up to date; safe to repeat", {}, run};
  return command;
}

}  // namespace lamppost
