// Push services that refuse, hang, break off and put off: nobody is dropped but who is gone, nobody is lost.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createServer } from "node:net";
import { until } from "../rig/lamppost.mjs";
import { ONCE, Sender, counts } from "./sender.mjs";
import { startSite } from "./site.mjs";

let site, sender, near, far;
before(async () => {
  site = await startSite({ hosts: 2 });
  sender = new Sender(site);
  [near, far] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const goneRows = async () => (await site.sql("SELECT id FROM subscription WHERE gone_at IS NOT NULL ORDER BY id")).map(([id]) => Number(id));

test("404 and 410 end a subscription, which is not sent to again", async () => {
  const made = (await site.subscribe(4)).sort((a, b) => a.id - b.id);
  site.service.script({ status: 404 }, { endpoints: [made[1]] });
  site.service.unsubscribe([made[3].endpoint]);

  const first = await sender.send();
  const second = await sender.send();

  assert.deepEqual(first.counts, counts({ audience: 4, accepted: 2, gone: 2 }));
  assert.deepEqual(await goneRows(), [made[1].id, made[3].id]);
  assert.deepEqual(second.counts, counts({ audience: 2, accepted: 2 }));
});

test("a subscription that was gone and subscribes anew is sent to again", async () => {
  const [made] = await site.subscribe(1);
  site.service.script({ status: 410, times: 1 }, { endpoints: [made] });
  await sender.send();

  const again = await site.public("/api/push-subscriptions", { json: made });

  assert.equal((await again.json()).result.id, made.id);
  assert.deepEqual((await sender.send()).counts, counts({ audience: 1, accepted: 1 }));
});

const rowsInFull = () => site.sql("SELECT id, endpoint, HEX(p256dh), HEX(auth), key_id, seen_at, gone_at FROM subscription ORDER BY id");

test("no other answer touches a subscription, and each is reported by its status", async () => {
  const statuses = [301, 400, 401, 403, 406, 408, 413, 418, 429, 500, 502, 503];
  const made = await site.subscribe(statuses.length + 1);
  statuses.forEach((status, at) => site.service.script({ status, headers: { "retry-after": "3" } }, { endpoints: [made[at]] }));
  const earlier = await rowsInFull();

  const campaign = await sender.send(ONCE);

  assert.deepEqual(await rowsInFull(), earlier);
  assert.deepEqual(campaign.counts, counts({ audience: statuses.length + 1, accepted: 1, failed: statuses.length }));
  assert.deepEqual(campaign.services[0].reasons, Object.fromEntries(statuses.map((status) => [status, 1])));
});

test("an answer that is none touches no subscription either", async () => {
  const faults = [{ action: "reset" }, { action: "rst", code: "INTERNAL_ERROR" }, { action: "rst" }, { action: "garbage" }, { action: "hang" },
    { action: "drip", everyMs: 100 }, { action: "endless" }, { action: "huge-headers" }];
  const made = await site.subscribe(faults.length);
  faults.forEach((fault, at) => site.service.script(fault, { endpoints: [made[at]] }));
  const earlier = await rowsInFull();

  const campaign = await sender.send(ONCE);

  assert.deepEqual(await rowsInFull(), earlier);
  assert.equal(campaign.state, "finished");
  assert.equal(campaign.counts.audience, faults.length);
  assert.equal(campaign.counts.gone, 0);
});

test("a push service that refuses everybody with 403 costs no subscription, nor one that is away; both are made up for", async () => {
  await site.subscribe(100, { host: near.origin });
  await site.subscribe(100, { host: far.origin });
  site.service.script({ status: 403 }, { host: near.origin });
  const id = await sender.order();
  await far.stop();
  let campaign;
  try {
    campaign = await sender.goOn(id);
  } finally {
    await far.start();
  }

  assert.equal(campaign.state, "sending");
  assert.deepEqual(campaign.counts, counts({ audience: 200, waiting: 200 }));
  assert.deepEqual(await goneRows(), []);
  site.service.clearScript();
  site.service.forget();
  await sender.endRests();
  assert.deepEqual((await sender.goOn(id)).counts, counts({ audience: 200, accepted: 200 }));
  assert.deepEqual(site.service.twice(), []);
});

test("one that hangs is waited for at most 15 s; the others have theirs long before", async () => {
  const made = await site.subscribe(40);
  site.service.script({ action: "hang" }, { endpoints: [made[7]] });
  const asked = performance.now();

  const sending = sender.send(ONCE);
  await until("the others are accepted", 3, () => site.service.tally().accepted === 39);
  const campaign = await sending;

  assert.deepEqual(campaign.counts, counts({ audience: 40, accepted: 39, unsure: 1 }));
  assert.ok(performance.now() - asked < 15_000);
});

test("a redirect is not followed", async () => {
  const made = await site.subscribe(5);
  let hits = 0;
  const trap = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  await new Promise((go) => trap.listen(0, "127.0.0.1", go));
  const locations = [`https://127.0.0.1:${trap.address().port}/`, `http://127.0.0.1:${trap.address().port}/`, "file:///etc/passwd", `${far.origin}/wpush/v2/x`, "/elsewhere"];
  [301, 302, 303, 307, 308].forEach((status, at) => site.service.script({ action: "redirect", status, location: locations[at] }, { endpoints: [made[at]] }));

  const campaign = await sender.send();
  await new Promise((go) => trap.close(go));

  assert.deepEqual(campaign.counts, counts({ audience: 5, failed: 5 }));
  assert.equal(hits, 0);
  assert.equal(far.tally.requests, 0);
  assert.equal(site.service.tally().requests, 5);
});

test("a connection that is told to go away loses nobody and sends nobody twice", async () => {
  await site.subscribe(300);
  site.service.script({ action: "goaway", after: 20 });
  const id = await sender.order();

  const begun = await sender.goOn(id);

  assert.equal(begun.counts.accepted, site.service.tally().accepted);
  assert.ok(begun.counts.accepted >= 20, `${begun.counts.accepted} accepted`);
  site.service.clearScript();
  await sender.endRests();
  const { state, counts: { accepted, unsure } } = await sender.goOn(id);
  assert.deepEqual({ state, accepted, unsure }, { state: "finished", accepted: 300, unsure: 0 });
  assert.deepEqual(site.service.twice(), []);
});

test("whom a push service puts off is tried again within the same request", async () => {
  const made = await site.subscribe(20);
  site.service.script({ status: 503, times: 1 }, { endpoints: [made[3]] });
  const asked = performance.now();

  const answer = await sender.ask();

  assert.equal(answer.status, 200);
  assert.deepEqual((await answer.json()).counts, counts({ audience: 20, accepted: 20 }));
  assert.ok(performance.now() - asked < 15_000);
  assert.equal(site.service.tally().requests, 21);
  assert.deepEqual(site.service.twice(), []);
});

test("whom a push service puts off for long is left to others: 202, and the next tick sends it", async () => {
  const made = await site.subscribe(20);
  site.service.script({ status: 429, times: 1, headers: { "retry-after": "600" } }, { endpoints: [made[3]] });
  const asked = performance.now();

  const answer = await sender.ask();

  assert.equal(answer.status, 202);
  assert.ok(performance.now() - asked < 15_000);
  const campaign = await answer.json();
  assert.equal(campaign.state, "sending");
  assert.deepEqual(campaign.counts, counts({ audience: 20, accepted: 19, waiting: 1 }));
  const [{ reasons, resting_until: end }] = campaign.services;
  assert.deepEqual(reasons, { 429: 1 });
  assert.ok(Math.abs(end - Date.now() / 1000 - 600) < 15, `it rests until ${end}`);
  await sender.endRests();
  const done = await sender.goOn(campaign.id);
  assert.equal(done.state, "finished");
  assert.deepEqual(done.counts, counts({ audience: 20, accepted: 20 }));
});

test("what has failed is tried again when the owner says so, and nobody else", async () => {
  const made = await site.subscribe(20);
  site.service.script({ status: 400, body: "no" }, { endpoints: [made[3]] });
  const { id, counts: first } = await sender.send();
  assert.deepEqual(first, counts({ audience: 20, accepted: 19, failed: 1 }));
  site.service.clearScript();

  const again = await site.admin(`/api/admin/campaigns/${id}/retry`, { json: {} });

  assert.equal(again.status, 200);
  assert.deepEqual((await again.json()).counts, counts({ audience: 20, accepted: 20 }));
  assert.equal(site.service.tally().requests, 21);
});
