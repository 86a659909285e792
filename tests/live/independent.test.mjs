// What Lamppost puts on the wire, read by other people's libraries: jose checks the VAPID token, http_ece opens the
// body. The receiver is bare TLS with no knowledge of ours.

import assert from "node:assert/strict";
import { createECDH, randomBytes } from "node:crypto";
import { createSecureServer } from "node:http2";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import ece from "http_ece";
import { importJWK, jwtVerify } from "jose";
import { startLamppost, temporaryFolder } from "../rig/lamppost.mjs";
import { authorityFile, serverCertificate } from "../rig/push/tls.mjs";

let folder, server, lamppost, origin;
const requests = [];

before(async () => {
  folder = temporaryFolder();
  const caFile = await authorityFile(folder);
  server = createSecureServer({ ...(await serverCertificate(folder, "good")), allowHTTP1: true }, (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      requests.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(201, { location: "/m/1", ttl: "60" }).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  origin = `https://localhost:${port}`;
  lamppost = await startLamppost({
    config: `push_hosts = localhost:${port}\npush_addresses = 127.0.0.1:${port}\npush_ca_file = ${caFile}\n`,
  });
});
after(async () => {
  await lamppost?.stop();
  server?.close();
  rmSync(folder, { recursive: true });
});

test("jose believes the token and http_ece opens the message", async () => {
  const browser = createECDH("prime256v1");
  browser.generateKeys();
  const auth = randomBytes(16);
  const subscription = { endpoint: `${origin}/p/1`, keys: { p256dh: browser.getPublicKey("base64url"), auth: auth.toString("base64url") } };
  const { vapid_public_key: key } = await (await lamppost.public("/api/config")).json();
  assert.equal((await lamppost.public("/api/push-subscriptions", { json: subscription })).status, 201);

  const sent = await lamppost.admin("/api/admin/campaigns", { json: { title: "Grüße", body: "🎉", send: true } });

  assert.equal(sent.status, 200);
  assert.equal(requests.length, 1);
  const [{ headers, body }] = requests;
  const [, token, k] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization);
  assert.equal(k, key);
  const point = Buffer.from(k, "base64url");
  const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const { payload } = await jwtVerify(token, await importJWK(jwk, "ES256"), { audience: origin, algorithms: ["ES256"] });
  assert.ok(payload.exp - Date.now() / 1000 <= 12 * 3600);
  assert.equal(headers["content-encoding"], "aes128gcm");
  const opened = ece.decrypt(body, { version: "aes128gcm", privateKey: browser, authSecret: auth.toString("base64url") });
  assert.equal(JSON.parse(opened).notification.title, "Grüße");
});
