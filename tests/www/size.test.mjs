// What every visitor loads stays small (PRODUCT.md, section 6), and no page needs another origin.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const read = (path) => readFileSync(new URL(`../../www/${path}`, import.meta.url));
const size = (path) => gzipSync(read(path), { level: 6 }).length;

for (const [path, limit] of [["push/lamppost.js", 6 * 1024], ["push/sw.js", 3 * 1024]]) {
  test(`${path} is at most ${limit} bytes by gzip`, () => {
    assert.ok(size(path) <= limit, `${size(path)} bytes`);
  });
}

/** The modules that one loads before anybody presses anything: what it and they import. */
function parts(path, found = new Set([path])) {
  for (const [, name] of read(`push/${path}`).toString().matchAll(/^import .* from "\.\/([\w-]+\.js)"/gm)) {
    if (!found.has(name)) parts(name, found.add(name));
  }
  return found;
}

// Panel and follow() are what every surface has in common.
for (const surface of ["bell.js", "banner.js"]) {
  test(`${surface} with all that it needs is at most 16 KiB by gzip, texts and style included`, () => {
    const files = [...new Set(["ui.js", surface, "panel.js"].flatMap((one) => [...parts(one)])), "lamppost.css", "i18n/en.json"];

    const total = files.reduce((sum, file) => sum + size(`push/${file}`), 0);

    assert.ok(files.length > 6);
    assert.ok(total <= 16 * 1024, `${total} bytes: ${files}`);
  });
}
