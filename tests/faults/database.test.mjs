// F03, F04 and F06 of the failure matrix: the database goes, or takes no more writes, in the middle of a campaign. What
// cannot be marked is not sent; when it is back, all goes on by itself.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { isAlive, until } from "../rig/lamppost.mjs";
import { DatabaseProcess } from "../live/database_process.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { isLong, size } from "./size.mjs";

const N = size(3000, 20_000);
const KILLS = size(3, 20);
const WINDOW = 500; // marked in one shard, so that they may be sent without the database
const execute = promisify(execFile);

let site, campaigns, database;
before(async () => {
  // Few at once, so that a campaign takes its time; no tick of ./dev up comes in between.
  site = await startSite({ workers: 3, tick: 3600, config: "push_streams = 20\npush_connections = 2\n" });
  campaigns = new Campaigns(site);
  database = new DatabaseProcess(site);
});
after(async () => {
  await database?.release();
  await site?.stop();
});
beforeEach(async () => { await campaigns.clear(); });

const accepted = () => site.service.tally().accepted;
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/** Sends until it is finished, whatever a caller's budget: the last answer. One request is enough for a small one. */
async function sendOn(id) {
  for (;;) {
    const answer = await campaigns.ask(id, "send");
    if (!isLong || answer.body.state === "finished") return answer;
    await pause(200);
  }
}

test("killed in mid-campaign: nothing but what was marked is sent, and it goes on within 5 s after the database is back", async () => {
  const made = await campaigns.plant(N);
  site.service.script({ action: "accept", delay: 60 });
  const id = await campaigns.draft();
  const workers = site.workers("admin");
  const sending = sendOn(id);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const share = kill / (KILLS + 1);
    await until(`${share} is sent`, 60, () => accepted() >= share * N);

    await database.kill();
    const atDeath = accepted();
    await pause(4000);
    const without = accepted() - atDeath;
    assert.ok(without <= WINDOW, `${without} were sent without a database`);
    await pause(500);
    assert.equal(accepted() - atDeath, without, "it went on sending without a database");

    await database.start();
    const back = accepted();
    await until("sending goes on", 5, () => accepted() > back);
  }

  const { status, body } = await sending;

  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  assert.deepEqual(workers.filter((pid) => !isAlive(pid)), [], "workers have died of it");
});

test("while it is away an order is refused with 503 and makes no campaign later", async () => {
  await campaigns.plant(10);
  await database.kill();
  const asked = performance.now();
  const { status, body } = await campaigns.post("/api/admin/campaigns", { title: "Never", send: true }, { "Idempotency-Key": "never" });
  const took = performance.now() - asked;
  await database.start();

  assert.equal(status, 503);
  assert.equal(body.error.code, "unavailable");
  assert.ok(took < 3000, `it took ${took} ms`);
  await pause(1500);
  assert.equal((await site.rows()).campaign, 0);
  assert.equal(site.service.tally().requests, 0);
});

// The servers' user is the database's administrator, whom read_only does not bind; so that right is taken from it.
async function makeBindable() {
  await site.sql("CREATE USER IF NOT EXISTS overseer@localhost IDENTIFIED BY 'overseer'; GRANT ALL ON *.* TO overseer@localhost");
  const [[user]] = await site.sql("SELECT CURRENT_USER()");
  const [name, host] = user.split("@");
  await site.sql(`REVOKE READ_ONLY ADMIN, SUPER ON *.* FROM '${name}'@'${host}'`);
  // Rights are looked up when a connection is made.
  const connections = await site.sql("SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user NOT LIKE 'system%'");
  for (const [id] of connections) await oversee(`KILL IF EXISTS ${id}`).catch(() => oversee(`SELECT 1 FROM information_schema.processlist WHERE id = ${id}`));
}

function oversee(query) {
  return execute("mariadb", ["--no-defaults", `--socket=${join(site.lamppost.sockets, "mariadb.sock")}`, "--user=overseer", "-e", query],
    { env: { ...process.env, MYSQL_PWD: "overseer" } });
}

test("read-only in mid-campaign: at most what was marked is sent, and all goes on when it is lifted", async () => {
  const made = await campaigns.plant(N);
  await makeBindable();
  site.service.script({ action: "accept", delay: 60 });
  const id = await campaigns.draft();
  const sending = sendOn(id);
  await until("some are sent", 20, () => accepted() >= 300);

  await oversee("SET GLOBAL read_only = 1");
  try {
    const then = accepted();
    await pause(4000);
    const without = accepted() - then;
    assert.ok(without <= WINDOW, `${without} were sent without a record`);
    await pause(1000);
    assert.equal(accepted() - then, without, "it went on sending without a record");
    const { status, body } = await campaigns.post("/api/admin/campaigns", { title: "Refused", send: true });
    assert.equal(status, 503, JSON.stringify(body));
  } finally {
    await oversee("SET GLOBAL read_only = 0");
  }

  const { body } = await sending;
  assert.deepEqual(body.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  assert.match(site.lamppost.logs().admin, /"event":"store_away".*read-only/);
});
