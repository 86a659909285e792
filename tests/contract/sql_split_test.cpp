#include "lib/mysql/sql_split.h"

#include <doctest/doctest.h>

namespace lamppost::mysql {

using Statements = std::vector<std::string>;

TEST_SUITE("mysql.sql_split") {
  TEST_CASE("statements end at semicolons, the last one also at the end") {
    CHECK(split_sql("A 1;\n  B 2 ;;\n\nC") == Statements{"A 1", "B 2", "C"});
    CHECK(split_sql("").empty());
    CHECK(split_sql(" ;\n; ").empty());
  }

  TEST_CASE("comments are left out, and what they hold ends nothing") {
    CHECK(split_sql("-- a; b\nA;\n--\nB # c; 'd\n;/* e; \" */C/**/D;-- end") ==
          Statements{"A", "B", "C D"});
    CHECK(split_sql("/* never closed; A").empty());
    CHECK(split_sql("#").empty());
    CHECK(split_sql("--").empty());
  }

  TEST_CASE("two minus signs without a space are arithmetic") {
    CHECK(split_sql("SELECT 5--1; SELECT 1 - -2; SELECT 4/2") ==
          Statements{"SELECT 5--1", "SELECT 1 - -2", "SELECT 4/2"});
  }

  TEST_CASE("quoted text is kept byte for byte") {
    const Statements wanted{"SELECT ';-- #/*'", "SELECT \"a;b'c\"", "SELECT `x;\\`, 1",
                            "SELECT 'it''s;', 'it\\'s;', '\\\\'", "SELECT 2"};
    std::string file;
    for (const auto& statement : wanted) file += statement + ";\n";

    CHECK(split_sql(file) == wanted);
    CHECK(split_sql("A 'open; B") == Statements{"A 'open; B"});
  }
}

}  // namespace lamppost::mysql
