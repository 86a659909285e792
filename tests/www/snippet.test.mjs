// www/push/lamppost.js: a visitor turns notifications on and off.
import assert from "node:assert/strict";
import { test } from "node:test";

import { KEY, SimulatedPage, settled } from "./shims/page.mjs";

const OTHER_KEY = Buffer.alloc(65, 5).toString("base64url");

async function loaded(changes = {}) {
  const page = Object.assign(new SimulatedPage(), changes);
  await page.load();
  return page;
}

test("loading the page asks the visitor nothing and registers nothing", async () => {
  const page = await loaded();

  assert.deepEqual(page.log, ["GET /api/config"]);
  assert.equal(page.state, "default");
  assert.match(page.words, /are off/);
});

test("a press asks at once, although the server has not answered yet", async () => {
  const page = new SimulatedPage();
  await page.load();
  page.log.length = 0;

  page.listeners.click({ target: page.elements.subscribe });

  assert.deepEqual(page.log, ["ask"], "asked in the same turn as the click");
});

test("a press subscribes with the server's key, tells the server and says so", async () => {
  const page = await loaded();

  await page.press("subscribe");
  await settled();

  assert.equal(page.state, "on");
  assert.match(page.words, /are on/);
  assert.deepEqual(page.log, [
    "GET /api/config", "ask", "register /push/sw.js /push/", "subscribe", "POST /api/push-subscriptions",
  ]);
  const { timezone, ...rest } = page.posted[0];
  assert.deepEqual(rest, {
    subscription: { endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } },
    language: "de-AT",
  });
  assert.equal(typeof timezone, "string");
  assert.deepEqual([page.elements.subscribe.hidden, page.elements.unsubscribe.hidden], [true, false]);
});

test("a second press joins the first", async () => {
  const page = await loaded();

  page.listeners.click({ target: page.elements.subscribe });
  await page.press("subscribe");
  await settled();

  assert.equal(page.log.filter((one) => one === "ask").length, 1);
  assert.equal(page.posted.length, 1);
});

test("a subscription with another key gives way and is named in replaces", async () => {
  const page = await loaded();
  page.permission = "granted";
  page.subscribed("https://push.example/old", OTHER_KEY);

  await page.press("subscribe");
  await settled();

  assert.equal(page.state, "on");
  assert.deepEqual(page.log.slice(-3), ["unsubscribe", "subscribe", "POST /api/push-subscriptions"]);
  assert.equal(page.posted[0].replaces, "https://push.example/old");
});

test("InvalidStateError is tried again once", async () => {
  const page = await loaded({ subscribeErrors: ["InvalidStateError"] });
  await page.press("subscribe");
  await settled();
  assert.equal(page.state, "on");

  const stubborn = await loaded({ subscribeErrors: ["InvalidStateError", "InvalidStateError", "InvalidStateError"] });
  await stubborn.press("subscribe");
  await settled();
  assert.equal(stubborn.state, "site-error");
  assert.equal(stubborn.log.filter((one) => one === "subscribe").length, 2);
});

const FAILURES = [
  ["the visitor refuses", { answer: "denied" }, "blocked", /blocks notifications/],
  ["the visitor closes the question", { answer: "default" }, "default", /closed the question/],
  ["the push service is out of reach", { subscribeErrors: ["AbortError"] }, "service-error", /reach its push service/],
  ["Brave has it switched off", { subscribeErrors: ["AbortError"], brave: {} }, "service-error", /Google services/],
  ["the site is away", { status: 0 }, "site-error", /try again/],
  ["the site is busy", { status: 429 }, "site-error", /try again/],
  ["the site refuses the push service", { status: 400 }, "service-error", /can’t send/],
  ["a part of the snippet does not load", { broken: [/subscription/] }, "site-error", /try again/],
  ["the worker fails to install", { workerState: "redundant" }, "granted-off", /took too long/],
  ["the worker never gets ready", { workerState: "installing" }, "granted-off", /took too long/],
];
for (const [what, changes, state, words] of FAILURES) {
  test(`when ${what} the page says so in plain words`, async () => {
    const page = await loaded(changes);

    await page.press("subscribe");
    for (let i = 0; i < 40 && page.state === "working"; i += 1) await settled();

    assert.equal(page.state, state);
    assert.match(page.words, words);
    assert.doesNotMatch(page.words, /Error|must not read|Failed/);
  });
}

test("a part that did not load once is asked for at another address", async () => {
  const page = await loaded({ broken: [/subscription\.js$/] });

  assert.equal(await page.lamppost.subscribe(), "on");
});

test("a push service that does not answer is said after a while, and a late answer counts", async () => {
  const page = await loaded({ subscribeTakes: 300 });
  const heard = [];
  page.lamppost.on("change", (state) => heard.push(state));

  assert.equal(await page.lamppost.subscribe(), "service-error");

  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.deepEqual(heard, ["asking", "working", "service-error", "on"]);
  assert.equal(page.posted.length, 1);
});

test("what the site refuses is given up in the browser, too", async () => {
  const page = await loaded({ status: 400 });

  await page.press("subscribe");
  await settled();

  assert.equal(page.subscription, null);
});

test("a question that stays open for five seconds is pointed at", async () => {
  const page = await loaded({ thinks: 90 });
  const heard = [];
  page.lamppost.on("change", (state) => heard.push(state));

  await page.lamppost.subscribe();

  assert.deepEqual(heard, ["asking", "quieted", "working", "on"]);
});

const PLACES = [
  ["plain http", { secure: false, missing: ["serviceWorker"] }, "insecure"],
  ["a browser without push", { missing: ["PushManager"] }, "unsupported"],
  ["a private window", { missing: ["serviceWorker"] }, "private"],
  ["an iPhone of before 16.4", { missing: ["PushManager", "Notification"], agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 16_3_1 like Mac OS X)" }, "unsupported"],
  ["Instagram on an iPhone", { missing: ["PushManager"], agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Instagram 300" }, "ios-needs-install"],
  ["a web view on Android", { missing: ["PushManager"], agent: "Mozilla/5.0 (Linux; Android 14; wv) FBAV/400" }, "unsupported"],
  ["a tab on an iPhone", { missing: ["PushManager", "Notification"], agent: "Mozilla/5.0 (iPhone; CPU)" }, "ios-needs-install"],
];
for (const [what, changes, state] of PLACES) {
  test(`${what} is told ${state} and offered no button`, async () => {
    const page = await loaded(changes);

    assert.equal(page.state, state);
    assert.notEqual(page.words, "");
    assert.equal(page.elements.subscribe.hidden, true);
    assert.deepEqual(page.log, []);
    assert.equal(await page.lamppost.subscribe(), state);
    assert.equal(await page.lamppost.unsubscribe(), state);
  });
}

test("parts for one state are there in that state only", async () => {
  assert.equal((await loaded()).elements.when.hidden, true);
  assert.equal((await loaded({ permission: "denied" })).elements.when.hidden, false);
});

test("turning off tells the server first, then the browser", async () => {
  const page = await loaded({ permission: "granted" });
  page.subscribed("https://push.example/7", KEY);
  await page.load();
  page.log.length = 0;

  await page.press("unsubscribe");

  assert.deepEqual(page.log, ["DELETE /api/push-subscriptions", "unsubscribe"]);
  assert.deepEqual(page.posted.at(-1), { endpoint: "https://push.example/7" });
  assert.equal(page.state, "granted-off");
});

test("turning off works with the server away, which is told on the next visit", async () => {
  const page = await loaded({ permission: "granted" });
  page.subscribed("https://push.example/7", KEY);
  page.status = 0;
  await page.press("unsubscribe");
  assert.deepEqual([page.state, page.subscription], ["granted-off", null]);
  page.status = 200;
  page.posted.length = 0;

  await page.load();
  await page.load();

  assert.deepEqual(page.posted, [{ endpoint: "https://push.example/7" }], "once");
});

test("a page hears of changes and can stop hearing", async () => {
  const page = await loaded();
  const heard = [];
  const stop = page.lamppost.on("change", (state) => heard.push(state));

  await page.lamppost.subscribe();
  stop();
  await page.lamppost.unsubscribe();

  assert.deepEqual(heard, ["asking", "working", "on"]);
  assert.throws(() => page.lamppost.on("click", () => {}), /only "change"/);
});

test("a tab that the worker asks goes there, once it is told to; other messages are not for it", async () => {
  const page = new SimulatedPage();
  await page.load();
  const posted = [];
  const port = { postMessage: (words) => posted.push(words) };

  page.listeners["worker message"]({ data: "of the site's own worker", ports: [] });
  page.listeners["worker message"]({ data: { navigate: "https://site.example/bridge" }, ports: [port] });

  assert.equal(posted.length, 1);
  assert.equal(page.window.location, undefined);
  port.onmessage({});
  assert.equal(page.window.location, "https://site.example/bridge");
});
