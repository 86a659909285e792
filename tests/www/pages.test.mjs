// The files of www/ under the strict content security policy (RELIABILITY.md, B2), and the manifest
// that iPhones want (UX.md, 1.9).
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const root = new URL("../../www/", import.meta.url);
const read = (path) => readFileSync(new URL(path.replace(/^\//, ""), root));
const text = (path) => read(path).toString("utf8");
const DESK = readdirSync(new URL("admin/", root)).filter((name) => name.endsWith(".html")).map((name) => `admin/${name}`);
const PAGES = ["index.html", "town/index.html", "market/index.html", "sport/index.html", "push/preferences/index.html", ...DESK];
const SCRIPTS = ["push/lamppost.js", "push/sw.js", "push/preferences/preferences.js", ...readdirSync(new URL("admin/", root)).filter((name) => name.endsWith(".js")).map((name) => `admin/${name}`)];

for (const page of PAGES) {
  test(`${page} has nothing inline and nothing foreign`, () => {
    const html = text(page);

    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:|<base/i);
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/i);
    assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//i);
  });

  test(`${page} links only to files that are there`, () => {
    const links = [...text(page).matchAll(/(?:src|href)="(\/[^"#?]*)"/g)].map(([, path]) => path).filter((path) => !path.startsWith("/api/"));

    assert.ok(links.length > 0);
    for (const path of links) read(path.endsWith("/") || path === "/push/preferences" ? path.replace(/\/?$/, "/index.html") : path);
  });

  test(`every id that ${page} refers to is there, once`, () => {
    const html = text(page);
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    const wanted = [...html.matchAll(/\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"/g)].flatMap(([, list]) => list.split(" "));

    assert.equal(new Set(ids).size, ids.length);
    for (const id of wanted) assert.ok(ids.includes(id), id);
  });
}

for (const script of SCRIPTS) {
  test(`${script} writes text, never markup, and evaluates nothing`, () => {
    assert.doesNotMatch(text(script), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|importScripts/);
  });
}

/** The scripts that a page of the desk loads: those it names and what they import. */
function scriptsOf(page) {
  const found = new Set();
  const add = (script) => {
    if (found.has(script)) return;
    found.add(script);
    for (const [, name] of text(script).matchAll(/from "\.\/([\w/-]+\.js)"|^import "\.\/([\w/-]+\.js)"/gm)) if (name) add(`admin/${name}`);
  };
  for (const [, script] of text(page).matchAll(/<script type="module" src="\/(admin\/[^"]+)"/g)) add(script);
  return [...found];
}

for (const page of DESK) {
  test(`every element that the scripts of ${page} ask for is on it`, () => {
    const html = text(page);
    const asked = scriptsOf(page).flatMap((script) => [...text(script).matchAll(/(?:part|place|getElementById)\("([\w-]+)"\)/g)].map(([, id]) => id));

    assert.ok(asked.length > 0);
    for (const id of asked) assert.match(html, new RegExp(`\\sid="${id}"`), id);
  });

  test(`${page} and all that it loads at first is at most 60 KiB by gzip`, () => {
    const sheets = [...text(page).matchAll(/<link rel="stylesheet" href="\/([^"]+)"/g)].map(([, path]) => path);
    const libraries = [...text(page).matchAll(/<script src="\/(admin\/[^"]+)"/g)].map(([, path]) => path);
    const files = [page, ...sheets, ...libraries, ...scriptsOf(page), "icons/lamp.svg"];

    const total = files.reduce((sum, file) => sum + gzipSync(read(file), { level: 6 }).length, 0);

    assert.ok(total <= 60 * 1024, `${total} bytes: ${files}`);
  });

  test(`${page} leads to every other page of the desk by the same links, and says which one it is`, () => {
    const [nav] = text(page).match(/<nav aria-label="Desk">[^]*?<\/nav>/);
    const [first] = text(DESK[0]).match(/<nav aria-label="Desk">[^]*?<\/nav>/);

    assert.equal(nav.replace(' aria-current="page"', ""), first.replace(' aria-current="page"', ""));
    assert.ok((nav.match(/aria-current="page"/g) ?? []).length <= 1);
  });
}

test("every element that the preferences script asks for is on its page", () => {
  const html = text("push/preferences/index.html");
  const asked = [...text("push/preferences/preferences.js").matchAll(/part\("([\w-]+)"\)/g)].map(([, id]) => id);

  assert.ok(asked.length > 10);
  for (const id of asked) assert.match(html, new RegExp(`\\sid="${id}"`), id);
});

test("style sheets bring nothing from elsewhere", () => {
  for (const sheet of ["site.css", "push/preferences/preferences.css", "admin/admin.css", "admin/pages.css", "admin/vendor/uplot-1.6.32/uPlot.min.css"]) assert.doesNotMatch(text(sheet), /@import|url\(/);
  assert.doesNotMatch(text("admin/vendor/pico-2.1.1/css/pico.min.css"), /@import|url\("?(https?:)?\/\//);
});

// PNG, 11.2.1: width and height at 16, colour type at 25; 2 is RGB, without transparency.
const png = (path) => {
  const bytes = read(path);
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  return { size: `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, opaque: bytes[25] === 2 };
};

test("the manifest has what an iPhone and Android want", () => {
  const manifest = JSON.parse(text("manifest.webmanifest"));

  for (const name of ["id", "name", "short_name", "start_url", "scope"]) assert.equal(typeof manifest[name], "string", name);
  assert.equal(manifest.display, "standalone");
  assert.deepEqual(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`), ["192x192 any", "512x512 any", "512x512 maskable"]);
  for (const { src, sizes } of manifest.icons) assert.equal(png(src).size, sizes);
});

test("the touch icon is opaque and 180 pixels wide", () => {
  assert.match(text("index.html"), /<link rel="apple-touch-icon" sizes="180x180" href="\/icons\/apple-touch-icon\.png">/);
  assert.deepEqual(png("icons/apple-touch-icon.png"), { size: "180x180", opaque: true });
});

test("the demo page has a button, a place for words, and says what is kept", () => {
  const html = text("index.html");

  assert.match(html, /<button type="button" data-lamppost-subscribe>/);
  assert.match(html, /role="status" data-lamppost-status/);
  assert.match(html, /We store your browser’s push address/);
});

test("the preferences page says in English what its texts say, and every language has all of them", () => {
  const texts = (lang) => JSON.parse(text(`push/i18n/${lang}.json`));
  const english = texts("en");
  const shown = [...text("push/preferences/index.html").matchAll(/data-text="([\w.]+)">([^<]*)</g)];

  assert.ok(shown.length > 25);
  for (const [, key, words] of shown) assert.equal(words, english[key], key);
  for (const lang of ["de", "es", "fr", "pt", "ar"]) {
    for (const key of Object.keys(english).filter((one) => one.startsWith("preferences."))) assert.ok(texts(lang)[key], `${lang} ${key}`);
  }
});

test("the demo shows each mode of the snippet", () => {
  const modes = ["index", "town/index", "market/index"].map((page) => text(`${page}.html`).match(/data-mode="(\w+)"/)[1]);

  assert.deepEqual(modes, ["inline", "bell", "banner"]);
});
