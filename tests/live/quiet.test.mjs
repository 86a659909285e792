// Subscribers who want to be left in peace: paused, or in their quiet hours, by their own clock.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Sender, counts } from "./sender.mjs";
import { startSite } from "./site.mjs";

const ZONE = "Asia/Kathmandu"; // a quarter of an hour beside all others
const DAY = 24 * 60;

let site, sender;
before(async () => {
  site = await startSite({ tick: 3600 });
  sender = new Sender(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

async function subscribe() {
  const [subscription] = site.service.createSubscriptions(1, { vapidKey: await site.vapidKey() });
  const answer = await site.public("/api/push-subscriptions", { json: { subscription, timezone: ZONE } });
  assert.equal(answer.status, 201);
  return subscription;
}
async function change({ endpoint, keys: { auth } }, more) {
  const answer = await site.public("/api/push-subscriptions", { method: "PATCH", json: { endpoint, auth, ...more } });
  assert.equal(answer.status, 200, await answer.text());
}
/** The clock on the wall there, so many minutes from now: "07:45". */
const there = (minutes) => new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).format(Date.now() + minutes * 60_000);
const messagesTo = (subscription) => site.service.received(subscription).length;

test("in quiet hours a message waits until they end, an urgent one does not", async () => {
  const [quiet, loud, other] = [await subscribe(), await subscribe(), await subscribe()];
  await change(quiet, { quiet_hours: { from: there(-60), to: there(60) } });
  await change(loud, { quiet_hours: { from: there(60), to: there(DAY - 60) } });

  const campaign = await sender.send({ title: "Not so important" });

  assert.equal(campaign.state, "sending");
  assert.deepEqual(campaign.counts, counts({ audience: 3, accepted: 2, waiting: 1 }));
  assert.deepEqual([quiet, loud, other].map(messagesTo), [0, 1, 1]);
  const nextAt = await site.number("SELECT next_at - UNIX_TIMESTAMP() FROM shard");
  assert.ok(nextAt > 58 * 60 && nextAt <= 60 * 60, `looked at again in ${nextAt} s`);

  assert.deepEqual((await sender.send({ title: "Flood", urgency: "high" })).counts, counts({ audience: 3, accepted: 3 }));
  await change(quiet, { quiet_hours: null });
  await sender.endRests();
  const done = await sender.goOn(campaign.id);

  assert.equal(done.state, "finished");
  assert.deepEqual(done.counts, counts({ audience: 3, accepted: 3 }));
  assert.equal(messagesTo(quiet), 2);
});

test("who has paused is in no audience until the pause is over", async () => {
  const [paused, other] = [await subscribe(), await subscribe()];
  await change(paused, { pause_until: Math.floor(Date.now() / 1000) + 3600 });

  const first = await sender.send({ title: "One" });
  await change(paused, { pause_until: null });
  const second = await sender.send({ title: "Two" });

  assert.deepEqual(first.counts, counts({ audience: 1, accepted: 1 }));
  assert.deepEqual(second.counts, counts({ audience: 2, accepted: 2 }));
  assert.deepEqual([messagesTo(paused), messagesTo(other)], [1, 2]);
});
