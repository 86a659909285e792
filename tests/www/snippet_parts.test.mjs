// The parts of the snippet that are loaded when needed: fit for the strict policy, from this origin only.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../www/push/", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const parts = readdirSync(root).filter((name) => name.endsWith(".js") && name !== "sw.js");

for (const part of parts) {
  test(`${part} writes text, never markup or style, and evaluates nothing`, () => {
    assert.doesNotMatch(read(part), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|importScripts|"style"|cssText|https?:\/\/(?!www\.w3\.org)/);
  });

  test(`what ${part} imports is there`, () => {
    const imported = [...read(part).matchAll(/(?:from |import\()"\.\/([^"]+)"/g)].map(([, path]) => path);
    const named = [...read(part).matchAll(/\bpart\("([^"]+)"\)/g)].map(([, name]) => `${name}.js`);
    if (part === "lamppost.js") assert.deepEqual([...new Set(named)].sort(), ["record.js", "subscription.js", "ui.js"]);
    imported.push(...named);

    for (const path of imported) assert.ok(existsSync(new URL(path, root)), path);
  });
}

test("the style sheet brings nothing from elsewhere and touches nothing of the page's own", () => {
  const sheet = read("lamppost.css").replace(/\/\*[^]*?\*\//g, "");

  assert.doesNotMatch(sheet, /@import|url\(/);
  for (const [, selectors] of sheet.matchAll(/(?:^|[}{;])\s*([.:\w[*][^{};@]*){/g)) {
    if (/^from/.test(selectors.trim())) continue;
    for (const one of selectors.split(/,(?![^(]*\))/)) assert.match(one.trim(), /^\.lamppost/, one);
  }
});

test("the drawing of codes is the published file, with its licence", () => {
  const file = readFileSync(new URL("vendor/qrcode-generator-2.0.4/qrcode.js", root));

  assert.equal(createHash("sha256").update(file).digest("hex"), "ea91d7118a5395289170da848b7c6758b996163bfbccf312591ab65a4911b7c0");
  assert.match(read("vendor/qrcode-generator-2.0.4/LICENSE.md"), /Kazuhiko Arase[^]*Permission is hereby granted/);
});
