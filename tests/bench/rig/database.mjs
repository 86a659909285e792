// The database that tests/rig/with_mariadb.sh gives a measurement, and subscriptions in it by the million.

import { execFileSync } from "node:child_process";
import { createECDH } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const KEY_PAIRS = 512; // different ones, which subscriptions share
const AT_ONCE = 10_000; // rows a statement

export const database = {
  url: process.env.LAMPPOST_TEST_DATABASE,
  name: process.env.LAMPPOST_TEST_DATABASE_NAME,
  pid: Number(process.env.LAMPPOST_TEST_DATABASE_PID),
};

export function sql(text) {
  const client = ["--no-defaults", `--socket=${database.url.replace("unix://", "")}`, "-N", "--raw", database.name];
  return execFileSync("mariadb", client, { input: text, maxBuffer: 1 << 28 }).toString();
}

/** Waits until the server has written all that it has in memory, so that it is not charged to what comes next. */
export async function settle() {
  sql("SET GLOBAL innodb_max_dirty_pages_pct = 0");
  const dirty = "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'INNODB_BUFFER_POOL_PAGES_DIRTY'";
  while (Number(sql(dirty)) > 0) await sleep(100);
  sql("SET GLOBAL innodb_max_dirty_pages_pct = 90");
}

const hex = (bytes) => `0x${bytes.toString("hex")}`;

// Everybody alike; each is SQL of `n`, which counts the subscriptions.
const ALIKE = { language: () => "'en'", created: () => "0", seen: () => "0", gone: () => "NULL" };

/** Subscribes until there are `count`, at `origin`, with endpoints as long as Chrome's; `origin` may be SQL of n, as what is `various`. */
export function seed(count, { origin, keyId, various = {} }) {
  const { language, created, seen, gone } = { ...ALIKE, ...various };
  const originOf = typeof origin === "function" ? origin : () => `'${origin}'`;
  const ecdh = createECDH("prime256v1");
  const there = Number(sql("SELECT COUNT(*) FROM subscription"));
  const statements = [
    "CREATE TEMPORARY TABLE pair (n INT UNSIGNED NOT NULL PRIMARY KEY, point BINARY(65) NOT NULL)",
    `INSERT INTO pair VALUES ${Array.from({ length: KEY_PAIRS }, (_, n) => `(${n},${hex(ecdh.generateKeys())})`).join(",")}`,
    "CREATE TEMPORARY TABLE number (n INT UNSIGNED NOT NULL PRIMARY KEY)",
    `INSERT INTO number VALUES ${Array.from({ length: AT_ONCE }, (_, n) => `(${n})`).join(",")}`,
  ];
  for (let from = there; from < count; from += AT_ONCE) {
    const n = `(number.n + ${from})`;
    // The digest is made up, and rising: random ones would take minutes by the million.
    statements.push(`INSERT INTO subscription
      (endpoint, endpoint_sha, p256dh, auth, key_id, language, timezone, created_at, seen_at, gone_at)
      SELECT CONCAT(${originOf(n)}, '/wpush/v2/', SHA2(${n}, 512)), UNHEX(LPAD(HEX(${n}), 64, '0')), pair.point, UNHEX(MD5(${n})), ${keyId},
        ${language(n)}, 'Europe/Berlin', ${created(n)}, ${seen(n)}, ${gone(n)}
      FROM number STRAIGHT_JOIN pair ON pair.n = number.n % ${KEY_PAIRS}
      WHERE number.n < ${count - from} ORDER BY number.n`);
  }
  sql(`${statements.join(";\n")};`);
}

/** The first `count` subscriptions as of PushSubscription.toJSON(). */
export function subscriptions(count) {
  const rows = sql(`SELECT endpoint, HEX(p256dh), HEX(auth) FROM subscription ORDER BY id LIMIT ${count}`);
  const base64url = (text) => Buffer.from(text, "hex").toString("base64url");
  return rows.trim().split("\n").map((row) => {
    const [endpoint, p256dh, auth] = row.split("\t");
    return { endpoint, keys: { p256dh: base64url(p256dh), auth: base64url(auth) } };
  });
}
