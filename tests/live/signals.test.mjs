// Workers that are told to end, or killed: what was acknowledged is stored, what was begun is finished.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { request } from "../dev/raw_http.mjs";
import { isAlive, until } from "../rig/lamppost.mjs";
import { Sender } from "./sender.mjs";
import { startSite } from "./site.mjs";

let site;
before(async () => { site = await startSite({ workers: 3 }); });
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

/** Posts new subscriptions until stop() is called, which gives {acknowledged: endpoints, statuses: {status: how often}}. */
function postOn(parallel) {
  const acknowledged = [], statuses = {};
  let isOver = false;
  const post = async () => {
    while (!isOver) {
      const [subscription] = site.service.createSubscriptions(1);
      // A connection each: nginx may close one that is kept at the very moment when the next request is put on it.
      const { status } = await request(site.lamppost.port, "/api/push-subscriptions",
        { method: "POST", headers: ["Content-Type: application/json"], body: JSON.stringify(subscription) });
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 201) acknowledged.push(subscription.endpoint);
    }
  };
  // An error waits for stop() to be told.
  const posting = Promise.allSettled(Array.from({ length: parallel }, post));
  return {
    acknowledged,
    stop: async () => {
      isOver = true;
      const failure = (await posting).find(({ status }) => status === "rejected");
      if (failure) throw failure.reason;
      return { acknowledged, statuses };
    },
  };
}

async function missing(acknowledged) {
  const stored = new Set((await site.sql("SELECT endpoint FROM subscription")).map(([endpoint]) => endpoint));
  return acknowledged.filter((endpoint) => !stored.has(endpoint));
}

const isIdle = (pool, count) => until(`${count} workers of the ${pool} pool`, 10, () => site.workers(pool).length === count);

test("a worker that is killed is started again, and its parent stays", async () => {
  const parent = site.lamppost.pids.public;
  for (const [round, signal] of ["SIGKILL", "SIGTERM", "SIGABRT"].entries()) {
    await isIdle("public", 3);
    const [victim, ...others] = site.workers("public");

    process.kill(victim, signal);
    await until(`round ${round}: another worker`, 10, () => !site.workers("public").includes(victim) && site.workers("public").length === 3);

    assert.ok(others.every((pid) => site.workers("public").includes(pid)));
    assert.ok(isAlive(parent));
    assert.equal((await site.public("/api/health")).status, 200);
  }
  assert.match(site.lamppost.logs().public, /"event":"worker_ended".*"signal":9/);
});

test("each 201 is in the table while workers are killed under load", async () => {
  const load = postOn(24);
  for (let kill = 0; kill < 15; kill += 1) {
    await new Promise((go) => setTimeout(go, 400));
    // The oldest: where workers die young, their parent takes its time to start others.
    process.kill(site.workers("public")[0], "SIGKILL");
  }
  await isIdle("public", 3);
  const { acknowledged, statuses } = await load.stop();

  assert.ok(acknowledged.length > 200, JSON.stringify(statuses));
  assert.deepEqual(await missing(acknowledged), []);
  // nginx says 503 for a worker that died over a request; nothing else may come of it.
  assert.deepEqual(Object.keys(statuses).filter((status) => status !== "201" && status !== "503"), []);
});

test("workers told to end under load finish what they have begun: no request fails", async () => {
  const load = postOn(24);
  for (let round = 0; round < 12; round += 1) {
    await new Promise((go) => setTimeout(go, 400));
    process.kill(site.workers("public")[0], "SIGTERM");
  }
  await isIdle("public", 3);
  const { acknowledged, statuses } = await load.stop();

  assert.deepEqual(Object.keys(statuses), ["201"]);
  assert.deepEqual(await missing(acknowledged), []);
});

test("a worker told to end in the middle of a send settles what is on its way, says so, and others find it finished", async () => {
  await site.subscribe(50);
  site.service.script({ action: "accept", delay: 1500 });
  await isIdle("admin", 3);
  const sending = site.admin("/api/admin/campaigns", { json: { title: "On its way", send: true } });
  await until("the messages are out", 5, () => site.service.tally().requests === 50);

  for (const pid of site.workers("admin")) process.kill(pid, "SIGTERM");
  const answer = await sending;

  assert.equal(answer.status, 202);
  const { id, state, counts } = await answer.json();
  assert.equal(state, "sending");
  assert.deepEqual([counts.accepted, counts.unsure, counts.waiting], [50, 0, 0]);
  assert.equal((await new Sender(site).goOn(id)).state, "finished");
  assert.equal(site.service.tally().requests, 50);
});

test("nginx may be reloaded again and again: what was acknowledged is stored", async () => {
  const load = postOn(16);
  for (let round = 0; round < 10; round += 1) {
    await new Promise((go) => setTimeout(go, 200));
    process.kill(site.lamppost.pids.nginx, "SIGHUP");
  }
  const { acknowledged, statuses } = await load.stop();

  assert.deepEqual(Object.keys(statuses), ["201"]);
  assert.deepEqual(await missing(acknowledged), []);
});

// Last: the pool's own parent is replaced, and ./dev up, which would end over that, is held meanwhile.
test("a pool that is restarted under load loses nothing that was acknowledged", async () => {
  const { dev, public: parent } = site.lamppost.pids;
  const [program, ...args] = [...site.asService("--pdeathsig", "TERM"), ...readFileSync(`/proc/${parent}/cmdline`, "utf8").split("\0").slice(0, -1)];
  process.kill(dev, "SIGSTOP");
  const started = [];
  try {
    const load = postOn(16);
    let old = parent;
    for (let round = 0; round < 4; round += 1) {
      const wanted = load.acknowledged.length + 50;
      await until("posts are acknowledged", 10, () => load.acknowledged.length >= wanted);
      process.kill(old, "SIGTERM");
      await until("the old pool is gone", 15, () => !isAlive(old));
      const child = spawn(program, args, { stdio: "ignore" });
      started.push(child);
      old = child.pid;
    }
    const wanted = load.acknowledged.length + 50;
    await until("posts are acknowledged", 10, () => load.acknowledged.length >= wanted);
    const { acknowledged, statuses } = await load.stop();

    assert.deepEqual(await missing(acknowledged), []);
    assert.deepEqual(Object.keys(statuses).filter((status) => status !== "201" && status !== "503"), []);
    for (const child of started.slice(0, -1)) assert.equal(child.exitCode, 0, "a pool told to end did not end well");
  } finally {
    for (const child of started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    process.kill(dev, "SIGTERM");
    process.kill(dev, "SIGCONT");
  }
});
