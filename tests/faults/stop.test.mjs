// F25 of the failure matrix: a deployment in the middle of a campaign. What is in flight settles, everything else is
// given back at once; nobody is left unsure, nobody gets it twice.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { isAlive, until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { startCommand } from "./command.mjs";
import { size } from "./size.mjs";

const N = 4500;
const STOPS = size(5, 20);
const PATIENCE = 10; // s, the longest that a stop may take

let site, campaigns;
before(async () => {
  // Few at once, so that a campaign takes its time.
  site = await startSite({ workers: 4, config: "push_streams = 20\npush_connections = 2\n" });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const unsure = async (id) => (await campaigns.show(id)).counts.unsure;
const accepted = () => site.service.tally().accepted;

async function allGone(pids) {
  const asked = performance.now();
  await until("the workers have ended", PATIENCE + 5, () => pids.every((pid) => !isAlive(pid)));
  const took = (performance.now() - asked) / 1000;
  assert.ok(took <= PATIENCE, `they took ${took} s`);
}

test("SIGTERM to all workers again and again in mid-campaign: at once resumable, nobody unsure, nobody twice", async () => {
  const audience = STOPS * N / 5;
  const made = await campaigns.plant(audience);
  site.service.script({ action: "accept", delay: 100 });
  const id = await campaigns.draft();
  let body;

  for (let round = 1; round <= STOPS; round += 1) {
    await until("four workers", 10, () => site.workers("admin").length === 4);
    const workers = site.workers("admin");
    const earlier = accepted();
    const sending = campaigns.ask(id, "send");
    await until(`round ${round} sends`, 10, () => accepted() >= earlier + 100);

    for (const pid of workers) process.kill(pid, "SIGTERM");
    await allGone(workers);

    ({ body } = await sending);
    assert.equal(body.state, "sending", "it was over before it was stopped");
    assert.equal(body.counts.unsure, 0);
    assert.equal(body.counts.accepted, accepted());
    assert.equal(await site.number("SELECT COUNT(*) FROM shard WHERE lease_until > 0"), 0, "a lease is left");
  }
  site.service.clearScript();
  body = (await campaigns.ask(id, "send")).body;

  assert.deepEqual(body.counts, counts({ audience, accepted: audience }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("a stream that is told to stop ends with the line \"interrupted\"", async () => {
  await site.subscribe(300);
  site.service.script({ action: "accept", delay: 300 });
  await until("four workers", 10, () => site.workers("admin").length === 4);
  const id = await campaigns.draft();
  const answer = await site.admin(`/api/admin/campaigns/${id}/send`, { json: {}, headers: { Accept: "application/x-ndjson" } });
  await until("messages are out", 5, () => accepted() >= 50);

  for (const pid of site.workers("admin")) process.kill(pid, "SIGTERM");
  const lines = (await answer.text()).trim().split("\n").map((line) => JSON.parse(line));

  assert.equal(lines.at(-1).state, "interrupted");
  assert.equal(lines.at(-1).unsure, 0);
  assert.equal(lines.at(-1).accepted, accepted());
});

test("a push service that hangs does not hold the stop longer than 10 s; only those it hangs on are unsure", async () => {
  const made = await site.subscribe(300);
  site.service.script({ action: "hang", times: 1 }, { endpoints: made.slice(0, 4) });
  await until("four workers", 10, () => site.workers("admin").length === 4);
  const workers = site.workers("admin");
  const id = await campaigns.draft();
  const sending = campaigns.ask(id, "send");
  await until("the others are accepted", 5, () => accepted() === 296);

  for (const pid of workers) process.kill(pid, "SIGTERM");
  await allGone(workers);

  assert.deepEqual((await sending).body.counts, counts({ audience: 300, accepted: 296, unsure: 4 }));
  assert.equal((await campaigns.finished((await campaigns.ask(id, "send")).body.id, 20)).counts.accepted, 300);
});

for (const name of ["resume", "send"]) {
  test(`\`lamppost ${name}\` told to stop gives all back and ends within 10 s`, async () => {
    await campaigns.plant(N);
    site.service.script({ action: "accept", delay: 100 });
    const id = await campaigns.draft();
    await site.sql(`UPDATE campaign SET state = 'preparing' WHERE id = ${id}`);
    const words = name === "send" ? ["send", "--campaign", String(id)] : ["resume"];
    const command = await startCommand(site, words);
    await until("it sends", 10, () => {
      assert.equal(command.child.exitCode, null, command.err);
      return accepted() >= 200;
    });

    command.child.kill("SIGTERM");
    const asked = performance.now();
    const { code, signal } = await command.ended;

    assert.ok(performance.now() - asked <= PATIENCE * 1000);
    // What was begun is not all done: `send` says so, for `resume` the next tick is no failure.
    assert.deepEqual([code, signal], [name === "send" ? 1 : 0, null], command.err);
    assert.match(command.out, new RegExp(`^campaign ${id} sending: ${N} in the audience, ${accepted()} accepted`));
    assert.equal(await unsure(id), 0);
    assert.equal(await site.number("SELECT COUNT(*) FROM shard WHERE lease_until > 0"), 0);
    assert.deepEqual(site.service.twice(), []);
  });
}

test("SIGHUP too ends nothing in the middle", async () => {
  const made = await site.subscribe(300);
  site.service.script({ action: "accept", delay: 200 });
  await until("four workers", 10, () => site.workers("admin").length === 4);
  const sending = campaigns.send();
  await until("messages are out", 5, () => site.service.tally().requests >= 100);

  for (const pid of site.workers("admin")) process.kill(pid, "SIGHUP");

  const { id } = await sending;
  await campaigns.ask(id, "send");
  assert.deepEqual((await campaigns.finished(id, 10)).counts, counts({ audience: 300, accepted: 300 }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});
