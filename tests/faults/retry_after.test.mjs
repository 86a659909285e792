// F08 of the failure matrix: a push service that says "not before" is not asked before, and costs nobody anything.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { size } from "./size.mjs";

const N = size(120, 600); // a push service
const IN_FLIGHT = 40; // to one, so that it says "not before" several times
const ASKED = 3000; // ms, what Retry-After says
const ON_THE_WAY = 300; // ms; what was sent before our 429 was read still arrives

let site, campaigns, near, far;
before(async () => {
  site = await startSite({ hosts: 2, workers: 2, config: `push_streams = ${IN_FLIGHT / 2}\npush_connections = 2\n` });
  campaigns = new Campaigns(site);
  [near, far] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const arrivals = (host) => site.service.received().filter((message) => message.host === host.origin);
/** Waits until it is finished. What waits for a round, and not for the service, need not wait for half a minute: the campaign. */
async function finishedSoon(id) {
  await until(`campaign ${id} is finished`, size(60, 240), async () => {
    await site.sql("UPDATE shard SET next_at = 0 WHERE lease_until = 0 AND next_at > UNIX_TIMESTAMP() + 8");
    await new Promise((go) => setTimeout(go, 500));
    return (await campaigns.state(id)) === "finished";
  });
  return campaigns.show(id);
}
const everyThird = (list) => list.filter((_, at) => at % 10 < 3);

test("429 with Retry-After 3 for 30 %: nothing comes earlier to that service, the other has everything meanwhile, nobody is lost", async () => {
  const made = [...await campaigns.plant(N, { host: near.origin }), ...await campaigns.plant(N, { host: far.origin })];
  site.service.script({ status: 429, headers: { "retry-after": "3" }, times: 1 }, { endpoints: everyThird(made.slice(0, N)) });

  const id = await campaigns.draft();
  const sending = campaigns.ask(id, "send");
  const campaign = await finishedSoon(id);
  await sending;

  assert.deepEqual(campaign.counts, counts({ audience: 2 * N, accepted: 2 * N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  // To those who were told so.
  const toldAt = new Map(), waited = [];
  for (const { endpoint, at, outcome } of arrivals(near)) {
    if (toldAt.has(endpoint)) waited.push(at - toldAt.get(endpoint));
    if (outcome === "429") toldAt.set(endpoint, at);
  }
  assert.equal(toldAt.size, everyThird(made.slice(0, N)).length);
  assert.equal(waited.length, toldAt.size);
  assert.ok(Math.min(...waited) >= ASKED, `one was tried again after ${Math.min(...waited)} ms`);
  // To the service at all.
  const first = arrivals(near).find(({ outcome }) => outcome === "429").at;
  const early = arrivals(near).filter(({ at }) => at > first + ON_THE_WAY && at < first + ASKED);
  assert.deepEqual(early.map(({ at }) => at - first), []);
  // The other service did not wait for it.
  const doneAt = Math.max(...arrivals(far).map(({ at }) => at));
  assert.ok(doneAt < first + ASKED, `the other service had its last message ${doneAt - first} ms after the first 429`);
});

test("the service that throttles everybody again and again is asked once every 3 s and a few more, until it relents", async () => {
  const made = await campaigns.plant(N, { host: near.origin });
  site.service.script({ status: 429, headers: { "retry-after": "3" } }, { host: near.origin });
  const id = await campaigns.draft();
  const sending = campaigns.ask(id, "send");
  await new Promise((go) => setTimeout(go, 7000));
  const asked = arrivals(near).length;
  site.service.clearScript();

  const campaign = await finishedSoon(id);
  await sending;

  assert.ok(asked <= 3 * (IN_FLIGHT + 5), `${asked} requests in 7 s`);
  assert.deepEqual(campaign.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("Retry-After of 503 and of 406, and as a date, hold too", async () => {
  const cases = [[503, near], [406, far]];
  // An HTTP-date has whole seconds: the one after the next is at least 3 s away.
  const date = new Date(Math.ceil(Date.now() / 1000 + 3) * 1000);
  const told = [];
  for (const [status, host] of cases) {
    const made = await campaigns.plant(40, { host: host.origin });
    site.service.script({ status, headers: { "retry-after": date.toUTCString() }, times: 1 }, { endpoints: made.slice(0, 1) });
    told.push(...made);
  }

  const { id } = await campaigns.send();
  await campaigns.finished(id, 30);

  for (const [at, [status]] of cases.entries()) {
    const [first, again] = site.service.received(told[at * 40]);
    assert.equal(first.outcome, String(status));
    assert.ok(again.at >= date.getTime(), `${status}: it was asked again ${date.getTime() - again.at} ms too early`);
  }
  assert.deepEqual(campaigns.received(told), { lost: [], twice: [] });
});
