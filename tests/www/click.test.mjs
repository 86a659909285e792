// www/push/sw.js: where a click leads (RELIABILITY.md, SEC-25), and the change of a subscription.
import assert from "node:assert/strict";
import { test } from "node:test";

import { SimulatedBrowser } from "./shims/service_worker.mjs";

const CONFIG = { vapid_public_key: "BKey", click_origins: ["https://listed.example"] };
const HOME = "https://site.example/";

async function clicked(notification, { action, tabs = [], snippets = [], ...options } = {}) {
  const browser = await new SimulatedBrowser({ config: CONFIG, ...options }).start();
  browser.tabs.push(...tabs);
  browser.snippets.push(...snippets);
  const [shown] = await browser.push(JSON.stringify({ web_push: 8030, notification: { title: "T", ...notification } }));
  browser.requests.length = 0;
  await browser.click(shown, action);
  assert.deepEqual(browser.failures, []);
  assert.deepEqual(browser.requests, [], "nothing is fetched in a click");
  return browser;
}

const TARGETS = [
  ["our own page", "https://site.example/bridge?x=1#top", "https://site.example/bridge?x=1#top"],
  ["a path", "/bridge", "https://site.example/bridge"],
  ["a listed origin", "https://listed.example/a", "https://listed.example/a"],
  ["a listed origin by plain http", "http://listed.example/a", HOME],
  ["a foreign origin", "https://evil.example/", HOME],
  ["our host by another scheme", "http://site.example/", HOME],
  ["our host with another port", "https://site.example:8443/", HOME],
  ["another host behind our name", "https://site.example@evil.example/", HOME],
  ["no scheme", "//evil.example/", HOME],
  ["a backslash", "/\\evil.example/", HOME],
  ["a script", "javascript:alert(1)", HOME],
  ["a data URL", "data:text/html,x", HOME],
  ["a blob of our origin", "blob:https://site.example/5b4c", HOME],
  ["no URL at all", "http://[", HOME],
  ["a number", 7, HOME],
  ["nothing", undefined, HOME],
];
for (const [what, navigate, expected] of TARGETS) {
  test(`a click on ${what} opens ${expected}`, async () => {
    const browser = await clicked({ navigate });

    assert.deepEqual(browser.opened, [expected]);
    assert.equal(browser.screen.visible.length, 0, "the notification is closed");
  });
}

test("our own origin may be plain http, as on localhost", async () => {
  const browser = await clicked({ navigate: "http://localhost:8080/a" }, { origin: "http://localhost:8080" });

  assert.deepEqual(browser.opened, ["http://localhost:8080/a"]);
});

test("without a list from the server no foreign origin is opened", async () => {
  for (const config of [null, {}, { click_origins: 5 }, { click_origins: "https://listed.example" }]) {
    const browser = await clicked({ navigate: "https://listed.exampl" }, { config });
    assert.deepEqual(browser.opened, [HOME]);
  }
});

test("a button opens its own page, one without a page the notification's", async () => {
  const notification = {
    navigate: "https://site.example/main",
    actions: [{ action: "0", title: "Read", navigate: "https://site.example/read" }, { action: "1", title: "More" }],
  };

  assert.deepEqual((await clicked(notification, { action: "0" })).opened, ["https://site.example/read"]);
  assert.deepEqual((await clicked(notification, { action: "1" })).opened, ["https://site.example/main"]);
  assert.deepEqual((await clicked(notification, { action: "constructor" })).opened, [HOME]);
});

test("a page that is open already is brought to the front", async () => {
  const tabs = ["https://site.example/other", "https://site.example/bridge"];

  const browser = await clicked({ navigate: "https://site.example/bridge" }, { tabs });

  assert.deepEqual([browser.focused, browser.opened], [["https://site.example/bridge"], []]);
});

const OPEN = "https://site.example/market";
const settled = () => new Promise((done) => setTimeout(done, 20));

test("an open tab of the site goes to the page itself, and comes to the front", async () => {
  const browser = await clicked({ navigate: "/bridge" }, { tabs: [OPEN, "https://site.example/old"], snippets: [OPEN] });

  await settled();
  assert.deepEqual([browser.focused, browser.opened], [[OPEN], []]);
  assert.deepEqual(browser.navigated, [[OPEN, "https://site.example/bridge"]]);
});

test("a tab whose page does not answer is left alone: a new one opens", async () => {
  const browser = await clicked({ navigate: "/bridge" }, { tabs: ["https://site.example/admin/", OPEN], snippets: [OPEN] });

  await settled();
  assert.deepEqual([browser.focused, browser.opened, browser.navigated], [[], ["https://site.example/bridge"], []]);
});

test("a foreign page never takes one of our tabs", async () => {
  const browser = await clicked({ navigate: "https://listed.example/a" }, { tabs: [OPEN], snippets: [OPEN] });

  await settled();
  assert.deepEqual([browser.opened, browser.navigated], [["https://listed.example/a"], []]);
});

test("a counted link to a foreign page, which ends with ?, never takes one of our tabs either", async () => {
  const counted = "https://site.example/api/c/AAECAwQFBgcICQoLDA0O_w-rmkkJ3ZmVPcYGXFM";
  const away = await clicked({ navigate: `${counted}?` }, { tabs: [OPEN], snippets: [OPEN] });
  const ours = await clicked({ navigate: counted }, { tabs: [OPEN], snippets: [OPEN] });

  await settled();
  assert.deepEqual([away.opened, away.navigated], [[`${counted}?`], []]);
  assert.deepEqual([ours.opened, ours.navigated], [[], [[OPEN, counted]]]);
});

test("a click clears the badge, and one that cannot be cleared costs nothing", async () => {
  const browser = await clicked({ navigate: "/bridge" });
  assert.equal(browser.badge, 0);

  const [shown] = await browser.push('{"title":"T"}');
  browser.badgeFails = true;
  await browser.click(shown);

  assert.deepEqual([browser.failures, browser.opened.at(-1)], [[], HOME]);
});

test("a changed subscription is made anew with the server's key and replaces the old one", async () => {
  const browser = await new SimulatedBrowser({ kind: "firefox", config: CONFIG }).start();
  browser.requests.length = 0;

  await browser.changeSubscription({ endpoint: "https://push.example/old", options: { applicationServerKey: "old" } });

  assert.deepEqual(browser.failures, []);
  assert.equal(browser.subscribedWith[0].applicationServerKey, "BKey");
  const { url, method, body } = browser.requests.at(-1);
  assert.deepEqual([method, url], ["POST", "/api/push-subscriptions"]);
  assert.equal(body.subscription.endpoint, "https://push.example/1");
  assert.equal(body.replaces, "https://push.example/old");
  assert.equal(body.language, "de-AT");
  assert.equal(typeof body.timezone, "string");
});

test("the browser's own new subscription is taken as it is", async () => {
  const browser = await new SimulatedBrowser({ config: CONFIG }).start();
  const json = { endpoint: "https://push.example/new", keys: {} };

  await browser.changeSubscription(null, { ...json, toJSON: () => json });

  assert.equal(browser.subscribedWith.length, 0);
  assert.deepEqual(browser.requests.at(-1).body.subscription, json);
  assert.equal("replaces" in browser.requests.at(-1).body, false);
});

test("with the server away the old key serves", async () => {
  const browser = await new SimulatedBrowser({ kind: "firefox", config: null }).start();

  await browser.changeSubscription({ endpoint: "https://push.example/old", options: { applicationServerKey: "old" } });

  assert.equal(browser.subscribedWith[0].applicationServerKey, "old");
});
