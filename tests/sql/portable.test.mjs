// The SQL is read by MySQL 8's grammar and by the rules for what MySQL and MariaDB share. MariaDB itself runs it in the
// contract suite. What this cannot see stands in sql/README.md.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readStatement } from "./mysql_grammar.mjs";
import { broken } from "./rules.mjs";
import { statementsOf, statementsOfCpp, statementsOfSql } from "./statements.mjs";

const checkout = join(dirname(fileURLToPath(import.meta.url)), "../..");
const statements = statementsOf(checkout);
const texts = (found) => found.map(({ text }) => text);

test("MySQL's grammar understands every statement, and none breaks a rule", () => {
  const faults = statements.flatMap(({ file, line, text }) => {
    const { complaints, names } = readStatement(text);
    return [...complaints, ...broken(text, names)].map((fault) => `${file}:${line}: ${fault}`);
  });

  console.log(`${statements.length} statements in ${new Set(statements.map(({ file }) => file)).size} files`);
  assert.deepEqual(faults, []);
});

test("no statement was overlooked: each table has its own, and so has each file that asks the database", () => {
  const created = statements.filter(({ file }) => /^sql\/\d/.test(file)).map(({ text }) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(text)?.[1]);
  for (const table of ["vapid_key", "subscription", "campaign", "shard", "shard_audience", "push_service", "topic", "subscription_topic", "preference",
    "errand", "errand_rest", "event", "segment"]) {
    assert.ok(created.includes(table), `${table} is not created`);
    assert.ok(statements.some(({ file, text }) => /\.cpp$/.test(file) && new RegExp(`\\b${table}\\b`).test(text)), `${table} is not used`);
  }
  for (const file of ["audience_sql", "campaigns", "connect", "errands", "events", "migrate", "preferences", "push_services", "recent", "segments", "session", "shards", "subscriptions",
    "topics", "vapid_keys"]) {
    assert.ok(statements.some((statement) => statement.file === `lib/mysql/${file}.cpp`), `${file}.cpp has none`);
  }
});

test("statements are found as the server gets them", () => {
  const source = [
    '#include "lib/mysql/x.h"',
    "// \"SELECT nothing\" and 'SELECT nothing'",
    'static constexpr std::string_view kOne = "SELECT a FROM t"  // why',
    '    " WHERE b = \\"c\\"";',
    'text = "SELECT a FROM t WHERE id IN (?"; for (;;) text += ", ?"; text += ") ORDER BY id";',
    'execute("SET SESSION x = " + seconds + ", SESSION y = " + seconds);',
    'throw Failure("no row " + name);',
  ].join("\n");

  assert.deepEqual(texts(statementsOfCpp(source)), [
    'SELECT a FROM t WHERE b = "c"', "SELECT a FROM t WHERE id IN (?, ?) ORDER BY id", "SET SESSION x = 1, SESSION y = 1"]);
  assert.throws(() => statementsOfCpp('f(start + " WHERE id = ?")'), /without its beginning/);
  assert.deepEqual(statementsOfSql("-- a; b\nSELECT ';' ;\n\nSELECT 2;\n"), [{ text: "SELECT ';'", line: 2 }, { text: "SELECT 2", line: 4 }]);
});

test("tables, columns, indexes and aliases are looked at as names", () => {
  assert.deepEqual(readStatement("SELECT a.b AS c FROM d e FORCE INDEX (f) WHERE g = ?").names, ["a", "b", "c", "d", "e", "f", "g"]);
});

// Each would pass on one of the two servers.
const refused = {
  "INSERT INTO t (a) VALUES (?) RETURNING id": /RETURNING/,
  "SELECT a->'$.b' FROM t": /MariaDB has no ->/,
  "CREATE TABLE t (id UUID NOT NULL, PRIMARY KEY (id)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin": /only one has/,
  "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)": /obsolete in MySQL/,
  "INSERT INTO t (a) VALUES (?) AS fresh ON DUPLICATE KEY UPDATE a = fresh.a": /no row alias/,
  "ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT": /for tables only/,
  "CREATE OR REPLACE TABLE t (a INT NOT NULL, PRIMARY KEY (a)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin": /for views only/,
  "CREATE INDEX IF NOT EXISTS i ON t (a)": /for tables only/,
  "SELECT a FROM t WHERE b = ? FOR UPDATE SKIP LOCKED": /local to a node/,
  "SELECT GET_LOCK('a', 1)": /local to a node/,
  "START TRANSACTION": /no transactions/,
  "SELECT a FROM t ORDER BY a LIMIT 10 OFFSET 20": /by their key/,
  "SELECT a FROM t ORDER BY a LIMIT 20, 10": /by their key/,
  "CREATE TABLE t (a INT NOT NULL, PRIMARY KEY (a)) ENGINE = InnoDB": /names its engine/,
  "CREATE TABLE t (a INT NOT NULL) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin": /PRIMARY KEY/,
  "SELECT a FROM t ORDER BY a COLLATE utf8mb4_0900_ai_ci": /both have the collations/,
  "CREATE TABLE t (a VARCHAR(5) CHARACTER SET ascii NOT NULL, PRIMARY KEY (a)) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin": /stands with its collation/,
  "SELECT REGEXP_LIKE(a, 'b') FROM t": /alike in both/,
  "SELECT @@transaction_isolation": /another name in each/,
  "SELECT rank FROM t": /rank/,
  "SELECT a AS manual FROM t": /reserved/,
  "SELECT offset FROM t": /reserved/,
  "SELECT a FROM t WHERE": /no viable alternative|mismatched|missing|extraneous|not valid/,
  "SELECT a FROM t LIMIT ? GARBAGE": /GARBAGE/,
  "SELECT 1; SELECT 2": /SELECT/,
};

for (const [text, reason] of Object.entries(refused)) {
  test(`refused: ${text}`, () => {
    const { complaints, names } = readStatement(text);

    assert.match([...complaints, ...broken(text, names)].join("\n"), reason);
  });
}
