// Many hosts: three, each with workers of its own on its own node of a Galera cluster, send one campaign together. Nobody
// has it twice, nobody is lost, and every node tells the same; then hosts fail, one after the other.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { counts } from "../faults/campaigns.mjs";
import { startHosts } from "./hosts.mjs";

const N = 20_000; // four shards
const BY_THE_API = 120; // of them subscribe through the public pools
const WINDOW = 500; // marked by one worker and not settled
const KEPT = ["wsrep_local_commits", "wsrep_local_cert_failures", "wsrep_local_bf_aborts", "wsrep_local_replays", "wsrep_flow_control_sent"];

// "Not prepared for use"; and what a statement is told that waits for the others, while it is being prepared.
const AWAY = /\((?:1047|1205)\)$/m;

let hosts, nodes, service, stop, made;
before(async () => { ({ hosts, nodes, service, stop } = await startHosts()); });
after(async () => { await stop?.(); });

const accepted = () => service.tally().accepted;
const same = (answers) => answers.every((answer) => JSON.stringify(answer) === JSON.stringify(answers[0]));
const numbers = async () => Promise.all(nodes.map(async (node) => {
  const status = await node.status();
  return KEPT.map((name) => Number(status[name]));
}));

/** Lets some work run, and says what the cluster had to do for it. */
async function counting(what, work) {
  const earlier = await numbers();
  const begun = performance.now();
  const result = await work();
  const took = (performance.now() - begun) / 1000;
  const later = await numbers();
  console.log(`${what}: ${took.toFixed(1)} s`);
  for (const [at, node] of nodes.entries()) {
    console.log(`  node ${node.number}: ${KEPT.map((name, i) => `${name.replace(/^wsrep_(local_)?/, "")} ${later[at][i] - earlier[at][i]}`).join(", ")}`);
  }
  return result;
}

/** What these nodes have stored of a campaign, the same on each: its state and the sum of each fate. */
async function stored(id, those = hosts) {
  const shown = await Promise.all(those.map(({ campaigns }) => campaigns.show(id)));
  assert.ok(same(shown.map(({ state, counts: sums }) => ({ state, sums }))), JSON.stringify(shown));
  const rows = await Promise.all(those.map((host) => host.sql(`SELECT number, HEX(fates), sums, attempt, done, turn, lease_until FROM shard
    WHERE campaign_id = ${id} ORDER BY number`)));
  assert.ok(same(rows), "the nodes do not hold the same shards");
  return { state: shown[0].state, counts: shown[0].counts, shards: rows[0].length };
}

/** Waits until each host's request holds a shard; fails when one is over before. */
async function eachHolds(id, requests) {
  const over = [];
  for (const request of requests) request.then((answer) => over.push(answer));
  let holders;
  const all = async () => {
    holders = await hosts[0].sql(`SELECT DISTINCT HEX(owner) FROM shard WHERE campaign_id = ${id} AND lease_until > 0`);
    return holders.length === hosts.length || over.length > 0;
  };
  await until("each host holds a shard", 30, all).catch((error) => over.push(error.message));
  assert.equal(holders.length, hosts.length, JSON.stringify({ holders, over, complaints: hosts.map((host) => host.complaints()) }));
}

/** The shards that are held by somebody who does not go on with them: a living worker does, each second. */
async function orphansOf(id, host) {
  const held = () => host.sql(`SELECT number, HEX(owner), turn FROM shard WHERE campaign_id = ${id} AND done = 0 AND lease_until > 0`);
  const earlier = (await held()).map(String);
  await new Promise((go) => setTimeout(go, 4000));
  return (await held()).filter((row) => earlier.includes(String(row))).map(([number]) => Number(number));
}

test("`lamppost migrate` on three nodes at the same moment: the schema comes once, and all three end well", async () => {
  const ends = await counting("migrate", () => Promise.all(hosts.map((host) => host.run("migrate"))));

  assert.deepEqual(ends.map(({ code }) => code), [0, 0, 0], JSON.stringify(ends));
  for (const { out } of ends) assert.match(out, /^The schema (?:went from version \d+ to \d+|is at version \d+ already)\n$/);
  const versions = await Promise.all(nodes.map((node) => node.sql("SELECT version, name, applied_at IS NOT NULL, lease_until FROM schema_version")));
  assert.ok(same(versions), JSON.stringify(versions));
  assert.deepEqual(versions[0].map(([, , applied]) => applied), versions[0].map(() => "1"));
  const tables = await Promise.all(nodes.map((node) => node.sql("SHOW TABLES")));
  assert.ok(same(tables) && tables[0].length >= 7, JSON.stringify(tables));
});

test("the hosts serve with one VAPID key, and the same browser at all three at once is one subscription", async () => {
  const { code, err } = await hosts[0].run("keys", "new");
  assert.equal(code, 0, err);
  for (const host of hosts) await host.serve();
  const keys = await Promise.all(hosts.map((host) => host.vapidKey()));
  assert.ok(same(keys), "they tell different keys");
  const some = service.createSubscriptions(20, { vapidKey: keys[0] });

  const answers = await Promise.all(some.flatMap((one) => hosts.map((host) => host.public("/api/push-subscriptions", { json: one }))));

  assert.deepEqual([...new Set(answers.map(({ status }) => status))].filter((status) => status !== 200 && status !== 201), []);
  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).result.id));
  some.forEach((_, at) => assert.ok(same(ids.slice(3 * at, 3 * at + 3)), "one browser has two ids"));
  for (const host of hosts) assert.equal(await host.number("SELECT COUNT(*) FROM subscription"), some.length);
  made = some;
});

test("subscriptions that come in at all nodes have ids of their own, with gaps", async () => {
  const each = N / hosts.length - BY_THE_API;
  const subscribe = async (host, list) => {
    for (const one of list) assert.equal((await host.public("/api/push-subscriptions", { json: one })).status, 201);
  };
  const vapidKey = await hosts[0].vapidKey();
  const [one, two, three] = await Promise.all(hosts.map((host) => host.campaigns.plant(Math.floor(each))));
  const rest = service.createSubscriptions(N - made.length - one.length - two.length - three.length, { vapidKey, keyPairs: 50 });

  await Promise.all(hosts.map((host, at) => subscribe(host, rest.filter((_, i) => i % hosts.length === at))));

  made = [...made, ...one, ...two, ...three, ...rest];
  assert.equal(made.length, N);
  for (const host of hosts) assert.equal(await host.number("SELECT COUNT(*) FROM subscription"), N);
  assert.ok(await hosts[0].number("SELECT MAX(id) - MIN(id) + 1 FROM subscription") > N, "the ids are dense: this is no cluster");
});

test("what one host has just made is there for another, although its node lags behind", async () => {
  const letGo = await nodes[1].lagBehind(1); // s

  const id = await hosts[0].campaigns.draft({ title: "Seen at once" });
  const behind = await nodes[1].sql(`SELECT COUNT(*) FROM campaign WHERE id = ${id}`);
  const answer = await hosts[1].admin(`/api/admin/campaigns/${id}`);
  await letGo();

  assert.deepEqual(behind, [["0"]], "the node did not lag behind");
  assert.equal(answer.status, 200, await answer.text());
});

test("three hosts send one campaign together: nobody twice, nobody lost, the same counts on each node", async () => {
  const id = await hosts[0].campaigns.draft();

  service.script({ action: "accept", delay: 1000 }); // until each host has its part
  const { requests, ends } = await counting(`one campaign to ${N}, three hosts, three workers each`, async () => {
    const sending = hosts.map(({ campaigns }) => campaigns.ask(id, "send"));
    await eachHolds(id, sending);
    service.clearScript();
    const commands = hosts.flatMap((host) => [host.run("send", "--campaign", String(id)), host.run("resume")]);
    return { requests: await Promise.all(sending), ends: await Promise.all(commands) };
  });

  assert.deepEqual(requests.map(({ status }) => status), [200, 200, 200], JSON.stringify(requests));
  for (const { code, err } of ends) assert.equal(code, 0, err);
  for (const { body } of requests) assert.deepEqual(body.counts, counts({ audience: N, accepted: N }));
  assert.deepEqual(await stored(id), { state: "finished", counts: counts({ audience: N, accepted: N }), shards: 4 });
  assert.deepEqual(hosts[0].campaigns.received(made), { lost: [], twice: [] });
  const rows = service.counts();
  assert.equal(rows.length, N);
  assert.deepEqual(rows.filter(({ seen }) => seen !== 1), []);
  for (const host of hosts) assert.deepEqual(host.complaints(), []);
});

test("a host dies in mid-campaign: the others finish it, and only what it had marked may come twice", async () => {
  service.forget();
  service.script({ action: "accept", delay: 50 });
  const id = await hosts[0].campaigns.draft({ title: "One dies" });
  const [one, two, three] = hosts;
  const survivors = [one, two];
  // Alone at first, so that it holds a shard.
  const lost = three.campaigns.ask(id, "send").catch((error) => error);
  const lostToo = await three.start("send", "--campaign", String(id));
  await until("host 3 sends", 20, () => accepted() > 0);
  const requests = survivors.map(({ campaigns }) => campaigns.ask(id, "send"));
  await until("a quarter is sent", 30, () => accepted() > N / 4);

  await three.crash();
  await Promise.all([lost, lostToo.ended]);
  await until("the two have found each other", 20, async () => (await one.node.status()).wsrep_cluster_size === "2");
  const orphans = await orphansOf(id, one);
  await one.sql(`UPDATE shard SET lease_until = 1 WHERE campaign_id = ${id} AND number IN (${orphans})`); // a minute passes
  const bodies = await Promise.all(requests);
  if ((await one.campaigns.state(id)) !== "finished") assert.equal((await two.run("send", "--campaign", String(id))).code, 0);

  const told = await stored(id, survivors);
  const { lost: nobody, twice } = one.campaigns.received(made);
  console.log(`it left ${orphans.length} shards; accepted twice on the wire: ${twice.length}; told: ${JSON.stringify(told.counts)}`);
  assert.deepEqual(nobody, []);
  assert.ok(orphans.length > 0 && orphans.length <= 2, `${orphans.length} shards of its two workers`);
  assert.ok(twice.length <= orphans.length * WINDOW, `${twice.length} had it twice`);
  assert.equal(told.state, "finished");
  assert.deepEqual(told.counts, counts({ audience: N, accepted: N }));
  for (const { status } of bodies) assert.ok(status === 200 || status === 202, JSON.stringify(bodies));
});

test("a node without a quorum: Lamppost says so, waits, and goes on when it is the cluster again, with nobody lost or twice", async () => {
  service.forget();
  const [one, two] = hosts;
  const id = await one.campaigns.draft({ title: "Alone" });
  const request = one.campaigns.ask(id, "send");
  const command = await one.start("send", "--campaign", String(id));
  await until("it sends", 20, () => accepted() > N / 10);

  await two.crash(); // one of two is no majority
  await until("node 1 knows that it is alone", 20, async () => (await one.node.status()).wsrep_ready === "OFF");
  const refused = await one.node.trySql("SELECT COUNT(*) FROM subscription");
  assert.match(refused.err, /^ERROR 1047 /m, JSON.stringify(refused));
  const answer = await one.admin(`/api/admin/campaigns/${id}`);
  assert.equal(answer.status, 503, await answer.text());
  assert.ok(Number(answer.headers.get("retry-after")) > 0, "it does not say when to come again");
  const resumed = await one.run("resume");
  assert.notEqual(resumed.code, 0);
  assert.match(resumed.err, AWAY);
  await until("what was marked is settled", 10, async () => {
    const earlier = accepted();
    await new Promise((go) => setTimeout(go, 1000));
    return accepted() === earlier;
  });
  const meanwhile = accepted();
  assert.ok(meanwhile < N, "it was over before the quorum was lost");

  await one.node.becomeTheCluster();

  await until("it goes on by itself", 10, () => accepted() > meanwhile);
  const [{ status }, { code }] = [await request, await command.ended];
  assert.ok(status === 200 || status === 202, `${status}`);
  assert.equal(code, 0, command.err);
  assert.deepEqual(await stored(id, [one]), { state: "finished", counts: counts({ audience: N, accepted: N }), shards: 4 });
  assert.deepEqual(one.campaigns.received(made), { lost: [], twice: [] });
  assert.ok(one.complaints().some(({ event, reason }) => event === "store_away" && AWAY.test(reason)), JSON.stringify(one.complaints()));
});
