// Odd and hostile texts go through every member of the API that takes one, are stored, and are shown by the pages in a
// real Chromium behind the real nginx: as the text that they are; nothing runs, nothing is loaded, nothing overflows.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { checkout, temporaryFolder } from "../rig/lamppost.mjs";
import { startChromium } from "./chromium.mjs";
import { answerHostilely } from "./hostile_answers.mjs";
import { fitting, harm, hostileTexts, trap } from "./hostile_texts.mjs";
import { overhang } from "./looking.mjs";

const SECRET = "0123456789abcdef0123456789abcdef";
const NARROW = { width: 320, height: 640 };
const pages = readdirSync(join(checkout, "www/admin")).filter((name) => name.endsWith(".html"));
const form = pages.includes("compose.html") ? "/admin/compose.html" : "/admin/";
const SHOWN = 5; // recent messages on the preferences page
const texts = hostileTexts.map(({ text }) => text);
const topics = texts.map((text, at) => ({ name: `topic-${at}`, label: fitting(text, { characters: 60, line: true }), default: at % 2 === 0 }));
const titleOf = (text) => fitting(text, { bytes: 500 });
const userOf = (text) => fitting(text, { bytes: 128, line: true });

let site, chromium, folder, subscriptions;

before(async () => {
  folder = temporaryFolder();
  const identity = join(folder, "identity");
  writeFileSync(identity, SECRET);
  chmodSync(identity, 0o644); // the servers' user reads it
  site = await startSite({ config: `identity_secret_file = ${identity}\nreport_events = on\n` });
  await taken("/api/admin/topics", { topics }, { method: "PUT" });
  await taken("/api/admin/segments", { segments: topics.map(({ name, label }) => ({ name, label, audience: `topic:${name} && !user:"<img src=/hostile.png>"` })) }, { method: "PUT" });
  subscriptions = await subscribeAll();
  chromium = await startChromium();
  await chromium.context.setHTTPCredentials({ username: "admin", password: site.lamppost.password });
});
after(async () => {
  await chromium?.close();
  await site?.stop();
  rmSync(folder, { recursive: true });
});

/** The body of a 2xx. */
async function taken(path, json, options = {}) {
  const answer = await (path.startsWith("/api/admin/") ? site.admin : site.public)(path, { json, ...options });
  const text = await answer.text();
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${text} to ${JSON.stringify(json)}`);
  return JSON.parse(text);
}

// One for each text, which is its user's name.
async function subscribeAll() {
  const made = site.service.createSubscriptions(texts.length, { vapidKey: await site.vapidKey() });
  for (const [at, subscription] of made.entries()) {
    const id = userOf(texts[at]);
    const user = { id, signature: createHmac("sha256", SECRET).update(id).digest("hex") };
    await taken("/api/push-subscriptions", { subscription, user, topics: topics.map(({ name }) => name), language: "x-script", timezone: "Mars/Olympus-Mons_1" });
  }
  return made;
}

const send = (text) => taken("/api/admin/campaigns", {
  title: titleOf(text), body: titleOf(text), tag: fitting(text, { bytes: 64 }), replace: fitting(text, { bytes: 64 }),
  actions: [{ title: fitting(text, { bytes: 64 }) }, { title: fitting(text, { bytes: 64 }) }], send: true, force: true });

/** A phone's tab on a page of the site, left to `look` once it is loaded; then nothing bad may have come of it. */
async function visit(path, look = () => {}, { before = async () => {}, waitUntil = "networkidle" } = {}) {
  const page = await chromium.page();
  try {
    await page.setViewportSize(NARROW);
    await trap(page);
    await before(page);
    await page.goto(`${site.lamppost.origin}${path}`, { waitUntil });
    await look(page);
    assert.deepEqual(await harm(page), [], path);
    assert.equal(await overhang(page), 0, `${path} is wider than 320 px`);
  } finally {
    await page.close();
  }
}

/** Runs ahead of the page's own scripts: this browser holds that subscription. */
function hold({ endpoint, keys }) {
  const subscription = { endpoint, options: {}, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => true };
  const registration = { active: { state: "activated", addEventListener() {} },
    pushManager: { getSubscription: async () => subscription, subscribe: async () => subscription } };
  navigator.serviceWorker.getRegistration = async () => registration;
  navigator.serviceWorker.register = async () => registration;
  localStorage.setItem("lamppost", JSON.stringify({ endpoint, at: Date.now() }));
}

test("texts that are taken for HTML are found out", async () => {
  await assert.rejects(visit("/admin/", (page) => page.evaluate((html) => { document.body.innerHTML = html; }, texts[1])), (error) => {
    assert.match(error.message, /an element: <img/);
    assert.match(error.message, /script-src-attr inline/);
    assert.match(error.message, /hostile\.png/);
    return true;
  });
});

test("the preferences page shows topics, messages and users as text", async () => {
  for (let at = 0; at < texts.length; at += SHOWN) {
    const some = texts.slice(at, at + SHOWN);
    for (const text of some) assert.equal((await send(text)).counts.accepted, texts.length);
    for (const turn of some.length > 3 ? [0, 3] : [0]) {
      await visit("/push/preferences", async (page) => {
        await page.locator("#settings").waitFor({ state: "visible" });
        await page.locator(".lamppost-topics .lamppost-topic").last().waitFor();
        assert.deepEqual(await page.locator(".lamppost-topics .lamppost-topic span").allTextContents(), topics.map(({ label }) => label));
        assert.deepEqual(await page.locator("#recent strong").allTextContents(), texts.slice(0, at + some.length).map(titleOf).reverse().slice(0, SHOWN));
        assert.ok((await page.locator("#facts dd").allTextContents()).includes(userOf(some[turn])));
      }, { before: (page) => page.addInitScript(hold, subscriptions[at + turn]), waitUntil: "load" });
    }
  }
});

test("the site's own pages show the topics as text", async () => {
  for (const path of ["/", "/market/", "/sport/", "/town/"]) await visit(path, () => {}, { before: (page) => page.addInitScript(hold, subscriptions[0]) });
});

test("what an editor writes is previewed as text", async () => {
  await visit(form, async (page) => {
    for (const text of texts) {
      const line = fitting(text, { bytes: 200, line: true });
      await page.fill("[name=title]", line);
      await page.fill("[name=body]", text.slice(0, 900));
      // Some previews cut it where a system would.
      await page.waitForFunction((words) => document.querySelector("main").textContent.includes(words), fitting(line, { characters: 20 }));
      assert.deepEqual([await overhang(page), await harm(page)], [0, []], line);
    }
    await page.reload({ waitUntil: "networkidle" }); // the draft was kept
  });
});

// As far as a reason is kept: the first characters, of ASCII.
const reasonOf = (text) => [...Buffer.from(text).subarray(0, 20)].map((byte) => (byte < 32 || byte > 126 ? "?" : String.fromCharCode(byte))).join("");

/** Sends a message of that title, and looks at what came of it, where the reasons must stand. */
async function showsReasons(text, reasons) {
  const title = fitting(text, { bytes: 200 });
  const isAll = async (page) => {
    const said = await page.locator("main").textContent();
    for (const reason of [title, ...reasons]) assert.ok(said.includes(reason), `${reason} is not in ${said}`);
  };
  if (pages.includes("campaign.html")) {
    const { id } = await send(title);
    return visit(`/admin/campaign.html?id=${id}`, isAll);
  }
  return visit(form, async (page) => {
    await page.fill("[name=title]", title);
    await page.click("#send");
    await page.locator("#result-title", { hasText: `Sent: ${title}` }).waitFor();
    await isAll(page);
  });
}

for (const part of [0, 1]) {
  test(`what was sent, and what the push services said, is shown as text, part ${part}`, async () => {
    // Half of them at a time, since few different reasons are kept; some say it as JSON, some as it is.
    const mine = texts.map((text, at) => ({ text, at })).filter(({ at }) => at % 2 === part);
    for (const { text, at } of mine) {
      const body = at % 4 < 2 ? JSON.stringify({ reason: text }) : text;
      site.service.script({ status: 400, body }, { endpoints: [subscriptions[at].endpoint] });
    }
    try {
      await showsReasons(texts[part], mine.map(({ text }) => reasonOf(text)));
    } finally {
      site.service.clearScript({ endpoints: subscriptions.map(({ endpoint }) => endpoint) });
    }
  });
}

for (const file of pages) test(`${file} is not harmed by what is stored`, () => visit(`/admin/${file}?id=1`));

// Pages that show what the API says: most of the texts must then be seen, or nothing was tried.
const shows = { "index.html": "home.js", "history.html": "history.js", "insights.html": "insights.js", "subscribers.html": "subscribers.js",
  "doctor.html": "doctor.js", "settings.html": "settings.js", "campaign.html": "campaign.js" };
const isThere = (script) => existsSync(join(checkout, "www/admin", script));

for (const file of pages) {
  test(`${file} is not harmed by any text of any answer`, () => visit(`/admin/${file}?id=1`, async (page) => {
    const seen = await page.evaluate(() => document.body.textContent + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join(" "));
    const shown = texts.filter((text) => seen.includes(text));
    if (shows[file] && isThere(shows[file])) assert.ok(shown.length >= 8, `only these are seen: ${shown.join("\n")}`);
  }, { before: (page) => answerHostilely(page, texts) }));
}
