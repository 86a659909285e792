// www/push/lamppost.js: a visit heals what was lost since the last one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { KEY, SimulatedPage, settled } from "./shims/page.mjs";

const OTHER_KEY = Buffer.alloc(65, 5).toString("base64url");
const DAY = 24 * 3600 * 1000;

/** A visitor whose browser is subscribed, with `kept` from the last visit. */
function visitor(kept, key = KEY) {
  const page = Object.assign(new SimulatedPage(), { permission: "granted" });
  page.subscribed("https://push.example/now", key);
  if (kept) page.storage.set("lamppost", JSON.stringify(kept));
  return page;
}

async function visited(page) {
  await page.load();
  await settled();
  return page;
}

test("a subscription that was never sent is sent, then not again for a day", async () => {
  const page = await visited(visitor(null));
  assert.equal(page.posted.length, 1);
  assert.equal("replaces" in page.posted[0], false);

  await visited(page);

  assert.equal(page.posted.length, 1);
  assert.equal(page.state, "on");
});

test("after a day it is sent again", async () => {
  const page = await visited(visitor({ endpoint: "https://push.example/now", at: Date.now() - DAY - 1 }));

  assert.equal(page.posted.length, 1);
});

test("a changed address is sent at once and names the one that it replaces", async () => {
  const page = await visited(visitor({ endpoint: "https://push.example/before", at: Date.now() }));

  assert.equal(page.posted[0].replaces, "https://push.example/before");
});

test("a failed attempt is made again on the next visit, and the visitor hears nothing of it", async () => {
  const page = visitor(null);
  page.status = 503;
  await visited(page);
  assert.equal(page.state, "on");
  page.status = 201;

  await visited(page);

  assert.equal(page.posted.length, 2);
});

test("a key that the server no longer uses is renewed without a word", async () => {
  const page = await visited(visitor({ endpoint: "https://push.example/now", at: Date.now() }, OTHER_KEY));

  assert.equal(page.state, "on");
  assert.deepEqual(page.log.slice(-3), ["unsubscribe", "subscribe", "POST /api/push-subscriptions"]);
  assert.equal(page.posted[0].replaces, "https://push.example/now");
});

test("a key that cannot be renewed is said", async () => {
  const page = visitor(null, OTHER_KEY);
  page.subscribeErrors = ["AbortError"];

  await visited(page);

  assert.equal(page.state, "stale-key");
  assert.match(page.words, /renewed/);
});

test("a subscription that vanished comes back only if it was on before", async () => {
  const lost = visitor({ endpoint: "https://push.example/before", at: Date.now() });
  lost.subscription = null;
  await visited(lost);
  assert.equal(lost.state, "on");
  assert.equal(lost.posted[0].replaces, "https://push.example/before");

  const never = visitor(null);
  never.subscription = null;
  await visited(never);
  assert.equal(never.state, "granted-off");
  assert.deepEqual(never.posted, []);
});

test("a blocked or undecided visitor is left alone", async () => {
  for (const permission of ["denied", "default"]) {
    const page = visitor({ endpoint: "https://push.example/now", at: 0 });
    page.permission = permission;
    await visited(page);
    assert.deepEqual(page.log, ["GET /api/config"]);
  }
});

for (const [what, end] of [["turning off", (page) => page.lamppost.unsubscribe()], ["erasing", (page) => page.lamppost.erase()]]) {
  test(`${what} while a visit still mends comes after it, and stays`, async () => {
    const page = visitor(null);
    page.answerTakes["POST /api/push-subscriptions"] = 60;
    await page.load();
    while (page.posted.length === 0) await settled();

    await end(page);
    await new Promise((resolve) => setTimeout(resolve, 80));

    assert.deepEqual(page.posted.map(({ subscription }) => Boolean(subscription)).slice(-2), [true, false]);
    assert.equal(page.subscription, null);
    assert.deepEqual(JSON.parse(page.storage.get("lamppost")), { off: true });
    page.posted.length = 0;
    await visited(page);
    assert.deepEqual([page.state, page.posted], ["granted-off", []]);
  });
}

test("storage that is forbidden changes nothing but the memory", async () => {
  const page = visitor(null);
  page.storage = { get: () => assert.fail("forbidden"), set: () => assert.fail("forbidden") };

  await visited(page);

  assert.deepEqual([page.state, page.posted.length], ["on", 1]);
});

test("turning off wins over healing, whenever it comes", async () => {
  for (let turns = 0; turns < 60; turns += 1) {
    const page = visitor({ endpoint: "https://push.example/now", at: Date.now() - DAY - 1 });
    await page.load();
    page.storage.set("lamppost", JSON.stringify({ endpoint: "https://push.example/now", at: 1 }));
    page.log.length = 0;
    page.listeners.online({});
    for (let turn = 0; turn < turns; turn += 1) await new Promise(turns % 2 ? setImmediate : process.nextTick);

    await page.press("unsubscribe");
    await settled();
    await settled();

    assert.equal(page.subscription, null, `${turns} turns: ${page.log}`);
    assert.equal(page.state, "granted-off", `${turns} turns`);
    assert.equal(page.log.filter((call) => /^(DELETE|POST)/.test(call)).at(-1), "DELETE /api/push-subscriptions", `${turns} turns: ${page.log}`);
  }
});
