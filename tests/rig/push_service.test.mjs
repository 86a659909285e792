// The face to Lamppost: what it accepts, and everything it refuses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Decrypter } from "./push/decrypt.mjs";
import { claimsFor, encrypt, makeVapid, Sender } from "./push/independent_sender.mjs";
import { readFields } from "./push/rfc8030.mjs";
import { startPushService } from "./push_service.mjs";

let dir, service, vapid, sender, subscription;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "push-service-"));
  service = await startPushService({ dir });
  vapid = await makeVapid();
  sender = new Sender(readFileSync(service.caFile), vapid);
  [subscription] = service.createSubscriptions(1, { vapidKey: vapid.publicKey });
});

after(async () => {
  sender.close();
  await service.stop();
  await rm(dir, { recursive: true });
});

async function refused(what, status, errno, words) {
  const before = service.statistics();

  const answer = await what();

  const { code, errno: given, error, message } = JSON.parse(answer.body);
  assert.deepEqual([answer.status, code, given], [status, status, errno], message);
  assert.equal(typeof error, "string");
  assert.match(message, words);
  assert.equal(service.statistics().accepted, before.accepted);
}

const withHeaders = (headers) => () => sender.send(subscription, "x", { headers });
const withBody = (body) => () => sender.send(subscription, "", { body });
async function withClaims(changes, header) {
  const token = await vapid.sign(claimsFor(service.origin, changes), header);
  return withHeaders({ authorization: `vapid t=${token}, k=${vapid.publicKey}` });
}

test("the message of RFC 8291, appendix A, is opened", () => {
  const bytes = (text) => Buffer.from(text, "base64url");
  const body = bytes("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    + "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
  const keys = {
    privateKey: bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"),
    publicKey: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
    auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
  };

  const plaintext = new Decrypter().decrypt(body, keys);

  assert.equal(plaintext.toString(), "When I grow up, I want to be a watermelon");
});

test("every repeated field that matters is found in a raw header list, whatever its case", () => {
  for (const name of ["Authorization", "TTL", "urgency", "Topic", "content-encoding"]) {
    const { repeated } = readFields(["X", "1", name, "a", "x", "2", name.toUpperCase(), "a"]);
    assert.equal(repeated, name.toLowerCase());
  }
  assert.equal(readFields(["x", "1", "x", "2", "ttl", "3"]).repeated, null);
});

for (const protocol of ["h2", "http/1.1"]) {
  test(`a message of http_ece and jose is accepted over ${protocol}, opened and kept with its headers`, async () => {
    const [own] = service.createSubscriptions(1, { vapidKey: vapid.publicKey });

    const answer = await sender.send(own, "Grüße", { protocol, headers: { topic: "news", urgency: "high", ttl: "3600" } });

    assert.equal(answer.status, 201);
    assert.equal(answer.headers.ttl, "3600");
    assert.ok(answer.headers.location.startsWith(`${service.origin}/m/`));
    const [message, ...others] = service.received(own);
    assert.equal(others.length, 0);
    assert.equal(message.payload, "Grüße");
    assert.equal(message.protocol, protocol);
    assert.equal(message.headers.urgency, "high");
    assert.equal(message.accepted, true);
    assert.equal(service.agents().length, 0);
  });
}

test("a simulated subscription looks like PushSubscription.toJSON()", () => {
  assert.deepEqual(Object.keys(subscription), ["endpoint", "expirationTime", "keys"]);
  assert.equal(subscription.expirationTime, null);
  assert.equal(Buffer.from(subscription.keys.p256dh, "base64url").length, 65);
  assert.match(subscription.keys.p256dh, /^[A-Za-z0-9_-]{87}$/);
  assert.match(subscription.keys.auth, /^[A-Za-z0-9_-]{22}$/);
});

test("the longest message, 3993 bytes, is accepted; so are an empty and a padded one", async () => {
  const [own] = service.createSubscriptions(1, { vapidKey: vapid.publicKey });
  const texts = ["a".repeat(3993), "", "padded"];

  const answers = [
    await sender.send(own, texts[0]), await sender.send(own, texts[1]),
    await sender.send(own, "", { body: encrypt(texts[2], own, { pad: 100 }) }),
  ];

  assert.deepEqual(answers.map(({ status }) => status), [201, 201, 201]);
  assert.deepEqual(service.received(own).map(({ payload }) => payload), texts);
  assert.equal(service.received(own)[0].size, 4096);
});

test("a TTL beyond 30 days is accepted and shortened", async () => {
  assert.equal((await withHeaders({ ttl: "9999999999999" })()).headers.ttl, "2592000");
});

test("the message id of a Lamppost payload is counted per subscription, and a repeat is found", async () => {
  const [one, two] = service.createSubscriptions(2, { vapidKey: vapid.publicKey, keyPairs: 1 });
  const payload = JSON.stringify({ web_push: 8030, notification: { title: "t", data: { id: "AAAAAAAAAAAAAAAAAAAAAA" } } });
  await sender.send(one, payload);
  await sender.send(two, payload);
  await sender.send(two, payload);

  const rows = service.counts().filter(({ id }) => id === "AAAAAAAAAAAAAAAAAAAAAA");

  assert.deepEqual(rows, [
    { endpoint: one.endpoint, id: "AAAAAAAAAAAAAAAAAAAAAA", seen: 1, accepted: 1 },
    { endpoint: two.endpoint, id: "AAAAAAAAAAAAAAAAAAAAAA", seen: 2, accepted: 2 },
  ]);
  assert.deepEqual(service.twice(), [rows[1]]);
});

test("a message for another key is taken, as real services do, and counted as undecryptable", async () => {
  const [own, other] = service.createSubscriptions(2, { vapidKey: vapid.publicKey });

  const answer = await sender.send(own, "", { body: encrypt("x", other) });

  assert.equal(answer.status, 201);
  assert.equal(service.received(own)[0].payload, null);
  assert.match(service.received(own)[0].error, /tag does not match/);
  assert.equal(service.statistics().undecryptable, 1);
});

test("an unknown endpoint is 404, one of another host too, one unsubscribed 410, a GET 405", async () => {
  const [ended] = service.createSubscriptions(1, { vapidKey: vapid.publicKey });
  const other = await service.addHost();
  service.unsubscribe([ended]);

  await refused(() => sender.send({ ...subscription, endpoint: `${service.origin}/wpush/v2/nobody` }, "x"), 404, 102, /endpoint/);
  await refused(() => sender.send({ ...subscription, endpoint: subscription.endpoint.replace(service.origin, other.origin) }, "x"), 404, 102, /endpoint/);
  await refused(() => sender.send({ ...subscription, endpoint: `${service.origin}/` }, "x"), 404, 102, /endpoint/);
  await refused(() => sender.send(ended, "x"), 410, 106, /ended/);
  await refused(() => sender.send(subscription, "x", { method: "PUT" }), 405, null, /POST/);
});

test("TTL must be there and be digits", async () => {
  await refused(withHeaders({ ttl: undefined }), 400, 111, /TTL is missing/);
  for (const ttl of ["-1", "1.5", "abc", "", "1e3", "0x10"]) await refused(withHeaders({ ttl }), 400, 112, /TTL/);
});

test("Topic must be at most 32 characters of base64url, and a length that base64 can have", async () => {
  for (const topic of ["a".repeat(33), "a+b/", "a", "aaaaa", "a b c"]) await refused(withHeaders({ topic }), 400, 113, /Topic/);
  assert.equal((await withHeaders({ topic: "a".repeat(32) })()).status, 201);
});

test("Urgency must be one of four words", async () => {
  for (const urgency of ["urgent", "HIGH", "low, high"]) await refused(withHeaders({ urgency }), 400, null, /Urgency/);
});

test("Content-Encoding must be aes128gcm and nothing else", async () => {
  for (const encoding of [undefined, "aesgcm", "aes128gcm, gzip"]) {
    await refused(withHeaders({ "content-encoding": encoding }), 400, 110, /Content-Encoding/);
  }
});

test("a field given twice is refused over HTTP/1.1", async () => {
  const headers = { "content-encoding": ["aes128gcm", "aes128gcm"] };
  await refused(() => sender.send(subscription, "x", { headers, protocol: "http/1.1" }), 400, 110, /content-encoding is given more than once/);
});

test("a body over 4096 bytes is 413, with its length declared or not", async () => {
  const body = Buffer.concat([encrypt("x", subscription), Buffer.alloc(4096)]);
  await refused(withBody(body), 413, 104, /4096/);
  await refused(() => sender.send(subscription, "", { body, protocol: "http/1.1" }), 413, 104, /4096/);
  await refused(() => sender.send(subscription, "", { body, headers: { "content-length": String(body.length) } }), 413, 104, /4096/);
});

test("a body must be one whole record with a key of 65 bytes", async () => {
  const changed = (at, byte) => {
    const body = encrypt("x".repeat(40), subscription);
    body[at] = byte;
    return body;
  };
  await refused(withBody(Buffer.alloc(102)), 400, 110, /too short/);
  await refused(withBody(Buffer.alloc(0)), 400, 110, /too short/);
  await refused(withBody(changed(20, 64)), 400, 110, /keyid/);
  await refused(withBody(changed(21, 2)), 400, 110, /keyid/);
  await refused(withBody(encrypt("x".repeat(100), subscription, { rs: 50 })), 400, 110, /single record/);
  const tiny = encrypt("", subscription);
  tiny.writeUInt32BE(17, 16);
  await refused(withBody(tiny), 400, 110, /record size 17/);
});

test("Authorization must be vapid with a token and a key", async () => {
  const { authorization } = await sender.headers(subscription.endpoint);
  const [, token] = /t=([^,]+)/.exec(authorization);
  const wrong = [
    undefined, "", `Bearer ${token}`, `WebPush ${token}`, `vapid t=${token}`, `vapid k=${vapid.publicKey}`,
    `vapid t=${token}, k=${vapid.publicKey}=`, `vapid t="${token}", k=${vapid.publicKey}`, `${authorization}, x=1`,
    `vapid t=${token}, t=${token}, k=${vapid.publicKey}`, `vapid t=abc, k=${vapid.publicKey}`, `vapid t=a.b.c, k=${vapid.publicKey}`,
  ];
  for (const header of wrong) await refused(withHeaders({ authorization: header }), 401, 109, /./);
  assert.equal((await withHeaders({ authorization: `Vapid k=${vapid.publicKey},t=${token}` })()).status, 201);
});

test("the token's signature must be r and s, by k", async () => {
  const token = await vapid.sign(claimsFor(service.origin));
  const [header, claims, signature] = token.split(".");
  const der = Buffer.concat([Buffer.from("3046022100", "hex"), Buffer.from(signature, "base64url")]).toString("base64url");
  const flipped = Buffer.from(signature, "base64url");
  flipped[10] ^= 1;
  const other = await makeVapid();
  const foreign = await other.sign(claimsFor(service.origin));
  const bearing = (jwt, key = vapid.publicKey) => withHeaders({ authorization: `vapid t=${jwt}, k=${key}` });

  await refused(bearing(`${header}.${claims}.${der}`), 401, 109, /69 bytes/);
  await refused(bearing(`${header}.${claims}.${flipped.toString("base64url")}`), 401, 109, /signature/);
  await refused(bearing(foreign), 401, 109, /signature/);
  await refused(bearing(foreign, other.publicKey), 401, 109, /not the key/);
  const offCurve = Buffer.from(vapid.publicKey, "base64url");
  offCurve[64] ^= 1;
  await refused(bearing(token, offCurve.toString("base64url")), 401, 109, /signature/);
});

test("the claims must be right: aud, exp, sub", async () => {
  const now = Math.floor(Date.now() / 1000);
  for (const aud of [undefined, "https://localhost", `${service.origin}/`, [service.origin], "https://example.com"]) {
    await refused(await withClaims({ aud }), 401, 109, /aud/);
  }
  for (const exp of [now - 1, now + 24 * 3600 + 60]) await refused(await withClaims({ exp }), 401, 109, /exp/);
  const subjects = [
    undefined, "", "owner@example.com", "mailto:", "mailto:<a@example.com>", "mailto:a @example.com", "mailto:a@localhost",
    "mailto:a@host.local", "mailto:a@x.invalid", "mailto:a@x.devhost", "https://localhost", "https://localhost/x",
    "http://example.com", "https://127.0.0.1/", "https://u:p@example.com/",
  ];
  for (const sub of subjects) await refused(await withClaims({ sub }), 401, 109, /sub/);
  for (const sub of ["https://example.com/contact", "mailto:a.b+c@mail.example.org"]) {
    assert.equal((await (await withClaims({ sub }))()).status, 201);
  }
});

test("a token that was good is refused once it is past", async () => {
  let now = Date.now();
  const own = await startPushService({ dir, clock: () => now });
  try {
    const [mine] = own.createSubscriptions(1, { vapidKey: vapid.publicKey });
    const first = await sender.send(mine, "x");
    now += 13 * 3600 * 1000;

    const second = await sender.send(mine, "x");

    assert.deepEqual([first.status, second.status], [201, 401]);
    assert.match(second.body, /exp is past/);
  } finally {
    await own.stop();
  }
});

test("refusals are kept for the test to read", () => {
  const found = service.refusals().find(({ errno }) => errno === 111);
  assert.equal(found.endpoint, subscription.endpoint);
  assert.equal(found.headers.ttl, undefined);
});

test("a service told to keep only counts keeps no payloads, and one told requests opens nothing", async () => {
  for (const [keep, id] of [["counts", "AAAAAAAAAAAAAAAAAAAAAB"], ["requests", "unread"]]) {
    const lean = await startPushService({ dir, keep });
    try {
      const [mine] = lean.createSubscriptions(1, { vapidKey: vapid.publicKey });
      await sender.send(mine, JSON.stringify({ notification: { data: { id: "AAAAAAAAAAAAAAAAAAAAAB" } } }));

      assert.deepEqual(lean.counts(), [{ endpoint: mine.endpoint, id, seen: 1, accepted: 1 }]);
      assert.throws(() => lean.received(), /keeps only/);
      lean.forget();
      assert.deepEqual(lean.counts(), []);
    } finally {
      await lean.stop();
    }
  }
});

test("20 000 subscriptions are made within seconds, all different", () => {
  const start = performance.now();

  const made = service.createSubscriptions(20_000, { vapidKey: vapid.publicKey });

  assert.ok(performance.now() - start < 10_000);
  assert.equal(new Set(made.map(({ endpoint }) => endpoint)).size, 20_000);
  assert.equal(new Set(made.map(({ keys }) => keys.p256dh)).size, 20_000);
  assert.equal(new Set(made.map(({ keys }) => keys.auth)).size, 20_000);
});

test("a vapidKey that is none is refused with the reason", () => {
  assert.throws(() => service.createSubscriptions(1, { vapidKey: "abc" }), /vapidKey abc: must be/);
});
