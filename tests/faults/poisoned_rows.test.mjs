// F28 of the failure matrix: rows that never went through our doors. They are skipped, marked and counted; all others
// have their message.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";

const N = 2000;
const PER_CENT = N / 100;

let site, campaigns;
before(async () => {
  site = await startSite({ workers: 2, tick: 3600 });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

// How a row can be bad: an assignment of SQL, `n` its number, so that endpoints stay different.
const POISONS = [
  "endpoint = CONCAT('https://127.0.0.1:22/', id)",
  "endpoint = CONCAT('https://169.254.169.254/latest/', id)",
  "endpoint = CONCAT('http://localhost/', id)",
  "endpoint = CONCAT('file:///etc/passwd?', id)",
  "endpoint = CONCAT('javascript:alert(', id, ')')",
  "endpoint = CONCAT('https://fcm.googleapis.com\\\\@127.0.0.1/', id)",
  "endpoint = CONCAT('https://user@fcm.googleapis.com/', id)",
  "endpoint = CONCAT('https://permanently-removed.invalid/fcm/send/', id)",
  "endpoint = CONCAT('https://evil.example/', REPEAT('x', 2000), id)",
  "endpoint = CONCAT(endpoint, '\\r\\nX-Evil: 1')",
  "endpoint = CONCAT(endpoint, CHAR(0))",
  "endpoint = ''",
  "p256dh = REPEAT(CHAR(0), 65)",
  "p256dh = CONCAT(CHAR(4), REPEAT(CHAR(255), 64))",
  "p256dh = CONCAT(CHAR(2), SUBSTRING(p256dh, 2))",
  "p256dh = CONCAT(CHAR(6), SUBSTRING(p256dh, 2))",
  "p256dh = CONCAT(SUBSTRING(p256dh, 1, 64), CHAR((ASCII(SUBSTRING(p256dh, 65)) + 1) % 256))",
  "key_id = key_id + 1",
  "key_id = 0",
  "language = REPEAT('x', 16), endpoint = CONCAT('x', endpoint)",
];

test("1 % poisoned rows of twenty kinds: the other 99 % have it, the bad ones are skipped and counted with a reason", async () => {
  const made = await campaigns.plant(N);
  const ids = (await site.sql("SELECT id FROM subscription ORDER BY id")).map(([id]) => id);
  assert.equal(POISONS.length, PER_CENT);
  const bad = POISONS.map((poison, at) => ({ poison, id: ids[at * 97 + 13] }));
  for (const { poison, id } of bad) await site.sql(`UPDATE subscription SET ${poison} WHERE id = ${id}`);

  const campaign = await campaigns.send();

  assert.equal(campaign.state, "finished");
  assert.deepEqual(campaign.counts, counts({ audience: N, accepted: N - PER_CENT, skipped: PER_CENT }));
  assert.equal(site.service.tally().accepted, N - PER_CENT);
  assert.equal(campaigns.received(made).lost.length, PER_CENT);
  assert.deepEqual(campaigns.received(made).twice, []);
  assert.deepEqual(site.service.refusals(), []);
  const reasons = campaign.services.flatMap((service) => Object.values(service.reasons)).reduce((sum, times) => sum + times, 0);
  assert.equal(reasons, PER_CENT, JSON.stringify(campaign.services));
  assert.equal(await site.number("SELECT COUNT(*) FROM subscription WHERE gone_at IS NOT NULL"), 0);
  assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), N);
  assert.doesNotMatch(site.lamppost.logs().admin, /worker_ended|worker_failed/);
});

test("a report of poisoned rows quotes no endpoint and no key", async () => {
  const [one] = await campaigns.plant(3);
  await site.sql(`UPDATE subscription SET p256dh = REPEAT(CHAR(0), 65) WHERE endpoint = '${one.endpoint}'`);

  const report = JSON.stringify(await campaigns.send());

  const token = one.endpoint.slice(one.endpoint.lastIndexOf("/") + 1);
  for (const secret of [token, one.keys.p256dh, one.keys.auth]) assert.ok(!report.includes(secret), report);
});
