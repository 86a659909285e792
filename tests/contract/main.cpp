// The contract suites: every port's fake and real adapter behave alike, and the adapter avoids the
// database's traps. Needs the variables that tests/rig/with_mariadb.sh sets.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>

#include "lib/base/failure.h"
#include "lib/mysql/migrate.h"
#include "tests/contract/database.h"

int main(int count, char** arguments) {
  using namespace lamppost;
  for (const auto* name : {"LAMPPOST_TEST_DATABASE", "LAMPPOST_TEST_DATABASE_NAME",
                           "LAMPPOST_TEST_DATABASE_USER", "LAMPPOST_TEST_DATABASE_PID"})
    if (std::getenv(name) == nullptr) {
      std::cerr << "contract: " << name << " is not set, run tests/rig/with_mariadb.sh "
                << arguments[0] << "\n";
      return 1;
    }
  try {
    SystemClock clock;
    mysql::migrate(contract::login(), mysql::schema_files(), clock);
  } catch (const Failure& failure) {
    std::cerr << "contract: " << failure.what() << "\n";
    return 1;
  }
  doctest::Context context{count, arguments};
  return context.run();
}
