// What every visitor loads stays small (PRODUCT.md, section 6), and no page needs another origin.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const read = (path) => readFileSync(new URL(`../../www/${path}`, import.meta.url));

for (const [path, limit] of [["push/lamppost.js", 6 * 1024], ["push/sw.js", 3 * 1024]]) {
  test(`${path} is at most ${limit} bytes by gzip`, () => {
    const size = gzipSync(read(path), { level: 6 }).length;

    assert.ok(size <= limit, `${size} bytes`);
  });
}
