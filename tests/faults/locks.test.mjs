// F05 of the failure matrix: a database that is slow to give what others hold. Who waits for a page is told within 3 s,
// what is held for a moment is waited for, and nothing that was acknowledged or marked is lost.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { HeldLock } from "./held_lock.mjs";
import { size } from "./size.mjs";

const WORKERS = 8;
const POSTERS = 32, ENDPOINTS = 100;
const POSTS = size(100, 1000); // of each
const HOLD = size(4000, 60_000); // ms
const LONG_HOLD = size(13_000, 60_000); // longer than a statement is waited for, and than a push may take
const N = 1500;
const WINDOW = 500; // marked in one shard, so that they may be sent without the database
const PATIENCE = 3000; // ms; what a visitor waits at most
const BACK_WITHIN = 5; // s

let site, campaigns;
before(async () => {
  // Few at once, so that a campaign takes its time; many that write at once.
  site = await startSite({ workers: WORKERS, tick: 3600, config: "push_streams = 20\npush_connections = 2\n" });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const pause = (ms) => new Promise((go) => setTimeout(go, ms));
const subscribe = (json) => site.public("/api/push-subscriptions", { json });
const accepted = () => site.service.tally().accepted;

/** The same list in another order. */
function shuffled(list) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

test(`${POSTERS} who refresh the same ${ENDPOINTS} endpoints at once, in any order: all are there, and nobody is told of it`, async () => {
  const made = site.service.createSubscriptions(ENDPOINTS, { vapidKey: await site.vapidKey() });
  const keys = new Map(made.map(({ endpoint }) => [endpoint, []])); // that were acknowledged
  const answers = {};
  const postOn = async () => {
    // Each has keys of its own, as a browser has that subscribes anew.
    const own = site.service.createSubscriptions(1, { vapidKey: await site.vapidKey() })[0].keys;
    for (let left = POSTS; left > 0; left -= ENDPOINTS) {
      for (const { endpoint } of shuffled(made).slice(0, left)) {
        const { status } = await subscribe({ endpoint, keys: own });
        answers[status] = (answers[status] ?? 0) + 1;
        if (status < 300) keys.get(endpoint).push(own.auth);
      }
    }
  };

  await Promise.all(Array.from({ length: POSTERS }, postOn));

  const { 200: known, 201: fresh, 503: busy = 0, ...others } = answers;
  assert.deepEqual(others, {});
  assert.equal(fresh, ENDPOINTS);
  assert.equal(known + fresh + busy, POSTERS * POSTS);
  assert.ok(busy <= POSTERS * POSTS / 100, `${busy} were told to come again`);
  const rows = await site.sql("SELECT endpoint, HEX(auth) FROM subscription");
  assert.equal(rows.length, ENDPOINTS);
  for (const [endpoint, auth] of rows) {
    assert.ok(keys.get(endpoint).includes(Buffer.from(auth, "hex").toString("base64url")), "a row has keys that nobody was told are stored");
  }
});

/** Answered 503 with Retry-After within 3 s. */
async function assertUnavailable(what, ask) {
  const asked = performance.now();
  const answer = await ask();
  const body = await answer.text();
  const took = performance.now() - asked;
  assert.equal(answer.status, 503, `${what}: ${body}`);
  assert.equal(JSON.parse(body).error.code, "unavailable", what);
  assert.match(answer.headers.get("retry-after"), /^[1-9][0-9]*$/, what);
  assert.ok(took <= PATIENCE, `${what} took ${Math.round(took)} ms`);
}

test("while all subscriptions are locked whoever comes is told so within 3 s, the pages stay, and it works at once after", async () => {
  const made = site.service.createSubscriptions(200, { vapidKey: await site.vapidKey() });
  const lock = await HeldLock.take(site, "LOCK TABLES subscription WRITE");
  const end = performance.now() + HOLD;
  try {
    while (performance.now() < end) {
      // No more than there are workers: each is held up by its own.
      await Promise.all([
        ...Array.from({ length: WORKERS - 2 }, () => assertUnavailable("subscribing", () => subscribe(made.at(-1)))),
        assertUnavailable("unsubscribing", () => site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: made[0].endpoint } })),
        (async () => assert.equal((await site.public("/")).status, 200))(),
        (async () => assert.equal((await site.public("/api/config")).status, 200))(),
      ]);
    }
  } finally {
    await lock.release();
  }

  const released = performance.now();
  for (const one of made) assert.equal((await subscribe(one)).status, 201);
  assert.ok(performance.now() - released < BACK_WITHIN * 1000);
});

test("while one row is locked only its owner is told to come again", async () => {
  const [held, ...others] = await site.subscribe(WORKERS);
  const lock = await HeldLock.take(site, `START TRANSACTION; SELECT id FROM subscription WHERE id = ${held.id} FOR UPDATE`);
  try {
    const [, ...statuses] = await Promise.all([
      assertUnavailable("refreshing it", () => subscribe(held)),
      ...others.map(async (one) => (await subscribe(one)).status),
    ]);
    assert.deepEqual(statuses, others.map(() => 200));
  } finally {
    await lock.release();
  }
  assert.equal((await subscribe(held)).status, 200);
});

test("a row that is locked for a second is waited for", async () => {
  const [held] = await site.subscribe(1);
  const lock = await HeldLock.take(site, `START TRANSACTION; SELECT id FROM subscription WHERE id = ${held.id} FOR UPDATE`);
  const answer = subscribe(held);
  await pause(1000);
  await lock.release();

  assert.equal((await answer).status, 200);
});

for (const [what, statements, hold] of [
  ["the table of the shards", "LOCK TABLES shard WRITE", HOLD],
  ["the row of the shard", "START TRANSACTION; SELECT number FROM shard FOR UPDATE", LONG_HOLD],
  ["the table of the subscriptions", "LOCK TABLES subscription WRITE", HOLD],
]) {
  test(`${what} is locked in mid-campaign: no more than what was marked is sent, nobody twice, and it goes on by itself`, async () => {
    const made = await campaigns.plant(N);
    site.service.script({ action: "accept", delay: 60 });
    const id = await campaigns.draft();
    const sending = campaigns.ask(id, "send");
    await until("it sends", 10, () => accepted() >= 200);

    const lock = await HeldLock.take(site, statements);
    const then = accepted();
    try {
      await pause(hold);
    } finally {
      await lock.release();
    }
    const without = accepted() - then;
    assert.ok(without <= WINDOW, `${without} were sent without a record`);
    assert.ok(accepted() < N, "it was over before the lock");
    const back = accepted();
    await until("it goes on", BACK_WITHIN, () => accepted() > back);
    const { status, body } = await sending;

    assert.equal(status, size(200, 202), JSON.stringify(body));
    const campaign = await campaigns.finished((await campaigns.ask(id, "send")).body.id, 30);
    assert.deepEqual(campaign.counts, counts({ audience: N, accepted: N }));
    assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  });
}
