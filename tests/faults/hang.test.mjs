// F10 of the failure matrix: a push service that takes requests and never answers some of them. The others are sent
// to first, and nobody waits for those longer than a request's time-out.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";

const N = 2000;
const HANGING = N / 100;
const PATIENCE = 15_000; // ms, for one that is never answered
const NOISE = 500; // ms; these are times of a machine that does other things too
const ONCE = { title: "Now or never", ttl: 0 }; // so that the first round is the whole

let site, campaigns, near, dead;
before(async () => {
  site = await startSite({ hosts: 2, workers: 2, tick: 3600 });
  campaigns = new Campaigns(site);
  [near, dead] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

/** Sends as `lamppost resume` does: {campaign, most, all}, in ms until `wanted` were accepted and until the end. */
async function measure(wanted, message) {
  const id = await campaigns.draft(message);
  const asked = performance.now();
  const sending = campaigns.sendByResume(id);
  await until(`${wanted} are accepted`, 30, () => site.service.tally().accepted >= wanted);
  const most = performance.now() - asked;
  const campaign = await sending;
  return { campaign, most, all: performance.now() - asked };
}

async function undisturbed(count) {
  site.service.script({ action: "accept", delay: 50 });
  const { all } = await measure(count, ONCE);
  site.service.forget();
  return all;
}

test("1 % of a service's requests hang: the others have theirs as if nothing were, and the run ends with one time-out", async () => {
  const made = await campaigns.plant(N, { host: near.origin });
  const usual = await undisturbed(N);
  const hanging = made.filter((_, at) => at % 100 === 7);
  site.service.script({ action: "hang" }, { endpoints: hanging });

  const { campaign, most, all } = await measure(N - HANGING, ONCE);

  assert.ok(most <= 1.2 * usual + NOISE, `the others had theirs after ${Math.round(most)} ms, undisturbed after ${Math.round(usual)}`);
  assert.ok(all <= usual + PATIENCE, `it took ${Math.round(all)} ms`);
  assert.deepEqual(campaign.counts, counts({ audience: N, accepted: N - HANGING, unsure: HANGING }));
  assert.deepEqual(campaigns.received(made).twice, []);
  // Time-outs that come together in the end say nothing of a service that has answered everybody else since.
  assert.deepEqual(campaign.services.map(({ resting_because: because }) => because), [undefined]);
  site.service.clearScript();
  assert.deepEqual((await campaigns.send()).counts, counts({ audience: N, accepted: N }));
});

test("a service whose connections hang holds up no other, is left alone after a few, and has its own when it wakes", async () => {
  const made = await campaigns.plant(N - HANGING, { host: near.origin });
  const usual = await undisturbed(N - HANGING);
  dead.breakConnections("hang");
  made.push(...await campaigns.plant(HANGING, { host: dead.origin }));

  const { campaign: held, most, all } = await measure(N - HANGING);

  assert.ok(most <= 1.2 * usual + NOISE, `the others had theirs after ${Math.round(most)} ms, undisturbed after ${Math.round(usual)}`);
  assert.ok(all <= usual + 2 * PATIENCE, `it took ${Math.round(all)} ms`); // a second round finds that it rests
  assert.deepEqual([held.state, held.counts], ["sending", counts({ audience: N, accepted: N - HANGING, waiting: HANGING })]);
  assert.ok(dead.statistics.connections > 0, "nobody connected");
  assert.equal(dead.tally.requests, 0);

  dead.breakConnections(null);
  await campaigns.letPass(3600);
  const mended = await campaigns.sendToTheEnd(held.id, 3);

  assert.deepEqual(mended.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});
