// F17 of the failure matrix: whoever asked for the sending goes away; the campaign does not care.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { login } from "../dev/raw_http.mjs";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";

const N = 1500;

let site, campaigns;
before(async () => {
  site = await startSite({ workers: 3, tick: 3600, config: "push_streams = 50\npush_connections = 2\n" });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

/** The request to send, written on a socket of its own. */
async function ask(id, accept) {
  const socket = connect({ port: site.lamppost.port, host: "127.0.0.1" });
  socket.on("error", (error) => assert.equal(error.code, "ECONNRESET"));
  await once(socket, "connect");
  const lines = [`POST /api/admin/campaigns/${id}/send HTTP/1.1`, "Host: localhost", login("admin", site.lamppost.password),
    "Content-Type: application/json", `Accept: ${accept}`, "Content-Length: 2"];
  socket.write(`${lines.join("\r\n")}\r\n\r\n{}`);
  return socket;
}

for (const accept of ["application/json", "application/x-ndjson"]) {
  for (const share of [0, 0.01, 0.5]) {
    for (const way of ["closes", "resets"]) {
      test(`a caller of ${accept} who ${way} the connection at ${share * 100} %: the campaign is finished without him`, async () => {
        const made = await campaigns.plant(N);
        site.service.script({ action: "accept", delay: 30 });
        const id = await campaigns.draft();
        const socket = await ask(id, accept);
        // At 0 % as soon as the order has arrived: before that nobody has asked for anything.
        await until(`${share} is sent`, 20, async () => (share === 0 ? await campaigns.state(id) !== "draft" : site.service.tally().accepted >= share * N));

        if (way === "closes") socket.destroy();
        else socket.resetAndDestroy();
        const then = site.service.tally().accepted;

        const campaign = await campaigns.finished(id, 20);
        assert.ok(then < N, "it was finished before");
        assert.deepEqual(campaign.counts, counts({ audience: N, accepted: N }));
        assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
      });
    }
  }
}
