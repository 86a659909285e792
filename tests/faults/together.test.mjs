// F20 and F21 of the failure matrix: many at once, on two campaigns and on one; they share the work.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { startCommand } from "./command.mjs";
import { size } from "./size.mjs";

let site, campaigns;
before(async () => {
  site = await startSite({ workers: 4, tick: 3600 });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

/** What the workers warned of, but for the local push service, which they are told to. */
const complaints = () => site.lamppost.logs().admin.trim().split("\n").map((line) => JSON.parse(line))
  .filter(({ level, event }) => ["warning", "error"].includes(level) && event !== "push_address_excepted");

test("two campaigns to the same people at once: each has both, once, and no statement fails", async () => {
  const N = size(6000, 20_000); // two shards each, or four
  const made = await campaigns.plant(N);
  const ids = [await campaigns.draft({ title: "First" }), await campaigns.draft({ title: "Second" })];

  const answers = await Promise.all([...ids, ...ids].map((id) => campaigns.ask(id, "send")));

  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200]);
  for (const { body } of answers) assert.deepEqual(body.counts, counts({ audience: N, accepted: N }));
  const rows = site.service.counts();
  assert.equal(rows.length, 2 * N);
  assert.deepEqual(rows.filter(({ seen, accepted }) => seen !== 1 || accepted !== 1), []);
  assert.equal(new Set(rows.map(({ id }) => id)).size, 2);
  assert.equal(made.length, N);
  assert.deepEqual(complaints(), []);
});

test("ten `lamppost resume` in the same second while the web sends: all end with 0, nobody has it twice", async () => {
  const N = size(11_000, 20_000); // three shards, or four
  const made = await campaigns.plant(N);
  const id = await campaigns.draft();
  const sending = campaigns.ask(id, "send");
  await until("it sends", 10, () => site.service.tally().accepted > 0);

  const crons = await Promise.all(Array.from({ length: 10 }, () => startCommand(site, ["resume"])));
  const ends = await Promise.all(crons.map(({ ended }) => ended));

  assert.deepEqual(ends, Array(10).fill({ code: 0, signal: null }), crons.map(({ err }) => err).join(""));
  assert.deepEqual((await sending).body.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("ten `lamppost resume` that find a campaign nobody has begun cut it once", async () => {
  const N = size(6000, 20_000);
  const made = await campaigns.plant(N);
  const id = await campaigns.draft();
  await site.sql(`UPDATE campaign SET state = 'preparing' WHERE id = ${id}`);

  const crons = await Promise.all(Array.from({ length: 10 }, () => startCommand(site, ["resume"])));
  const ends = await Promise.all(crons.map(({ ended }) => ended));

  assert.deepEqual(ends, Array(10).fill({ code: 0, signal: null }), crons.map(({ err }) => err).join(""));
  assert.deepEqual((await campaigns.finished(id, 20)).counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  assert.equal(await site.number(`SELECT COUNT(*) FROM shard WHERE campaign_id = ${id}`), N / 5000 > 2 ? 4 : 2);
});
