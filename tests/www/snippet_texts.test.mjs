// The visitor's texts: six languages, none missing, and English where one is.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { SimulatedPage, settled } from "./shims/page.mjs";

const root = new URL("../../www/push/", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const texts = (lang) => JSON.parse(read(`i18n/${lang}.json`));
const LANGUAGES = ["ar", "de", "en", "es", "fr", "pt"];

test("there is a file for each language that the snippet knows", () => {
  assert.deepEqual(readdirSync(new URL("i18n/", root)).sort(), LANGUAGES.map((lang) => `${lang}.json`));
  assert.match(read("lamppost.js"), /LANGUAGES = \["en", "de", "es", "fr", "pt", "ar"\]/);
});

for (const lang of LANGUAGES) {
  test(`${lang} has every text, with the same places to fill, and says it in its own words`, () => {
    const [english, own] = [texts("en"), texts(lang)];
    const places = (words) => (words.match(/{\w+}/g) || []).sort();

    assert.deepEqual(Object.keys(own).sort(), Object.keys(english).sort());
    for (const key of Object.keys(english)) assert.deepEqual(places(own[key]), places(english[key]), key);
    const same = Object.keys(english).filter((key) => english[key] !== "" && english[key] === own[key]);
    if (lang !== "en") assert.ok(same.length < 3, String(same));
  });

  test(`${lang} keeps the prompt short`, () => {
    const own = texts(lang);

    assert.ok(own["prompt.value"].replace("{site}", "The Lamppost").length <= 90);
    for (const key of ["prompt.yes", "prompt.no"]) assert.ok(own[key].length <= 15, own[key]);
  });
}

test("every text that a script asks for is there, and the snippet's own sentences are those of the English file", () => {
  const english = texts("en");
  for (const name of readdirSync(root).filter((one) => one.endsWith(".js"))) {
    const asked = [...read(name).matchAll(/(?:say|text)\("([a-z]+\.[\w-]+)"/g)].map(([, key]) => key);
    for (const key of asked) assert.equal(typeof english[key], "string", `${name}: ${key}`);
  }
  const says = read("lamppost.js").match(/const SAYS = {([^]*?)\n {2}};/)[1];
  for (const [, key, words] of says.matchAll(/"?([\w-]+)"?: "([^"]*)"/g)) assert.equal(english[`state.${key}`], words, key);
});

async function words(changes) {
  const page = Object.assign(new SimulatedPage(), changes);
  await page.load();
  await settled();
  return page;
}

test("the page's language counts, unless the script names one or asks for the visitor's", async () => {
  assert.match((await words({ language: "de-AT" })).words, /sind aus/);
  assert.match((await words({ language: "fr", dataset: { locale: "es" } })).words, /desactivadas/);
  assert.match((await words({ language: "fr", dataset: { locale: "auto" } })).words, /sind aus/);
  assert.match((await words({ language: "ja" })).words, /are off/);
  assert.match((await words({ language: "dev" })).words, /are off/);
});

test("Arabic runs from right to left", async () => {
  const page = await words({ language: "ar" });

  assert.deepEqual([page.lamppost.dir, page.elements.status.dir, page.elements.status.lang], ["rtl", "rtl", "ar"]);
});

test("what another language or the owner's file lacks is said in English", async () => {
  const own = { "/push/i18n/de.json": { "state.on": "An" }, "/mine.json": { "state.default": "Aus!", de: { "panel.on": "Los" } } };
  const page = await words({ language: "de", dataset: { texts: "/mine.json" }, files: own });

  assert.equal(page.words, "Aus!");
  assert.equal(page.lamppost.text("panel.on"), "Los");
  assert.equal(page.lamppost.text("panel.off"), "Turn off");
  assert.equal(page.lamppost.text("panel.paused", { until: "noon" }), "Paused until noon.");
  assert.equal(page.lamppost.text("nothing.such"), "nothing.such");
});
