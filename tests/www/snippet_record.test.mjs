// www/push/lamppost.js and record.js: topics, identity, and what a browser asks about itself.
import assert from "node:assert/strict";
import { test } from "node:test";

import { KEY, SimulatedPage, settled } from "./shims/page.mjs";

const TOPICS = [{ name: "town", label: "Town", default: true }, { name: "sport", label: "Sport", default: false }];
const NOW = "https://push.example/now";

async function loaded(changes = {}) {
  const page = Object.assign(new SimulatedPage(), changes);
  await page.load();
  return page;
}

/** A visitor whose browser is subscribed, and who was here today. */
async function subscriber(kept = {}, changes = {}) {
  const page = Object.assign(new SimulatedPage(), { permission: "granted" }, changes);
  page.subscribed(NOW, KEY);
  page.storage.set("lamppost", JSON.stringify({ endpoint: NOW, at: Date.now(), ...kept }));
  await page.load();
  page.log.length = 0;
  page.posted.length = 0;
  return page;
}

/** Waits for what a visit does by itself. */
async function until(condition) {
  for (let i = 0; i < 400 && !condition(); i += 1) await settled();
}

const kept = (page) => JSON.parse(page.storage.get("lamppost"));

test("topics given to subscribe() are sent; without any, the owner's defaults", async () => {
  const config = { vapid_public_key: KEY, topics: TOPICS };
  const chosen = await loaded({ config });
  await chosen.lamppost.subscribe({ topics: ["sport"] });
  assert.deepEqual(chosen.posted[0].topics, ["sport"]);

  const silent = await loaded({ config });
  await silent.lamppost.subscribe();
  assert.deepEqual(silent.posted[0].topics, ["town"]);
});

test("a renewed subscription leaves the topics as they are", async () => {
  const config = { vapid_public_key: Buffer.alloc(65, 5).toString("base64url"), topics: TOPICS };
  const page = await subscriber({}, { config, subscribeErrors: ["AbortError"] });
  await until(() => page.state === "stale-key");
  assert.equal(page.state, "stale-key");

  await page.lamppost.subscribe();

  assert.equal(page.posted[0].replaces, NOW);
  assert.equal("topics" in page.posted[0], false);
});

test("topics that could not be sent go with the next visit", async () => {
  const page = await loaded({ refusals: [{ status: 503 }] });
  await page.lamppost.subscribe({ topics: ["sport"] });
  assert.equal(page.state, "site-error");
  assert.match(page.words, /try again by ourselves/);
  page.posted.length = 0;

  await page.load();
  await until(() => page.posted.length > 0 && !("topics" in kept(page)));

  assert.deepEqual(page.posted[0].topics, ["sport"]);
  assert.equal("topics" in kept(page), false);
});

test("an identity goes with the subscription, is sent once, and again when it is another", async () => {
  const page = await loaded();
  assert.equal(await page.lamppost.identify("ana", "5e1f"), false, "nothing to identify yet");
  await page.lamppost.subscribe();
  assert.deepEqual(page.posted[0].user, { id: "ana", signature: "5e1f" });

  await page.load();
  await settled();
  page.posted.length = 0;
  assert.equal(await page.lamppost.identify("ana", "5e1f"), true);
  assert.deepEqual(page.posted, []);
  assert.equal(await page.lamppost.identify("ben", "cafe"), true);
  assert.deepEqual(page.posted.map(({ user }) => user.id), ["ben"]);
});

test("whom a server that has lost the subscription no longer knows is told again", async () => {
  const page = await subscriber({ user: "ana" });
  page.refusals = [{ status: 404, code: "not_found" }];
  await page.lamppost.mine(); // saved again: 201
  page.posted.length = 0;

  assert.equal(await page.lamppost.identify("ana", "5e1f"), true);

  assert.deepEqual(page.posted.map(({ user }) => user.id), ["ana"]);
});

for (const [code, field] of [["bad_signature", "user.signature"], ["missing_id", "user.id"], ["bad_user", "user"], ["bad_topics", "topics"]]) {
  test(`${code} of ${field} is told to the owner and does not cost the visitor`, async () => {
    const page = await loaded({ refusals: [{ status: 400, code, field }] });
    await page.lamppost.identify("ana", "forged");

    assert.equal(await page.lamppost.subscribe({ topics: ["gone"] }), "on");

    assert.equal("user" in page.posted[1] || "topics" in page.posted[1], false);
    assert.equal(page.warned.length, 1);
  });
}

test("a forged identity of a subscriber is refused and said", async () => {
  const page = await subscriber({}, {});
  page.refusals = [{ status: 400, code: "bad_signature", field: "user.signature" }];

  assert.equal(await page.lamppost.identify("ana", "forged"), false);
  assert.equal(kept(page).user, undefined);
});

test("mine() proves possession; null without a subscription", async () => {
  const page = await subscriber({}, { record: { topics: ["sport"] } });

  assert.deepEqual(await page.lamppost.mine(), { topics: ["sport"] });
  assert.deepEqual(page.posted[0], { endpoint: NOW, auth: "a" });

  assert.equal(await (await loaded()).lamppost.mine(), null);
});

test("a subscription that the server has lost is saved again first", async () => {
  const page = await subscriber({}, {});
  page.refusals = [{ status: 404, code: "not_found" }];

  await page.lamppost.mine();

  assert.deepEqual(page.log, ["POST /api/push-subscriptions/mine", "POST /api/push-subscriptions", "POST /api/push-subscriptions/mine"]);
});

test("a question that comes too late does not save again what was turned off", async () => {
  const page = await subscriber({}, {});
  page.answerTakes["POST /api/push-subscriptions/mine"] = 20;
  const asking = page.lamppost.mine();
  await page.lamppost.unsubscribe();
  page.refusals = [{ status: 404, code: "not_found" }];

  assert.equal(await asking, null);

  assert.equal(page.log.includes("POST /api/push-subscriptions"), false);
  assert.deepEqual(kept(page), { off: true });
});

test("a change is kept while the server is away, joined by later ones, and sent on the next visit", async () => {
  const page = await subscriber();
  page.status = 0;
  assert.equal(await page.lamppost.update({ topics: ["sport"] }), undefined);
  assert.match(page.words, /kept in this browser/);
  assert.equal(await page.lamppost.update({ pause_until: null }), undefined);
  page.status = 200;
  page.posted.length = 0;

  await page.load();
  await until(() => page.posted.length > 0 && !("patch" in kept(page)));

  assert.deepEqual(page.posted[0], { endpoint: NOW, auth: "a", topics: ["sport"], pause_until: null });
  assert.equal("patch" in kept(page), false);
});

test("a change that the server refuses is said and not tried again", async () => {
  const page = await subscriber();
  page.refusals = [{ status: 400, code: "bad_topics" }];

  await assert.rejects(page.lamppost.update({ topics: ["gone"] }), /can’t send|can’t set up/);

  assert.equal("patch" in kept(page), false);
});

test("a chosen language stays when the subscription is sent again", async () => {
  const page = await subscriber();
  await page.lamppost.update({ language: "pt" });
  page.storage.set("lamppost", JSON.stringify({ ...kept(page), at: 0 }));

  await page.load();
  await until(() => page.posted.at(-1).language !== undefined && page.posted.length > 1);

  assert.equal(page.posted.at(-1).language, "pt");
});

test("a test too soon says how long to wait", async () => {
  const page = await subscriber();
  page.refusals = [{ status: 429, code: "rate_limited", headers: { "Retry-After": "42" } }];

  await assert.rejects(page.lamppost.test(), { message: /wait 42 seconds/, retryAfter: 42 });
  assert.equal(await page.lamppost.test(), true);
});

test("erasing deletes on the server first, then here, and leaves no trace but the wish", async () => {
  for (const [call, word] of [["erase", true], ["eraseDevices", "devices"]]) {
    const page = await subscriber({ user: "ana", language: "pt" });

    assert.equal(await page.lamppost[call](), "granted-off");

    assert.deepEqual(page.posted, [{ endpoint: NOW, auth: "a", delete: word }]);
    assert.deepEqual([page.subscription, kept(page)], [null, { off: true }]);
  }
});

test("erasing with the server away deletes nothing and says so", async () => {
  const page = await subscriber();
  page.status = 0;

  await assert.rejects(page.lamppost.erase(), /try again/);

  assert.notEqual(page.subscription, null);
});
