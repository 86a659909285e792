// F16 of the failure matrix: what DNS may say of a push service's name. The sender runs in a world of its own, where
// every address answers and none is a push service, so that each connection it makes is seen. It never connects to an
// address that is not public, waits for no name that is slow, and asks all of them again later.
// The table of addresses stands in tests/curl/address_guard_test.cpp.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { openClosedWorld } from "./closed_world.mjs";
import { startCommand } from "./command.mjs";

const STOPS_WITHIN = 10; // s
const ZONE = "push.services.mozilla.com"; // a suffix that is allowed without any setting
const PUBLIC = ["8.8.4.1", "8.8.4.2", "8.8.4.3", "8.8.4.4", "2a00:1450::1"]; // loopback to the sender here

const NAMES = {
  "loopback": ["127.0.0.1", "127.8.9.10", "::1"],
  "any": ["0.0.0.0", "::"],
  "private": ["10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1"],
  "metadata": ["169.254.169.254", "fe80::1", "fd00:ec2::254"],
  "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"],
  "through": ["64:ff9b::7f00:1", "2002:7f00:1::1", "2001::1", "::7f00:1", "64:ff9b::a9fe:a9fe"],
  "reserved": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "240.0.0.1", "255.255.255.255", "224.0.0.1", "ff02::1", "2001:db8::1"],
  "many": Array.from({ length: 200 }, (_, at) => `10.1.${at % 7}.${at + 1}`),
  "nowhere": "nxdomain",
  "broken": "servfail",
  "mixed": ["127.0.0.1", "10.1.1.1", "::1", PUBLIC[0]],
  "turning": [[PUBLIC[1]], ["127.0.0.1", "::1"], ["169.254.169.254"]],
  "public": [PUBLIC[2], PUBLIC[4]],
};
const host = (name) => `${name}.${ZONE}`;
const withHosts = (names) => Object.fromEntries(Object.entries(names).map(([name, answer]) => [host(name), answer]));

let site, campaigns, world;
before(async () => {
  world = await openClosedWorld();
  site = await startSite({ workers: 1, tick: 3600 });
  campaigns = new Campaigns(site);
});
after(async () => {
  await site?.stop();
  await world?.close();
});
beforeEach(async () => { await campaigns.clear(); });

/** One subscription at each of these hosts. */
async function plant(names) {
  await campaigns.plant(names.length);
  const ids = (await site.sql("SELECT id FROM subscription ORDER BY id")).map(([id]) => id);
  const cases = ids.map((id, at) => `WHEN ${id} THEN 'https://${host(names[at])}/wpush/v2/${id}'`).join(" ");
  await site.sql(`UPDATE subscription SET endpoint = CASE id ${cases} END; UPDATE subscription SET endpoint_sha = UNHEX(SHA2(endpoint, 256))`);
}

/** A draft that is ordered, so that the next `lamppost resume` sends it. */
async function order() {
  const id = await campaigns.draft();
  await site.sql(`UPDATE campaign SET state = 'preparing' WHERE id = ${id}`);
  return id;
}

const startSending = () => startCommand(site, ["resume"], { ahead: world.inside() });

async function stop(command) {
  const asked = performance.now();
  command.child.kill("SIGTERM");
  const { code, signal } = await command.ended;
  const took = (performance.now() - asked) / 1000;
  assert.deepEqual([code, signal], [0, null], command.err);
  assert.ok(took <= STOPS_WITHIN, `it ended ${took} s after it was told to`);
}

test("no name leads the sender to an address that is not public; all are asked again, and are sent to when they are mended", async () => {
  const names = Object.keys(NAMES);
  await world.say(withHosts(NAMES));
  await plant(names);
  const id = await order();

  for (let round = 1; round <= 3; round += 1) {
    const asked = world.asked.length;
    const command = await startSending();
    await until("all names were asked for", 20, () => new Set(world.asked.slice(asked)).size === names.length || command.child.exitCode !== null);
    await until("the round is over", 20, async () => {
      const { waiting, unsure } = (await campaigns.show(id)).counts;
      return waiting + unsure === names.length && await site.number("SELECT MAX(attempt) FROM shard") >= round;
    });
    await stop(command);
    await campaigns.letPass(7200);
  }

  const strays = world.hits.filter((address) => !PUBLIC.includes(address));
  assert.deepEqual(strays, []);
  // The trap works: those that have a public address were connected to there.
  for (const address of [PUBLIC[0], PUBLIC[1], PUBLIC[2]]) assert.ok(world.hits.includes(address), `${address} was not connected to: ${world.hits}`);
  const held = await campaigns.show(id);
  assert.equal(held.state, "sending");
  assert.deepEqual(held.counts, counts({ audience: names.length, waiting: names.length }), "nothing has left, so nothing is unsure");
  const reasons = held.services.flatMap((service) => Object.keys(service.reasons)).join("\n");
  assert.match(reasons, /127\.0\.0\.1.* is not a public one/);
  assert.equal(await site.number("SELECT COUNT(*) FROM subscription WHERE gone_at IS NOT NULL"), 0);

  await world.say(Object.fromEntries(names.map((name, at) => [host(name), [`8.8.5.${at + 1}`]])));
  const command = await startSending();
  await until("each is connected to where it is now", 20, () => new Set(world.hits).size === names.length);
  await stop(command);
  assert.deepEqual(world.hits.filter((address) => !address.startsWith("8.8.5.")), []);
});

test("a name server that is silent for 30 s holds up nobody else, nor the end", async () => {
  const names = ["silent", ...Array.from({ length: 20 }, (_, at) => `n${at}`)];
  await world.say(withHosts(Object.fromEntries(names.map((name, at) => [name, name === "silent" ? "silent" : [`8.8.6.${at}`]]))));
  await plant(names);
  const id = await order();
  const began = performance.now();
  const command = await startSending();

  await until("all others are connected to", 10, () => new Set(world.hits).size === names.length - 1);
  assert.ok(world.asked.includes(host("silent")), "the silent one was not asked for");
  // Its look-up is given up after the 5 s of a connection, though the system's own goes on for longer.
  await until("the round is over", 15, async () => await site.number("SELECT MAX(attempt) FROM shard") >= 1);
  await stop(command);

  assert.ok(performance.now() - began < 25_000, "it waited for the name server");
  const held = await campaigns.show(id);
  assert.deepEqual(held.counts, counts({ audience: names.length, waiting: names.length }));
});
