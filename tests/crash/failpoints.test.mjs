// F02 of the failure matrix: a sender dies at exactly one instant. `lamppost resume` goes on by itself, nobody is lost, and
// only who was sent to without a record gets it again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Aftermath } from "./aftermath.mjs";
import { FailingLamppost } from "./failing.mjs";

const N = 10;
const SHARD = 4; // so that N are three shards
const rising = (to) => Array.from({ length: to }, (_, i) => i + 1);

let site, failing, made, campaign;
before(async () => {
  // One request at a time. No tick of ./dev up comes in between.
  site = await startSite({ workers: 1, tick: 3600, config: "push_streams = 1\npush_connections = 1\n" });
  failing = new FailingLamppost(site, { shardSize: SHARD });
  made = await site.subscribe(N);
  campaign = new Aftermath(site, failing, made);
});
after(async () => {
  failing?.remove();
  await site?.stop();
});

const audience = () => site.sql(`SELECT COUNT(*), (SELECT COUNT(*) FROM shard) FROM shard_audience`).then(([row]) => row.map(Number));

// Each is tried at every one of its calls, until all has been sent once.
const UNSENT = {
  "shards.claim.before": 3, "shards.claim.after": 1, "campaigns.read.after": 1, "shards.advance.before": 1, "shards.advance.after": 1,
  "subscriptions.read.before": 1, "subscriptions.read.after": 1, "push.request": 1,
};
for (const [name, times] of Object.entries(UNSENT)) {
  test(`between claim and send, ${name}: nobody gets it twice`, async () => {
    for (const nth of rising(times)) {
      await campaign.order();
      await campaign.crash(`${name}:${nth}`);

      assert.equal(await campaign.finish(), 0, `the ${nth}th time`);
    }
  });
}

for (const how of ["exit", "abort"]) {
  test(`between send and record, ${how} at each reply: those of its shard come again that were sent, nobody else`, async () => {
    for (const nth of rising(N)) {
      await campaign.order();
      await campaign.crash(`push.reply.before:${nth}`, how);

      const again = await campaign.finish();
      assert.ok(again >= 1 && again <= Math.min(nth, SHARD), `reply ${nth}: ${again} came again`);
    }
  });
}

test("before or after any record: what is recorded does not come again, of the rest at most a shard does", async () => {
  for (let nth = 1, reached = true; reached; nth += 1) {
    for (const name of ["shards.advance.before", "shards.advance.after"]) {
      await campaign.order();
      const command = await failing.start("resume", `${name}:${nth}:exit`);
      reached = (await command.ended).code === 99;
      if (!reached) {
        assert.ok(nth > 6, `there were only ${nth - 1} records of three shards`);
        break;
      }
      const unrecorded = await campaign.look();
      assert.ok(unrecorded <= SHARD, `${name} ${nth}: ${unrecorded} were sent without a record`);
      assert.equal(await campaign.finish(), unrecorded);
    }
  }
});

test("where each answer is recorded before the next one comes, a death between send and record costs one copy", async () => {
  site.service.script({ action: "accept", delay: 2200 });
  try {
    await campaign.order();
    for (const nth of [1, 2]) {
      const before = await campaign.look();
      await campaign.crash(`push.reply.before:${nth}`);
      assert.equal(await campaign.look() - before, 1);
      await campaign.letPass();
    }
  } finally {
    site.service.clearScript();
  }
  assert.equal(await campaign.finish(), 2);
});

// How many are sent without a record when the second holder dies there.
const TAKE_OVER = {
  "shards.claim.after:1": 0, "shards.advance.before:1": 0, "shards.advance.after:1": 0, "subscriptions.read.after:1": 0, "push.request:1": 0,
  "push.reply.before:1": 1, "push.reply.after:3": 3, "shards.advance.before:2": N, "shards.advance.after:2": 0,
};
test("in take-over: a second holder dies with what the first one has left", async (t) => {
  failing.shardSize = N; // one shard, so that it is the same one
  t.after(() => { failing.shardSize = SHARD; });
  for (const [instant, unrecorded] of Object.entries(TAKE_OVER)) {
    await campaign.order();
    await campaign.crash("push.reply.before:1");
    await campaign.letPass();
    const before = await campaign.look();
    await campaign.crash(instant);

    assert.equal(await campaign.look(), instant === "shards.advance.after:2" ? before : before + unrecorded, instant);
    await campaign.finish();
  }
});

test("a holder that stands still while another takes over records nothing when it goes on", async () => {
  for (const instant of ["shards.advance.before:2", "push.reply.before:2"]) {
    await campaign.order();
    const first = await failing.start("resume", `${instant}:sleep`);
    await until("it stands still", 10, () => readFileSync(`/proc/${first.pid}/stat`, "latin1").replace(/.*\) /s, "").startsWith("T"));
    const unrecorded = await campaign.look();

    const again = await campaign.finish();
    first.child.kill("SIGCONT");
    const { code } = await first.ended;

    assert.equal(again, unrecorded);
    assert.equal(code, 0, first.err);
    assert.equal((await campaign.show()).counts.accepted, N);
  }
});

test("before and after the order is stored: no campaign, or a whole one", async () => {
  await campaign.clear();
  await failing.crash("send", "campaigns.create.before:1");
  assert.equal((await site.rows()).campaign, 0);

  await failing.crash("send", "campaigns.create.after:1");
  assert.deepEqual([(await site.rows()).campaign, ...await audience()], [1, 0, 0]);
  campaign.id = await site.number("SELECT id FROM campaign");
  assert.equal(await campaign.finish(), 0);
});

// Three shards; a fourth look finds nobody left.
const CUT = {
  "campaigns.lease_cut.before": 4, "campaigns.lease_cut.after": 4, "shards.cut_so_far.after": 4, "subscriptions.select.before": 4,
  "subscriptions.select.after": 4, "shards.cut.before": 3, "shards.cut.after": 3, "campaigns.set_state.before": 2, "campaigns.set_state.after": 2,
};
for (const [name, times] of Object.entries(CUT)) {
  test(`during the cut, ${name}: the audience is whole, and nobody is in it twice`, async () => {
    for (const nth of rising(times)) {
      await campaign.order();
      await campaign.crash(`${name}:${nth}`);

      assert.equal(await campaign.finish(), 0, `the ${nth}th time`);
    }
  });
}

test("between the two rows of a shard: the one that goes on adds what is missing", async () => {
  for (const number of [0, 1, 2]) {
    await campaign.order();
    await site.sql(`CREATE TRIGGER no_fates BEFORE INSERT ON shard FOR EACH ROW SET NEW.fates = IF(NEW.number = ${number}, NULL, NEW.fates)`);
    try {
      const command = await failing.start("resume");
      await until("the second row fails", 10, () => command.err.includes("fates"));
      command.child.kill("SIGKILL");
      assert.equal((await command.ended).signal, "SIGKILL");
    } finally {
      await site.sql("DROP TRIGGER no_fates");
    }
    assert.deepEqual(await audience(), [number + 1, number]);
    await campaign.look();

    assert.equal(await campaign.finish(), 0);
  }
});
