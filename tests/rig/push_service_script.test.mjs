// The answers that a script tells the push service to give, over both versions of HTTP.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { constants } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { encrypt, makeVapid, Sender } from "./push/independent_sender.mjs";
import { startPushService } from "./push_service.mjs";

const PROTOCOLS = ["h2", "http/1.1"];
let dir, service, vapid, sender, one, two;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "push-script-"));
  service = await startPushService({ dir });
  vapid = await makeVapid();
  sender = new Sender(readFileSync(service.caFile), vapid);
  [one, two] = service.createSubscriptions(2, { vapidKey: vapid.publicKey });
});

afterEach(() => {
  sender.close();
  service.clearScript();
  service.forget();
});

after(async () => {
  await service.stop();
  await rm(dir, { recursive: true });
});

// The request as it goes over a TLS connection, for what no HTTP client would show.
async function rawAnswer(limit = Infinity) {
  const socket = connectTls({ port: service.port, host: "127.0.0.1", ca: sender.ca, servername: "localhost" });
  await once(socket, "secureConnect");
  const body = encrypt("x", one);
  const headers = { ...(await sender.headers(one.endpoint)), host: "localhost", "content-length": body.length };
  socket.write(`POST ${new URL(one.endpoint).pathname} HTTP/1.1\r\n`);
  socket.write(`${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  socket.write(body);
  let text = "";
  let size = 0;
  const pieces = [];
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    size += chunk.length;
    pieces.push(chunk.length);
    if (text.length < 100_000) text += chunk.toString("latin1");
    if (size > limit) socket.destroy();
  });
  await once(socket, "close");
  return { text, pieces, size };
}

for (const protocol of PROTOCOLS) {
  test(`any status, headers and body, k times and then the truth (${protocol})`, async () => {
    service.script({ status: 429, times: 2, headers: { "retry-after": "3" }, body: "slow down" });

    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push(await sender.send(one, "x", { protocol }));

    assert.deepEqual(answers.map(({ status }) => status), [429, 429, 201]);
    assert.equal(answers[0].headers["retry-after"], "3");
    assert.equal(answers[0].body, "slow down");
    assert.deepEqual(service.received(one).map(({ outcome, accepted }) => [outcome, accepted]), [["429", false], ["429", false], ["201", true]]);
    assert.equal(service.counts()[0].seen, 3);
    assert.equal(service.counts()[0].accepted, 1);
    assert.deepEqual(service.statistics().hosts[0].byStatus, { 429: 2, 201: 1 });
  });

  test(`a rule for one subscription leaves the other alone; rules follow each other (${protocol})`, async () => {
    service.script([{ status: 503, times: 1 }, { status: 404 }], { endpoints: [one] });

    const statuses = [];
    for (const subscription of [one, two, one, two, one]) statuses.push((await sender.send(subscription, "x", { protocol })).status);

    assert.deepEqual(statuses, [503, 201, 404, 201, 404]);
    service.clearScript({ endpoints: [one] });
    assert.equal((await sender.send(one, "x", { protocol })).status, 201);
  });

  test(`a refusal is not hidden by a script (${protocol})`, async () => {
    service.script({ status: 503 });
    assert.equal((await sender.send(one, "x", { protocol, headers: { ttl: undefined } })).status, 400);
  });

  test(`the answer may be late (${protocol})`, async () => {
    service.script({ delay: 200, times: 1 });
    const start = performance.now();

    const answer = await sender.send(one, "x", { protocol });

    assert.equal(answer.status, 201);
    assert.ok(performance.now() - start >= 195);
  });

  test(`a hang gives no answer, while other requests get theirs (${protocol})`, async () => {
    service.script({ action: "hang" }, { endpoints: [one] });
    let answered = false;
    const hung = sender.send(one, "x", { protocol }).then(() => { answered = true; }, (error) => error);
    await service.until(() => service.received(one).length === 1, "hung message");

    const other = await sender.send(two, "x", { protocol });
    await sleep(200);

    assert.equal(other.status, 201);
    assert.equal(answered, false);
    await service.hosts[0].stop(); // ends the connection
    await service.hosts[0].start();
    assert.ok((await hung) instanceof Error);
  });

  test(`a reset after the body is counted as seen, one before it is not (${protocol})`, async () => {
    service.script([{ action: "reset", before: true, times: 1 }, { action: "reset", times: 1 }, { action: "reset", times: 1, accept: true }]);

    await assert.rejects(sender.send(one, "x", { protocol }), /ECONNRESET|closed|hang up/);
    assert.equal(service.statistics().seen, 0);
    await assert.rejects(sender.send(one, "x", { protocol }), /ECONNRESET|closed|hang up/);
    assert.deepEqual([service.statistics().seen, service.statistics().accepted], [1, 0]);
    await assert.rejects(sender.send(one, "x", { protocol }), /ECONNRESET|closed|hang up/);
    assert.deepEqual([service.statistics().seen, service.statistics().accepted], [2, 1]);
    assert.equal((await sender.send(one, "x", { protocol })).status, 201);
  });

  test(`a redirect carries its Location (${protocol})`, async () => {
    service.script({ action: "redirect", location: "https://127.0.0.1:1/trap", status: 301 });

    const answer = await sender.send(one, "x", { protocol });

    assert.deepEqual([answer.status, answer.headers.location], [301, "https://127.0.0.1:1/trap"]);
    assert.equal(service.received(one)[0].accepted, false);
  });

  test(`an answer may come by one byte at a time (${protocol})`, async () => {
    service.script({ action: "drip", everyMs: 20, body: "0123456789" });
    const start = performance.now();

    const answer = await sender.send(one, "x", { protocol });

    assert.deepEqual([answer.status, answer.body], [201, "0123456789"]);
    assert.ok(performance.now() - start >= 180);
  });
}

test("a header may be repeated over HTTP/1.1", async () => {
  service.script({ status: 429, headers: { "retry-after": ["1", "2"] } });

  const { raw } = await sender.send(one, "x", { protocol: "http/1.1" });

  assert.deepEqual(raw.filter((name, at) => raw[at - 1]?.toLowerCase() === "retry-after"), ["1", "2"]);
});

test("RST_STREAM comes with the code that was told; REFUSED_STREAM counts nothing, others count as seen", async () => {
  for (const [code, seen] of [["REFUSED_STREAM", 0], ["INTERNAL_ERROR", 1], ["CANCEL", 1], ["ENHANCE_YOUR_CALM", 1], [2, 1]]) {
    service.forget();
    service.script({ action: "rst", code, times: 1 });
    const number = typeof code === "number" ? code : constants[`NGHTTP2_${code}`];

    await assert.rejects(sender.send(one, "x"), ({ rstCode }) => rstCode === number, String(code));

    assert.equal(service.statistics().seen, seen, String(code));
  }
  assert.equal((await sender.send(one, "x")).status, 201);
  assert.equal(service.statistics().hosts[0].connections, 0);
});

test("after every k requests of a connection comes GOAWAY, and later streams are not processed", async () => {
  service.script({ action: "goaway", after: 3 });
  const session = sender.session(service.origin);
  const goaway = once(session, "goaway");

  const results = await Promise.allSettled(Array.from({ length: 8 }, () => sender.send(one, "x")));

  const accepted = results.filter(({ status, value }) => status === "fulfilled" && value.status === 201).length;
  const [code, lastStream] = await goaway;
  assert.equal(code, 0);
  assert.equal(lastStream, 5);
  assert.equal(accepted, 3);
  assert.equal(service.statistics().seen, 3);
  await service.until(() => service.statistics().hosts[0].open === 0, "end of the connection");
  assert.equal((await sender.send(one, "x")).status, 201);
});

test("GOAWAY over HTTP/1.1 is Connection: close", async () => {
  service.script({ action: "goaway", after: 1 });
  assert.equal((await sender.send(one, "x", { protocol: "http/1.1" })).headers.connection, "close");
});

test("over HTTP/1.1 a drip may begin in the status line or in the headers", async () => {
  for (const [part, first] of [["status", "H"], ["headers", "HTTP/1.1 201 Created\r\n"]]) {
    service.script({ action: "drip", part, everyMs: 2, body: "ok", times: 1 });

    const { text, pieces } = await rawAnswer();

    assert.match(text, /^HTTP\/1\.1 201 Created\r\n.*\r\n\r\nok$/s);
    assert.equal(pieces[0], first.length);
    assert.ok(pieces.length > 10);
  }
});

test("an endless body goes on until the client hangs up", async () => {
  service.script({ action: "endless" });

  const { text, size } = await rawAnswer(5_000_000);

  assert.match(text, /^HTTP\/1\.1 201 Created\r\n/);
  assert.ok(size > 5_000_000);
  const session = sender.session(service.origin);
  const stream = session.request({ ":method": "POST", ":path": new URL(one.endpoint).pathname, ...(await sender.headers(one.endpoint)) });
  stream.end(encrypt("x", one));
  let received = 0;
  for await (const chunk of stream) {
    received += chunk.length;
    if (received > 5_000_000) break;
  }
  assert.ok(received > 5_000_000);
});

test("huge headers: a thousand lines, or one of a megabyte, over HTTP/1.1", async () => {
  service.script([{ action: "huge-headers", count: 1000, size: 100, times: 1 }, { action: "huge-headers", count: 1, size: 1_000_000, times: 1 }]);

  const many = await rawAnswer(1000 * 110);
  const long = await rawAnswer(1_000_000);

  assert.match(many.text, /^HTTP\/1\.1 201 Created\r\nx-huge-1: x{100}\r\nx-huge-2: /);
  assert.ok(long.size > 1_000_000);
});

test("huge headers over HTTP/2 are more than a client takes", async () => {
  service.script({ action: "huge-headers", count: 1000, size: 1000, times: 1 });
  await assert.rejects(sender.send(one, "x"), ({ rstCode }) => rstCode !== undefined);
});

test("garbage comes where the answer should be, random or as told", async () => {
  service.script([{ action: "garbage", bytes: "HTTP/9.9 abc\r\n", times: 1 }, { action: "garbage", times: 3 }]);

  assert.equal((await rawAnswer()).text, "HTTP/9.9 abc\r\n");
  assert.equal((await rawAnswer()).size, 4096);
  await assert.rejects(sender.send(one, "x", { protocol: "http/1.1" }));
  await assert.rejects(sender.send(one, "x", { protocol: "h2" }));
  assert.equal((await sender.send(one, "x")).status, 201);
});

test("one host may fail while another goes on; a stopped one comes back on its port", async () => {
  const other = await service.addHost();
  const [elsewhere] = service.createSubscriptions(1, { host: other.origin, vapidKey: vapid.publicKey });
  service.script({ status: 503 }, { host: service.origin });

  assert.equal((await sender.send(one, "x")).status, 503);
  assert.equal((await sender.send(elsewhere, "x")).status, 201);
  await other.stop();
  sender.close();
  await assert.rejects(sender.send(elsewhere, "x"), /ECONNREFUSED/);
  await other.start();
  sender.close();
  assert.equal((await sender.send(elsewhere, "x")).status, 201);
});

test("connections break as told before any request", async () => {
  for (const fault of ["reset", "plain-text", "close-after-handshake", "garbage"]) {
    sender.close();
    service.hosts[0].breakConnections(fault);
    await assert.rejects(sender.send(one, "x"), undefined, fault);
  }
  for (const fault of ["hang", "hang-after-handshake"]) {
    sender.close();
    service.hosts[0].breakConnections(fault);
    const end = await Promise.race([sender.send(one, "x", { protocol: "http/1.1" }), sleep(200, "nothing")]);
    assert.equal(end, "nothing", fault);
  }
  service.hosts[0].breakConnections(null);
  assert.equal(service.statistics().seen, 0);
  sender.close();
  assert.equal((await sender.send(one, "x")).status, 201);
});

test("a bad certificate is refused by a careful client, and no request comes", async () => {
  const kinds = { "expired": "CERT_HAS_EXPIRED", "wrong-name": "ERR_TLS_CERT_ALTNAME_INVALID",
    "unknown-ca": "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "self-signed": "DEPTH_ZERO_SELF_SIGNED_CERT" };
  for (const [certificate, code] of Object.entries(kinds)) {
    const host = await service.addHost({ certificate });
    const [there] = service.createSubscriptions(1, { host: host.origin, vapidKey: vapid.publicKey });
    await assert.rejects(sender.send(there, "x", { protocol: "http/1.1" }), { code });
    assert.equal(host.tally.requests, 0);
  }
});

test("the statistics know connections, protocols and streams at once", async () => {
  service.script({ delay: 100 });

  await Promise.all(Array.from({ length: 10 }, () => sender.send(one, "x")));
  await sender.send(one, "x", { protocol: "http/1.1" });

  const [host] = service.statistics().hosts;
  assert.deepEqual([host.connections, host.h2, host.http1], [2, 1, 1]);
  assert.equal(host.mostStreams, 10);
  assert.equal(host.accepted, 11);
});

test("a rule that cannot be is refused with the reason", () => {
  const wrong = [
    [{ action: "explode" }, /"explode": must be one of/], [{ status: 500, often: 2 }, /often means nothing/],
    [{ status: 500, times: 0 }, /times 0/], [{ action: "rst", code: "NO_SUCH" }, /NO_SUCH/],
    [{ action: "redirect" }, /location is missing/], [{ before: true }, /before the body/],
  ];
  for (const [rule, reason] of wrong) assert.throws(() => service.script(rule), reason);
  assert.throws(() => service.script({ action: "goaway" }, { endpoints: [one] }), /whole host/);
  assert.throws(() => service.script({ status: 500 }, { endpoints: ["https://localhost/none"] }), /has none like it/);
  assert.throws(() => service.script({ status: 500 }, { host: "https://localhost:1" }), /host https:\/\/localhost:1/);
});
