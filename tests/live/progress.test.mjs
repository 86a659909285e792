// A campaign as it is watched: lines of progress through nginx, a closed tab, a pause.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { Sender, counts } from "./sender.mjs";
import { startSite } from "./site.mjs";

let site, sender;
before(async () => {
  site = await startSite();
  sender = new Sender(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

test("paused in the middle it stops within a second, and goes on where it was when it is resumed", async () => {
  await site.subscribe(1200);
  site.service.script({ action: "accept", delay: 200 });
  let last, pausing;

  for await (const { line } of sender.stream({ title: "Wait" })) {
    last = line;
    pausing ??= until("it is under way", 10, () => site.service.tally().accepted > 100).then(() => sender.say(line.id, "pause"));
  }

  assert.equal((await pausing).state, "paused");
  assert.equal(last.state, "paused");
  const { accepted, waiting } = last.counts;
  assert.ok(waiting > 0, "it was sent to the end");
  assert.deepEqual(last.counts, counts({ audience: 1200, accepted, waiting }));
  assert.equal((await sender.goOn(last.id)).state, "paused");
  assert.equal(site.service.tally().accepted, accepted);
  site.service.clearScript();
  assert.deepEqual((await sender.say(last.id, "resume")).counts, counts({ audience: 1200, accepted: 1200 }));
  assert.deepEqual(site.service.twice(), []);
});

test("the first line of progress comes through nginx before a slow push service has answered", async () => {
  await site.subscribe(3);
  site.service.script({ action: "accept", delay: 1500 });
  const lines = [];

  for await (const each of sender.stream({ title: "Slow" })) lines.push(each);

  const [first] = lines, last = lines.at(-1);
  assert.ok(first.at < 700, `the first line took ${Math.round(first.at)} ms`);
  assert.ok(last.at >= 1500);
  assert.equal(first.line.state, "preparing");
  assert.equal(last.line.state, "finished");
  assert.deepEqual(last.line.counts, counts({ audience: 3, accepted: 3 }));
});

test("a line of progress comes at least every 5 s", async () => {
  await site.subscribe(1);
  site.service.script({ action: "accept", delay: 7000 });
  const times = [];

  for await (const { at } of sender.stream({ title: "Very slow" })) times.push(at);

  assert.ok(times.length >= 3, `${times.length} lines`);
  times.reduce((earlier, at) => {
    assert.ok(at - earlier < 6500, `nothing was heard for ${Math.round(at - earlier)} ms`);
    return at;
  }, 0);
});

test("a client that leaves in the middle of the stream does not stop the sending", async () => {
  await site.subscribe(700);
  site.service.script({ action: "accept", delay: 300 });
  const leaving = new AbortController();

  await assert.rejects(async () => {
    for await (const { line } of sender.stream({ title: "Closed tab" }, { signal: leaving.signal })) {
      assert.match(line.state, /^(preparing|sending)$/);
      leaving.abort();
    }
  }, { name: "AbortError" });

  await until("everybody is accepted", 15, () => site.service.tally().accepted === 700);
  await until("the campaign is finished", 5, async () => (await site.sql("SELECT state FROM campaign ORDER BY id DESC LIMIT 1"))[0][0] === "finished");
  assert.deepEqual(site.service.twice(), []);
});
