// F26 of the failure matrix: people come and go while a campaign is sent to them.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns } from "./campaigns.mjs";
import { size } from "./size.mjs";

const N = size(4000, 20_000), GO = N / 10, COME = N / 10;
const WINDOW = 500; // who is marked may have it already

let site, campaigns;
before(async () => {
  site = await startSite({ workers: 3, tick: 3600, config: "push_streams = 50\npush_connections = 2\n" });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const unsubscribe = (endpoint) => site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint } });
const everyNth = (list, n) => list.filter((_, at) => at % n === 0);

test("a tenth leave and as many come in mid-campaign: who stays has it once, who has left before his turn does not", async () => {
  const made = await campaigns.plant(N);
  site.service.script({ action: "accept", delay: 60 });
  const sending = campaigns.send();
  await until("it sends", 20, () => site.service.tally().accepted > 100);

  const leaving = everyNth(made, N / GO);
  const left = new Map(); // endpoint -> when it was acknowledged
  const coming = [];
  const leave = async () => {
    for (let one = leaving.pop(); one; one = leaving.pop()) {
      const answer = await unsubscribe(one.endpoint);
      assert.equal(answer.status, 200);
      left.set(one.endpoint, Date.now());
    }
  };
  const come = async () => { coming.push(...await site.subscribe(COME)); };
  await Promise.all([leave(), leave(), come()]);
  const churned = site.service.tally().accepted;
  site.service.clearScript();
  const campaign = await campaigns.finished((await sending).id, 30);

  assert.ok(churned < N, "the campaign was over before they had left");
  const stayed = made.filter(({ endpoint }) => !left.has(endpoint));
  assert.equal(stayed.length, N - GO);
  assert.deepEqual(campaigns.received(stayed), { lost: [], twice: [] });
  const lateOnes = site.service.received().filter(({ endpoint, at }) => left.has(endpoint) && at > left.get(endpoint));
  assert.ok(lateOnes.length <= WINDOW * GO / N * 2, `${lateOnes.length} got it after they had left`);
  // The audience was fixed when it began.
  assert.equal(campaigns.received(coming).lost.length, COME);
  const { audience, accepted, skipped, ...others } = campaign.counts;
  assert.equal(audience, N);
  assert.equal(accepted, site.service.tally().accepted);
  assert.equal(accepted + skipped, N);
  assert.deepEqual(others, { waiting: 0, gone: 0, failed: 0, expired: 0, unsure: 0 });
});

test("who leaves before the first try does not get it, even though he was in the audience", async () => {
  const made = await campaigns.plant(40);
  site.service.script({ status: 503, headers: { "retry-after": "3600" }, times: 1 }, { host: site.service.origin });
  const id = await campaigns.draft();
  await campaigns.sendByResume(id);
  const tried = site.service.tally().requests;
  const left = made.slice(20);
  for (const { endpoint } of left) assert.equal((await unsubscribe(endpoint)).status, 200);
  site.service.clearScript();
  await campaigns.letPass(7200);

  const campaign = await campaigns.sendToTheEnd(id, 4);

  assert.ok(tried >= 1);
  const late = site.service.received().slice(tried).filter(({ endpoint }) => left.some((one) => one.endpoint === endpoint));
  assert.deepEqual(late, []);
  assert.equal(campaign.counts.audience, 40);
  assert.equal(campaign.counts.accepted, site.service.tally().accepted);
});
