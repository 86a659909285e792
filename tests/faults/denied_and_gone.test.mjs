// F30 of the failure matrix: a push service that refuses our key, or calls everybody gone, is not believed at the
// cost of the subscriptions.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";

const STREAMS = 100; // what may be in flight
const IN_A_ROW = 5; // refusals before it rests

let site, campaigns, near, far;
before(async () => {
  site = await startSite({ hosts: 2, workers: 4, streams: STREAMS, config: `push_streams = ${STREAMS}\npush_connections = 1\n` });
  campaigns = new Campaigns(site);
  [near, far] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const subscriptions = () => site.sql("SELECT id, endpoint, HEX(p256dh), HEX(auth), key_id, seen_at, gone_at FROM subscription ORDER BY id");
const goneAt = (host) => site.number(`SELECT COUNT(*) FROM subscription WHERE gone_at IS NOT NULL AND endpoint LIKE '${host.origin}/%'`);
const serviceOf = (campaign, host) => campaign.services.find(({ service }) => service === host.origin.slice("https://".length));

const REFUSALS = [
  { what: "403 to all", rule: { status: 403, body: '{"code":403,"errno":109,"message":"Invalid VAPID key"}' }, words: "403 Invalid VAPID key" },
  { what: "401 to all", rule: { status: 401, body: "unauthorized" }, words: "401 unauthorized" },
  { what: "Apple's 400 VapidPkHashMismatch to all", rule: { status: 400, body: '{"reason":"VapidPkHashMismatch"}' }, words: "400 VapidPkHashMismatch" },
];
for (const { what, rule, words } of REFUSALS) {
  test(`${what}: no subscription changes, that service rests and is quoted, and goes on when it is mended`, async () => {
    const made = [...await campaigns.plant(800, { host: near.origin }), ...await campaigns.plant(200, { host: far.origin })];
    const earlier = await subscriptions();
    site.service.script(rule, { host: near.origin });

    const held = await campaigns.sendByResume(await campaigns.draft());

    assert.equal(held.state, "sending");
    assert.deepEqual(held.counts, counts({ audience: 1000, accepted: 200, waiting: 800 }));
    assert.deepEqual(await subscriptions(), earlier);
    const { resting_because: because, resting_until: until, reasons } = serviceOf(held, near);
    assert.equal(because, words);
    assert.ok(until > Date.now() / 1000 + 30, `it rests until ${until} only`);
    assert.deepEqual(Object.keys(reasons), [words]);
    assert.equal(serviceOf(held, far).resting_because, undefined);
    assert.ok(near.tally.requests <= STREAMS + IN_A_ROW, `${near.tally.requests} requests`);

    site.service.clearScript();
    await campaigns.letPass(120);
    const mended = await campaigns.sendToTheEnd(held.id, 4);

    assert.deepEqual(mended.counts, counts({ audience: 1000, accepted: 1000 }));
    assert.equal(serviceOf(mended, near).resting_because, undefined);
    assert.deepEqual(await subscriptions(), earlier);
    assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  });
}

test("it rests for every campaign, and is asked again only with a few and then rests twice as long", async () => {
  await campaigns.plant(300, { host: near.origin });
  await campaigns.plant(50, { host: far.origin });
  site.service.script({ status: 403 }, { host: near.origin });
  const first = await campaigns.sendByResume(await campaigns.draft());
  const restOf = (campaign) => serviceOf(campaign, near).resting_until - Date.now() / 1000;
  const firstRest = restOf(first);
  const asked = near.tally.requests;

  const other = await campaigns.sendByResume(await campaigns.draft({ title: "Another" }));
  assert.deepEqual(other.counts, counts({ audience: 350, accepted: 50, waiting: 300 }));
  assert.equal(near.tally.requests, asked);

  await campaigns.letPass(90);
  const again = await campaigns.sendByResume(first.id);
  assert.equal(again.state, "sending");
  assert.ok(near.tally.requests > asked, "it was not asked again");
  assert.ok(near.tally.requests - asked <= STREAMS + IN_A_ROW, `${near.tally.requests - asked} requests`);
  assert.ok(restOf(again) > 1.5 * firstRest, `it rests for ${restOf(again)} s after ${firstRest} s`);
});

test("404 to all: at most a fifth of that service's subscriptions are believed gone, of the others' each", async () => {
  await campaigns.plant(400, { host: near.origin });
  const others = await campaigns.plant(100, { host: far.origin });
  site.service.script({ status: 404 }, { host: near.origin });
  site.service.script({ status: 410 }, { endpoints: others.slice(0, 7) });

  const campaign = await campaigns.send();

  assert.equal(campaign.state, "finished");
  assert.deepEqual(campaign.counts, counts({ audience: 500, accepted: 93, gone: 407 }));
  const marked = await goneAt(near);
  assert.ok(marked >= 50 && marked <= 80, `${marked} of 400 are marked gone`);
  assert.equal(await goneAt(far), 7);
  assert.match(site.lamppost.logs().admin, /"event":"mass_gone"/);
});

test("the workers together keep that limit", async () => {
  const made = await campaigns.plant(6000, { host: near.origin }); // two shards
  site.service.script({ status: 410 }, { host: near.origin });
  const id = await campaigns.draft();

  await Promise.all([campaigns.ask(id, "send"), campaigns.ask(id, "send")]);

  const campaign = await campaigns.finished(id, 30);
  assert.deepEqual(campaign.counts, counts({ audience: made.length, gone: made.length }));
  const marked = await goneAt(near);
  assert.ok(marked >= 50 && marked <= made.length / 5, `${marked} of ${made.length} are marked gone`);
});

test("up to 50 gone ones are believed even when they are all", async () => {
  await site.subscribe(50, { host: near.origin });
  site.service.script({ status: 404 }, { host: near.origin });

  await campaigns.send();

  assert.equal(await goneAt(near), 50);
});

test("who was kept is asked again by the next campaign, and sent to when it was an error", async () => {
  await campaigns.plant(400, { host: near.origin });
  site.service.script({ status: 404 }, { host: near.origin });
  await campaigns.send();
  const kept = 400 - await goneAt(near);
  site.service.clearScript();

  const next = await campaigns.send({ title: "Next" });

  assert.deepEqual(next.counts, counts({ audience: kept, accepted: kept }));
});
