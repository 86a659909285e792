// F15 of the failure matrix: a push service that cannot prove who it is gets not one byte of a request; everybody has
// his message when it is mended.

import assert from "node:assert/strict";
import { dirname } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { freePort } from "../rig/lamppost.mjs";
import { serverCertificate } from "../rig/push/tls.mjs";
import { startSite } from "../live/site.mjs";
import { Campaigns, counts } from "./campaigns.mjs";

const N = 30;

const CASES = {
  "an expired certificate": { certificate: "expired" },
  "a certificate for another name": { certificate: "wrong-name" },
  "a certificate of an unknown authority": { certificate: "unknown-ca" },
  "a certificate signed by itself": { certificate: "self-signed" },
  "TLS 1.0 only": { tls: { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } },
  "no TLS at all": { fault: "plain-text" },
  "a connection that is closed after the handshake": { fault: "close-after-handshake" },
  "a connection that is reset before the handshake": { fault: "reset" },
};


let site, campaigns, ports;
before(async () => {
  ports = {};
  for (const what of Object.keys(CASES)) ports[what] = await freePort();
  const list = (host) => Object.values(ports).map((port) => `${host}:${port}`).join(", ");
  site = await startSite({ workers: 2, tick: 3600, config: `push_hosts = ${list("localhost")}\npush_addresses = ${list("127.0.0.1")}\n` });
  campaigns = new Campaigns(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await campaigns.clear(); });

for (const [what, { certificate, tls, fault }] of Object.entries(CASES)) {
  test(`${what}: nothing is sent, nobody is lost, all have it after the repair`, async () => {
    const host = await site.service.addHost({ port: ports[what], certificate, tls });
    if (fault) host.breakConnections(fault);
    const made = await campaigns.plant(N, { host: host.origin });

    const held = await campaigns.sendByResume(await campaigns.draft());

    assert.equal(held.state, "sending");
    assert.equal(held.counts.waiting + held.counts.unsure, N);
    assert.ok(host.statistics.connections > 0, "nobody connected");
    assert.deepEqual([host.tally.requests, host.tally.refused, site.service.counts().length], [0, 0, 0]);
    if (!fault) assert.equal(held.counts.unsure, 0, "nothing has left, yet some are called unsure");
    assert.equal(await site.number("SELECT COUNT(*) FROM subscription WHERE gone_at IS NOT NULL"), 0);

    host.breakConnections(null);
    host.useCertificate({ ...await serverCertificate(dirname(site.service.caFile), "good"), minVersion: "TLSv1.2", maxVersion: "TLSv1.3" });
    await campaigns.letPass(3600);
    const mended = await campaigns.sendToTheEnd(held.id, 3);

    assert.deepEqual(mended.counts, counts({ audience: N, accepted: N }));
    assert.deepEqual(campaigns.received(made), { lost: [], twice: [] });
  });
}
