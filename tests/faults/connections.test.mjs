// F14 of the failure matrix: HTTP/2 connections and streams that end when they should not.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";
import { size } from "./size.mjs";

const N = 400;
const CODES = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
  "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"];

let site, campaigns, near, far;
before(async () => {
  site = await startSite({ hosts: 2, workers: 2, tick: 3600 });
  campaigns = new Campaigns(site);
  [near, far] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

// Each round of tries gets as many through as there are connections for.
const AFTER = size([1, 2, 5, 20, 50], Array.from({ length: 50 }, (_, at) => at + 1));
for (const after of AFTER) {
  const count = Math.min(40 * after, N);
  test(`GOAWAY after each ${after} streams: nobody lost, nobody twice`, async () => {
    const made = await campaigns.plant(count, { host: near.origin });
    site.service.script({ action: "goaway", after }, { host: near.origin });

    const campaign = await campaigns.sendToTheEnd(await campaigns.draft(), 12);

    assert.deepEqual(campaign.counts, counts({ audience: count, accepted: count }));
    assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  });
}

test("RST_STREAM of every kind once: nobody lost", async () => {
  const made = await campaigns.plant(20 * CODES.length, { host: near.origin });
  CODES.forEach((code, at) => site.service.script({ action: "rst", code, times: 1 }, { endpoints: made.slice(at * 20, at * 20 + 5) }));

  const campaign = await campaigns.sendToTheEnd(await campaigns.draft(), 6);

  assert.deepEqual(campaign.counts, counts({ audience: made.length, accepted: made.length }));
  // Each was refused before it was accepted, so that nobody has it twice.
  assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
});

test("streams refused once are certain not to be processed: all are sent again, none is unsure meanwhile", async () => {
  const made = await campaigns.plant(N, { host: near.origin });
  site.service.script({ action: "rst", code: "REFUSED_STREAM", times: 1 }, { endpoints: made.filter((_, at) => at % 4 === 0) });

  const first = await campaigns.sendByResume(await campaigns.draft());

  assert.equal(first.counts.unsure, 0);
  assert.deepEqual(campaigns.received(made).twice, []);
});

test("a service that refuses every stream for ever costs little, and the other one nothing", async () => {
  await campaigns.plant(N, { host: near.origin });
  await campaigns.plant(N, { host: far.origin });
  site.service.script({ action: "rst", code: "REFUSED_STREAM" }, { host: near.origin });
  const used = () => {
    const fields = readFileSync("/proc/self/stat", "latin1").replace(/.*\) /s, "").split(" ");
    return Number(fields[13]) + Number(fields[14]); // of children that have ended, in ticks of 10 ms
  };
  const id = await campaigns.draft();
  await site.sql(`UPDATE campaign SET state = 'preparing' WHERE id = ${id}`);
  const [began, spent] = [performance.now(), used()];

  const { code, err } = await site.lamppostCommand(["resume"]);

  assert.equal(code, 0, err);
  const refused = near.tally.scripted;
  const share = (used() - spent) * 10 / (performance.now() - began);
  const campaign = await campaigns.show(id);
  assert.equal(campaign.state, "sending");
  assert.equal(campaign.counts.accepted, N);
  assert.equal(far.tally.accepted, N);
  assert.equal(near.tally.accepted, 0);
  assert.ok(refused <= 6 * N, `${refused} refused streams for ${N} recipients`);
  assert.ok(share < 0.2, `it took ${Math.round(share * 100)} % of a core`);
});
