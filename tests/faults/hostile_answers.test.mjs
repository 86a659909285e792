// F11 and F12 of the failure matrix, by the whole engine: answers that drip, or that never end. Each is cut off in
// time, costs the sender no memory, and spoils the one recipient at most; all others have their message.
// How each is cut off, by both versions of HTTP, stands in tests/curl/push_client_faults_live_test.cpp.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { freePort, until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { size } from "./size.mjs";

const N = size(200, 1000);
const HOSTILE = N / 10; // of them
const PATIENCE = 15_000; // ms
const GROWTH = 5 * 1024; // KiB
const ONCE = { title: "Now or never", ttl: 0 };

let site, campaigns, modern, old;
before(async () => {
  const ports = [await freePort(), await freePort()];
  const list = (name) => ports.map((port) => `${name}:${port}`).join(", ");
  // One worker, whose memory can then be looked at.
  site = await startSite({ workers: 1, tick: 3600, config: `push_hosts = ${list("localhost")}\npush_addresses = ${list("127.0.0.1")}\n` });
  campaigns = new Campaigns(site);
  modern = await site.service.addHost({ port: ports[0] });
  old = await site.service.addHost({ port: ports[1], protocols: ["http/1.1"] });
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

async function sendOnce() {
  const asked = performance.now();
  const campaign = await campaigns.send(ONCE);
  return { campaign, took: performance.now() - asked };
}

test("answers of one byte a second, in status line, headers or body, are cut off within 15 s; all others have theirs", async () => {
  const made = await campaigns.plant(N, { host: old.origin });
  // One each: over HTTP/1.1 each holds a connection, of which there are four.
  ["status", "headers", "body"].forEach((part, at) => (
    site.service.script({ action: "drip", part, everyMs: 1000 }, { endpoints: [made[at * 50 + 20]] })));

  const { campaign, took } = await sendOnce();

  assert.ok(took <= PATIENCE, `it took ${Math.round(took)} ms`);
  // A status that came before the cut counts.
  assert.deepEqual([campaign.state, campaign.counts], ["finished", counts({ audience: N, accepted: N - 1, unsure: 1 })]);
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

/** A worker that has done nothing yet: its pid. */
async function freshWorker() {
  const [pid] = site.workers("admin");
  process.kill(pid, "SIGTERM");
  await until("another worker", 15, () => site.workers("admin").some((other) => other !== pid));
  return site.workers("admin").find((other) => other !== pid);
}

/** The most memory that it ever had, in KiB. */
const peakOf = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmHWM:\s+(\d+) kB$/m)[1]);

// 413, because it is final and says nothing of the service.
const FLOODS = {
  "a body without end": { action: "endless" },
  "a body without end that says its length, 1 GB": { action: "endless", headers: { "content-length": "1000000000" } },
  "a million headers": { action: "huge-headers", count: 1_000_000, size: 10 },
  "a header line of 1 MB": { action: "huge-headers", count: 1, size: 1_000_000 },
  "a body that would be 64 MB unpacked": { headers: { "content-encoding": "gzip" }, body: gzipSync(Buffer.alloc(64 * 1024 * 1024)) },
};
for (const [what, flood] of Object.entries(FLOODS)) {
  test(`${what} is cut off, and the sender takes less than 5 MB more for it`, async () => {
    // Node writes a header block of HTTP/2 whole, so those floods come over HTTP/1.1.
    const host = flood.action === "huge-headers" ? old : modern;
    const made = await campaigns.plant(N, { host: host.origin });
    const worker = await freshWorker();
    // What it needs for as many people, connections and requests at once: with a delay as many are in flight as can be.
    if (host === modern) site.service.script({ action: "accept", delay: 300 }, { host: host.origin });
    assert.equal((await campaigns.send({ title: "Before", ttl: 0 })).counts.accepted, N);
    const usual = peakOf(worker);
    site.service.clearScript();
    site.service.forget();
    site.service.script({ status: 413, ...flood }, { endpoints: made.filter((_, at) => at % 10 === 0) });

    const { campaign, took } = await sendOnce();

    assert.deepEqual(site.workers("admin"), [worker], "the worker has ended");
    const grown = peakOf(worker) - usual;
    assert.ok(grown < GROWTH, `it took ${grown} KiB more than ${usual}`);
    assert.ok(took <= PATIENCE, `it took ${Math.round(took)} ms`);
    assert.deepEqual([campaign.state, campaign.counts], ["finished", counts({ audience: N, accepted: N - HOSTILE, failed: HOSTILE })]);
    assert.equal(host.tally.scripted, HOSTILE);
    const report = JSON.stringify(campaign.services);
    assert.ok(report.length < 2000, `the report is ${report.length} characters long`);
    site.service.clearScript();
    assert.equal((await campaigns.send({ title: "After", ttl: 0 })).counts.accepted, N);
  });
}
