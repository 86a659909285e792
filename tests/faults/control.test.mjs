// The owner's words in the middle of a campaign: pause, resume, cancel, retry. Whatever is said and when, nobody is
// lost and nobody has it twice; after a word that stops, no more goes out than was marked.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { startCommand } from "./command.mjs";
import { size } from "./size.mjs";

const N = size(1500, 20_000);
const WINDOW = 500; // marked by one sender, so that they may be sent when the word comes

let site, campaigns;
before(async () => {
  // Few at once, so that a campaign takes its time; no tick of ./dev up comes in between.
  site = await startSite({ workers: 4, tick: 3600, config: "push_streams = 20\npush_connections = 2\n" });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

const requests = () => site.service.tally().requests;
const accepted = () => site.service.tally().accepted;
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/** A campaign to N people that is being sent: {made, id, sending}, `sending` what its caller will be told. */
async function begin() {
  const made = await campaigns.plant(N);
  site.service.script({ action: "accept", delay: 60 });
  const id = await campaigns.draft();
  const sending = campaigns.ask(id, "send");
  await until("it sends", 10, () => accepted() >= 200);
  return { made, id, sending };
}

/** Says it and sees that it is taken: the campaign, and how many had been asked for when the answer came. */
async function say(id, word, json) {
  const { status, body } = await campaigns.ask(id, word, json);
  assert.equal(status, 200, `${word}: ${JSON.stringify(body)}`);
  return { body, then: requests() };
}

async function assertRefused(id, words, state) {
  for (const word of words) {
    const { status, body } = await campaigns.ask(id, word);
    assert.deepEqual([status, body.error?.code], [409, "bad_state"], `${word} while ${state}: ${JSON.stringify(body)}`);
    assert.match(body.error.message, new RegExp(`\\b${state}\\b`));
  }
}

/** Nothing more goes out, not by a tick either. */
async function assertStill(id, state) {
  const then = requests();
  assert.equal((await campaigns.sendByResume(id)).state, state);
  await pause(1500);
  assert.equal(requests(), then, `${requests() - then} were sent while it is ${state}`);
}

test("paused, it stops within its window and stays so; resumed, it goes on where it was", async () => {
  const { made, id, sending } = await begin();

  const { body, then } = await say(id, "pause");
  const told = await sending;

  assert.equal(body.state, "paused");
  assert.deepEqual([told.status, told.body.state], [200, "paused"]);
  assert.ok(requests() - then <= WINDOW, `${requests() - then} were sent after the pause`);
  assert.ok(accepted() < N, "it was over before the pause");
  assert.deepEqual(told.body.counts, counts({ audience: N, accepted: accepted(), waiting: N - accepted() }));
  assert.equal(await site.number("SELECT COUNT(*) FROM shard WHERE lease_until > 0"), 0, "a shard is still held");
  await assertRefused(id, ["send", "retry"], "paused");
  await assertStill(id, "paused");
  assert.equal((await say(id, "pause")).body.state, "paused");

  const done = await say(id, "resume");

  assert.equal(done.body.state, "finished");
  assert.deepEqual(done.body.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("cancelled, it sends no more than its window and never again; whom it was not sent to is skipped", async () => {
  const { made, id, sending } = await begin();

  const { body, then } = await say(id, "cancel");
  const told = await sending;

  assert.equal(body.state, "cancelled");
  assert.equal(body.counts.waiting, 0);
  assert.deepEqual([told.status, told.body.state], [200, "cancelled"]);
  assert.ok(requests() - then <= WINDOW, `${requests() - then} were sent after the cancelling`);
  assert.ok(accepted() < N, "it was over before the cancelling");
  assert.deepEqual(told.body.counts, counts({ audience: N, accepted: accepted(), skipped: N - accepted() }));
  await assertRefused(id, ["send", "pause", "resume", "retry"], "cancelled");
  await assertStill(id, "cancelled");
  assert.equal((await say(id, "cancel")).body.state, "cancelled");
  assert.deepEqual(campaigns.received(made).twice, []);
});

test("paused and resumed again and again, with a second caller beside it, it ends with everybody once", async () => {
  const { made, id, sending } = await begin();
  const callers = [sending];

  let rounds = 0;
  for (;;) {
    const { status, body } = await campaigns.ask(id, "pause");
    if (status === 409 && /\bfinished\b/.test(body.error.message)) break;
    assert.deepEqual([status, body.state], [200, "paused"], JSON.stringify(body));
    rounds += 1;
    callers.push(campaigns.ask(id, "resume"), campaigns.ask(id, "resume"));
    const then = accepted();
    await until("it goes on", 10, () => accepted() >= Math.min(then + 50, N));
  }
  assert.ok(rounds >= 2, `it was paused ${rounds} times only`);
  // Who was sent away by a pause may find it resumed already.
  for (const { status, body } of await Promise.all(callers)) assert.ok(status === 200 || status === 202, `a caller was told ${status} ${JSON.stringify(body)}`);
  const campaign = await campaigns.finished(id, 20);

  assert.deepEqual(campaign.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("who watches the lines is told of a pause by the last one", async () => {
  await campaigns.plant(N);
  site.service.script({ action: "accept", delay: 60 });
  const id = await campaigns.draft();
  const answer = await site.admin(`/api/admin/campaigns/${id}/send`, { json: {}, headers: { Accept: "application/x-ndjson" } });
  await until("it sends", 10, () => accepted() >= 200);

  await say(id, "pause");
  const lines = (await answer.text()).trim().split("\n").map((line) => JSON.parse(line));

  assert.equal(lines.at(-1).id, id);
  assert.equal(lines.at(-1).state, "paused");
  assert.deepEqual(lines.at(-1).counts, counts({ audience: N, accepted: accepted(), waiting: N - accepted() }));
});

test("a cancelling ends `lamppost send` too, which says so", async () => {
  await campaigns.plant(N);
  site.service.script({ action: "accept", delay: 60 });
  const id = await campaigns.draft();
  const command = await startCommand(site, ["send", "--campaign", String(id)]);
  await until("it sends", 10, () => accepted() >= 200);

  const { then } = await say(id, "cancel");
  const { code } = await command.ended;

  assert.equal(code, 1, command.out);
  assert.match(command.out, new RegExp(`^campaign ${id} cancelled: ${N} in the audience, ${accepted()} accepted`));
  assert.ok(requests() - then <= WINDOW, `${requests() - then} were sent after the cancelling`);
});

test("what has failed is tried again alone, also when that is paused in the middle", async () => {
  const made = await campaigns.plant(N);
  const failing = made.filter((_, at) => at % 3 === 0);
  site.service.script({ status: 413, times: 1 }, { endpoints: failing });
  const first = await campaigns.send();
  assert.deepEqual([first.state, first.counts], ["finished", counts({ audience: N, accepted: N - failing.length, failed: failing.length })]);
  site.service.script({ action: "accept", delay: 60 });
  const earlier = accepted();

  const retrying = campaigns.ask(first.id, "retry");
  await until("it sends", 10, () => accepted() >= earlier + 50);
  await assertRefused(first.id, ["retry"], "sending");
  await say(first.id, "pause");
  assert.equal((await retrying).body.state, "paused");
  const { body } = await say(first.id, "resume");

  assert.deepEqual([body.state, body.counts], ["finished", counts({ audience: N, accepted: N })]);
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  assert.equal(requests(), N + failing.length);
});

test("what is unsure is tried again at the owner's word only, and nobody else is", async () => {
  const made = await campaigns.plant(300);
  const [arrived, lost] = [[made[40], made[200]], [made[120], made[280]]]; // what has become of them, nobody can know
  const fault = { action: "rst", code: "INTERNAL_ERROR", times: 1 };
  site.service.script({ ...fault, accept: true }, { endpoints: arrived });
  site.service.script(fault, { endpoints: lost });
  const { id, ...first } = await campaigns.send({ title: "Once", ttl: 0 });
  assert.deepEqual([first.state, first.counts], ["finished", counts({ audience: 300, accepted: 296, unsure: 4 })]);

  for (const json of [{}, { unsure: false }]) {
    const { body } = await say(id, "retry", json);
    assert.deepEqual([body.state, body.counts], ["finished", first.counts]);
  }
  assert.equal(requests(), 300);
  const { body } = await say(id, "retry", { unsure: true });

  assert.deepEqual([body.state, body.counts], ["finished", counts({ audience: 300, accepted: 300 })]);
  assert.equal(requests(), 304);
  const { lost: left, twice } = campaigns.received(made);
  assert.deepEqual(left, []);
  assert.deepEqual(new Set(twice), new Set(arrived.map(({ endpoint }) => endpoint)));
});

test("a word that does not fit is refused with 409, one to a campaign that is not there with 404; both change nothing", async () => {
  await campaigns.plant(3);
  const draft = await campaigns.draft();
  await assertRefused(draft, ["pause", "resume", "retry"], "draft");
  assert.equal(await campaigns.state(draft), "draft");
  const { id } = await campaigns.send();
  await assertRefused(id, ["pause", "cancel"], "finished");
  assert.equal((await say(id, "resume")).body.state, "finished"); // somebody else has brought it to its end

  for (const word of ["send", "pause", "resume", "cancel", "retry"]) {
    for (const unknown of [id + 1000, 0, "x"]) {
      const { status, body } = await campaigns.ask(unknown, word);
      assert.deepEqual([status, body.error?.code], [404, "not_found"], `${word} of ${unknown}`);
    }
  }
  assert.equal(requests(), 3);
});
