// F18 of the failure matrix: the same order again and again is one campaign.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";

let site, campaigns;
before(async () => {
  site = await startSite({ workers: 4 });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const MESSAGE = { title: "Once", body: "And only once", send: true };
const order = (message, key) => campaigns.post("/api/admin/campaigns", message, key ? { "Idempotency-Key": key } : {});

test("the same order 50 times at once under one key is one campaign, and all get the same answer", async () => {
  const made = await site.subscribe(200);

  const answers = await Promise.all(Array.from({ length: 50 }, () => order(MESSAGE, "key-1")));

  assert.deepEqual(answers.map(({ status }) => status), Array(50).fill(200));
  for (const { body } of answers) assert.deepEqual(body, answers[0].body);
  assert.deepEqual(answers[0].body.counts, counts({ audience: 200, accepted: 200 }));
  assert.equal((await site.rows()).campaign, 1);
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("the key is still good after the campaign is finished", async () => {
  await site.subscribe(3);
  const first = await order(MESSAGE, "key-2");

  const second = await order(MESSAGE, "key-2");

  assert.deepEqual(second, first);
  assert.equal(site.service.tally().requests, 3);
});

test("another message under the same key is refused with 422 and sends nothing", async () => {
  await site.subscribe(3);
  const first = await order(MESSAGE, "key-3");

  const { status, body } = await order({ ...MESSAGE, title: "Another" }, "key-3");

  assert.equal(status, 422);
  assert.deepEqual(body, { status: "error", error: { code: "key_reused", field: "Idempotency-Key",
    message: `This Idempotency-Key belongs to campaign ${first.body.id}, which has another message` } });
  assert.equal(site.service.tally().requests, 3);
  assert.equal((await site.rows()).campaign, 1);
});

test("a key that is too long or holds a space is refused", async () => {
  for (const key of ["x".repeat(201), "two words", "ü"]) {
    const { status, body } = await order(MESSAGE, key);

    assert.equal(status, 400, key);
    assert.equal(body.error.code, "bad_idempotency_key");
    assert.equal(body.error.field, "Idempotency-Key");
  }
  assert.equal((await site.rows()).campaign, 0);
});

test("without a key the same message within a minute is a duplicate, 50 times at once too", async () => {
  await site.subscribe(20);

  const answers = await Promise.all(Array.from({ length: 50 }, () => order(MESSAGE)));

  const sent = answers.filter(({ status }) => status === 200);
  assert.equal(sent.length, 1);
  for (const { status, body } of answers.filter((each) => each !== sent[0])) {
    assert.equal(status, 409);
    assert.equal(body.error.code, "duplicate");
    assert.match(body.error.message, new RegExp(`as campaign ${sent[0].body.id};`));
  }
  assert.equal(site.service.tally().requests, 20);
});

test("force sends it again all the same, and another message is no duplicate", async () => {
  const made = await site.subscribe(5);
  await order(MESSAGE);

  const forced = await order({ ...MESSAGE, force: true });
  const other = await order({ ...MESSAGE, body: "Other words" });

  assert.deepEqual([forced.status, other.status], [200, 200]);
  assert.equal(site.service.tally().requests, 3 * made.length);
});

test("after a minute the same message is no duplicate any more", async () => {
  await site.subscribe(2);
  const first = await order(MESSAGE);
  assert.equal((await order(MESSAGE)).status, 409);

  await site.sql(`UPDATE campaign SET created_at = created_at - 61, request_key = NULL WHERE id = ${first.body.id}`);

  assert.equal((await order(MESSAGE)).status, 200);
});
