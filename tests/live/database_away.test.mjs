// The database hangs, or is killed: callers are told within 3 s, the pages stay, and it all comes back by itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { DatabaseProcess } from "./database_process.mjs";
import { startSite } from "./site.mjs";

const PATIENCE = 3000; // ms; what a visitor waits at most
const BACK_WITHIN = 5; // s

let site, database;
before(async () => {
  site = await startSite();
  database = new DatabaseProcess(site);
});
after(async () => {
  await database?.release();
  await site?.stop();
});

const newSubscription = () => site.service.createSubscriptions(1)[0];
const subscribe = (json) => site.public("/api/push-subscriptions", { json });
const calls = {
  "GET /api/config": () => site.public("/api/config"),
  "GET /api/health": () => site.public("/api/health"),
  "POST /api/push-subscriptions": () => subscribe(newSubscription()),
  "DELETE /api/push-subscriptions": () => site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: "https://localhost/x" } }),
  "POST /api/admin/campaigns": () => site.admin("/api/admin/campaigns", { json: { title: "x", send: true, force: true } }),
  "GET /api/admin/campaigns": () => site.admin("/api/admin/campaigns"),
  "GET /api/admin/campaigns/1": () => site.admin("/api/admin/campaigns/1"),
  "POST /api/admin/campaigns/1/send": () => site.admin("/api/admin/campaigns/1/send", { json: {} }),
  "POST /admin-api/trigger-push-notifications": () => site.admin("/admin-api/trigger-push-notifications", { json: { title: "x", body: "y" } }),
};

async function assertUnavailable(what, ask) {
  const asked = performance.now();
  const answer = await ask();
  const body = await answer.text();
  const took = performance.now() - asked;

  assert.equal(answer.status, 503, `${what}: ${body}`);
  assert.equal(JSON.parse(body).error.code, "unavailable", what);
  assert.match(answer.headers.get("retry-after"), /^[1-9][0-9]*$/, what);
  assert.ok(took < PATIENCE, `${what} took ${Math.round(took)} ms`);
}

async function assertPagesWork() {
  for (const path of ["/", "/push/lamppost.js", "/push/sw.js"]) assert.equal((await site.public(path)).status, 200, path);
  assert.equal((await site.admin("/admin/")).status, 200);
}

async function assertBack() {
  await until("subscribing works again", BACK_WITHIN, async () => (await subscribe(newSubscription())).status === 201);
  await until("sending works again", BACK_WITHIN, async () => (await calls["POST /api/admin/campaigns"]()).status === 200);
  await until("every worker is well", BACK_WITHIN, async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.public("/api/health")));
    return answers.every(({ status }) => status === 200);
  });
}

for (const [what, ask] of Object.entries(calls)) {
  test(`${what} is answered 503 within 3 s while the database hangs, and works again after it`, async () => {
    await assertBack(); // so that connections stand
    await database.pause();
    try {
      // One for each worker: the first finds its connection dead, the next cannot make a new one.
      await Promise.all([assertUnavailable(what, ask), assertUnavailable(what, ask)]);
      await assertUnavailable(`${what}, once more`, ask);
      await assertPagesWork();
    } finally {
      database.goOn();
    }
    await assertBack();
  });
}

test("50 calls a second while the database is down: all told at once, no other 5xx, back by itself", async () => {
  await assertBack();
  await database.kill();
  const asked = [];
  for (let i = 0; i < 150; i += 1) {
    const each = Object.entries(calls)[i % 4];
    asked.push(assertUnavailable(...each));
    await new Promise((go) => setTimeout(go, 20));
  }
  await Promise.all(asked);
  await assertUnavailable("sending", calls["POST /api/admin/campaigns"]);
  await assertPagesWork();

  await database.start();
  await assertBack();
});

test("what was acknowledged is in the table after the database was killed three times under load", async () => {
  await assertBack();
  const acknowledged = [], refused = {};
  let isOver = false;
  const postOn = async () => {
    while (!isOver) {
      const subscription = newSubscription();
      const { status } = await subscribe(subscription);
      if (status === 201 || status === 200) acknowledged.push(subscription.endpoint);
      else refused[status] = (refused[status] ?? 0) + 1;
    }
  };
  const posting = Array.from({ length: 8 }, postOn);

  for (let kill = 0; kill < 3; kill += 1) {
    const wanted = acknowledged.length + 100;
    await until("posts are acknowledged", 20, () => acknowledged.length >= wanted);
    await database.kill();
    await database.start();
  }
  await assertBack();
  isOver = true;
  await Promise.all(posting);

  const stored = new Set((await site.sql("SELECT endpoint FROM subscription")).map(([endpoint]) => endpoint));
  const lost = acknowledged.filter((endpoint) => !stored.has(endpoint));
  assert.ok(acknowledged.length >= 300);
  assert.deepEqual(lost, []);
  assert.deepEqual(Object.keys(refused), ["503"], "the kills were not seen, or were answered otherwise");
});
