// One dialect for MySQL 8 and MariaDB 10.6+: what a statement may not hold, since only one of them has it, or each
// means something else by it, or a cluster does not know it. A grammar alone would let most of this pass.

import { reservedIn80 } from "./mysql_grammar.mjs";

// MySQL: FULL and INTERSECT since 8.0.31, the next four since 8.4, LIBRARY since 9.2.
const reservedLater = ["FULL", "INTERSECT", "MANUAL", "PARALLEL", "QUALIFY", "TABLESAMPLE", "LIBRARY"];
const reservedInMariaDb = ["CONVERSION", "CURRENT_ROLE", "DELETE_DOMAIN_ID", "DO_DOMAIN_IDS", "GENERAL", "IGNORE_DOMAIN_IDS",
  "IGNORE_SERVER_IDS", "MASTER_HEARTBEAT_PERIOD", "MINUS", "OFFSET", "PAGE_CHECKSUM", "PARSE_VCOL_EXPR", "PERIOD",
  "REF_SYSTEM_ID", "RETURNING", "ROWNUM", "SLOW", "STATS_AUTO_RECALC", "STATS_PERSISTENT", "STATS_SAMPLE_PAGES",
  "SYSTEM_TIME", "UUID", "VECTOR", "VERSIONING", "WITHOUT"];
const reserved = new Set([...reservedIn80, ...reservedLater, ...reservedInMariaDb]);

// Alike in both. A function that is not here: look it up in both manuals, then add it.
const functions = new Set(["COALESCE", "COUNT", "DATABASE", "GREATEST", "JSON_EXTRACT", "JSON_TABLE", "JSON_UNQUOTE", "LAST_INSERT_ID", "LEAST", "LOWER", "MAX", "MIN", "SUBSTRING_INDEX", "SUM"]);
// Words before a bracket that are no functions.
const words = new Set(["AND", "AS", "BINARY", "BY", "COLUMNS", "DECIMAL", "FROM", "IN", "INDEX", "JOIN", "KEY", "ON", "OR", "SELECT", "VALUES", "VARBINARY", "VARCHAR", "WHERE"]);

const collations = new Set(["utf8mb4_bin", "utf8mb4_unicode_520_ci", "ascii_bin"]);

const never = (pattern, why) => ({ why, breaks: (sql) => sql.match(pattern)?.[0] });
const all = (pattern, sql) => [...sql.matchAll(pattern)].map((match) => match[1]);

/** Each: {why, breaks: (statement without the insides of its quotes, names) => what breaks it, or undefined}. */
export const rules = [
  never(/\bRETURNING\b/i, "MySQL has no RETURNING"),
  never(/->>?/, "MariaDB has no -> operator"),
  never(/\b(?:UUID|INET4|INET6|GEOMETRY|VECTOR|JSON)\b(?!_)/i, "a type that only one has, or that is another thing in each"),
  never(/\bON\s+DUPLICATE\s+KEY\s+UPDATE\b.*\bVALUES?\s*\(/is, "VALUES() in an upsert is obsolete in MySQL"),
  never(/\)\s*AS\s+\w+\s*(?:\([^)]*\)\s*)?ON\s+DUPLICATE\b/i, "MariaDB has no row alias in an upsert"),
  never(/\b(?:COLUMN|INDEX|KEY|CONSTRAINT|ADD|MODIFY|CHANGE)\s+IF\s+(?:NOT\s+)?EXISTS\b/i, "MySQL has IF [NOT] EXISTS for tables only"),
  never(/\bCREATE\s+OR\s+REPLACE\b(?!\s+VIEW\b)/i, "MySQL has CREATE OR REPLACE for views only"),
  never(/\bSEQUENCE\b|\bNEXTVAL\b|\bseq_\d/i, "MySQL has no sequences"),
  never(/\bSKIP\s+LOCKED\b|\bFOR\s+UPDATE\b|\bFOR\s+SHARE\b|\bLOCK\s+IN\s+SHARE\b|\bLOCK\s+TABLES\b/i, "locks of rows and tables are local to a node of a cluster"),
  never(/\bGET_LOCK\b|\bRELEASE_LOCK\b/i, "named locks are local to a node of a cluster"),
  never(/^\s*(?:START\s+TRANSACTION|BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b/i, "there are no transactions: each statement stands alone"),
  never(/\bOFFSET\b|\bLIMIT\s+[^\s,]+\s*,/i, "pages are walked by their key"),
  never(/\/\*!|\/\*M!/, "a comment that only some servers read"),
  never(/@@(?!session\b)\w*isolation/i, "the variable has another name in each: SET SESSION TRANSACTION ISOLATION LEVEL"),
  never(/\bmax_(?:statement|execution)_time\b/i, "the variable has another name in each"),
  never(/\b(?:utf8|utf8mb3)\b/i, "utf8 is another charset in each version: utf8mb4"),
  {
    why: "a table names its engine, its charset and its collation, since the defaults differ",
    breaks: (sql) => (/^\s*CREATE\s+TABLE\b/i.test(sql)
      && !/\)\s*ENGINE\s*=\s*InnoDB\s+DEFAULT\s+CHARACTER\s+SET\s+\w+\s+COLLATE\s+\w+\s*$/i.test(sql) ? "its last line" : undefined),
  },
  {
    why: "a table has a primary key, without which a cluster does not replicate it row by row",
    breaks: (sql) => (/^\s*CREATE\s+TABLE\b/i.test(sql) && !/\bPRIMARY\s+KEY\b/i.test(sql) ? "no PRIMARY KEY" : undefined),
  },
  never(/\bCHARACTER\s+SET\s+\w+(?!\w|\s+COLLATE\b)/i, "a charset stands with its collation"),
  {
    why: `both have the collations ${[...collations].join(", ")}`,
    breaks: (sql) => all(/\bCOLLATE\s+(\w+)/gi, sql).find((name) => !collations.has(name)),
  },
  {
    why: "a function that is not known to be alike in both",
    breaks: (sql) => all(/\b([A-Z][A-Z0-9_]*)\s*\(/g, sql).find((name) => !functions.has(name) && !words.has(name)),
  },
  {
    why: "reserved in one of MySQL 8.0, 8.4, 9 and MariaDB",
    breaks: (_, names) => names.find((name) => reserved.has(name.toUpperCase())),
  },
];

/** What breaks which rule: sentences, none if the statement is right. */
export function broken(statement, names) {
  const bare = statement.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  return rules.flatMap(({ why, breaks }) => {
    const what = breaks(bare, names);
    return what === undefined ? [] : [`${what.trim().replace(/\s+/g, " ")}: ${why}`];
  });
}
