// The face to browsers: autopush's protocol, spoken by a client of our own over ws.

import assert from "node:assert/strict";
import { createECDH, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import ece from "http_ece";
import { WebSocket } from "ws";
import { makeVapid, Sender } from "./push/independent_sender.mjs";
import { startPushService } from "./push_service.mjs";

let dir, service, vapid, sender;
let now = Date.now();

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "push-browser-"));
  service = await startPushService({ dir, clock: () => now });
  vapid = await makeVapid();
  sender = new Sender(readFileSync(service.caFile), vapid);
});

after(async () => {
  sender.close();
  await service.stop();
  await rm(dir, { recursive: true });
});

// A browser with one key pair and one auth secret for all its channels.
class Browser {
  #pair = createECDH("prime256v1");
  #auth = randomBytes(16);
  #inbox = [];

  constructor() {
    this.#pair.generateKeys();
  }

  async connect(uaid) {
    this.#inbox = [];
    this.socket = new WebSocket(service.browserUrl, "push-notification");
    this.socket.on("message", (text) => {
      this.#inbox.push(JSON.parse(text));
      this.socket.emit("inbox");
    });
    await once(this.socket, "open");
    this.say({ messageType: "hello", use_webpush: true, broadcasts: {}, ...(uaid === undefined ? {} : { uaid }) });
    const hello = await this.hear();
    this.uaid = hello.uaid;
    return hello;
  }

  async disconnect() {
    const closed = once(this.socket, "close");
    this.socket.close();
    await closed;
    await service.until(() => !this.agent().connected, "end of the connection");
  }

  say(message) {
    this.socket.send(JSON.stringify(message));
  }

  async hear() {
    while (this.#inbox.length === 0) await once(this.socket, "inbox");
    return this.#inbox.shift();
  }

  /** Whatever has come before the answer to a ping. */
  async heardSoFar() {
    this.say({});
    const all = [];
    for (;;) {
      const message = await this.hear();
      if (Object.keys(message).length === 0) return all;
      all.push(message);
    }
  }

  async subscribe(channelID = randomUUID()) {
    this.say({ messageType: "register", channelID, key: vapid.publicKey });
    const { status, pushEndpoint } = await this.hear();
    assert.equal(status, 200);
    const keys = { p256dh: this.#pair.getPublicKey("base64url"), auth: this.#auth.toString("base64url") };
    return { endpoint: pushEndpoint, channelID, keys };
  }

  open({ data, headers }) {
    assert.deepEqual(headers, { encoding: "aes128gcm" });
    return ece.decrypt(Buffer.from(data, "base64url"), { version: "aes128gcm", privateKey: this.#pair, authSecret: this.#auth }).toString();
  }

  acknowledge({ channelID, version }, code = 100) {
    this.say({ messageType: "ack", updates: [{ channelID, version, code }] });
  }

  agent() {
    return service.agents().find(({ uaid }) => uaid === this.uaid);
  }
}

async function connected() {
  const browser = new Browser();
  await browser.connect();
  return browser;
}

test("hello gives a uaid, and the same one again to a browser that brings it", async () => {
  const browser = new Browser();

  const first = await browser.connect();
  await browser.disconnect();
  const second = await browser.connect(first.uaid);

  assert.match(first.uaid, /^[0-9a-f]{32}$/);
  assert.deepEqual([first.messageType, first.status, first.use_webpush], ["hello", 200, true]);
  assert.equal(second.uaid, first.uaid);
  assert.notEqual((await new Browser().connect("f".repeat(32))).uaid, "f".repeat(32));
});

test("a push to a connected browser arrives, is opened by it and acknowledged", async () => {
  const browser = await connected();
  const subscription = await browser.subscribe();

  const answer = await sender.send(subscription, "hello there");
  const notification = await browser.hear();
  browser.acknowledge(notification);
  await browser.heardSoFar();

  assert.equal(answer.status, 201);
  assert.deepEqual([notification.messageType, notification.channelID], ["notification", subscription.channelID]);
  assert.equal(browser.open(notification), "hello there");
  assert.equal(browser.agent().undelivered, 0);
  assert.deepEqual(browser.agent().acks, [{ channelID: subscription.channelID, version: notification.version, code: 100 }]);
  assert.deepEqual(service.counts().filter(({ endpoint }) => endpoint === subscription.endpoint).map(({ id, accepted }) => [id, accepted]), [["opaque", 1]]);
});

test("the subscription is bound to the key of its registration", async () => {
  const subscription = await (await connected()).subscribe();
  const stranger = new Sender(sender.ca, await makeVapid());

  const answer = await stranger.send(subscription, "x");

  stranger.close();
  assert.equal(answer.status, 401);
  assert.equal(JSON.parse(answer.body).errno, 109);
});

test("messages for a browser that is away wait and come in order when it is back; TTL 0 does not wait", async () => {
  const browser = await connected();
  const subscription = await browser.subscribe();
  await browser.disconnect();

  for (const [text, ttl] of [["one", "60"], ["never", "0"], ["two", "60"]]) {
    assert.equal((await sender.send(subscription, text, { headers: { ttl } })).status, 201);
  }
  await browser.connect(browser.uaid);
  const heard = await browser.heardSoFar();

  assert.deepEqual(heard.map((message) => browser.open(message)), ["one", "two"]);
});

test("TTL 0 reaches a browser that is connected", async () => {
  const browser = await connected();
  await sender.send(await browser.subscribe(), "now", { headers: { ttl: "0" } });
  assert.equal(browser.open(await browser.hear()), "now");
  assert.equal(browser.agent().undelivered, 0);
});

test("a message is dropped when its TTL ends", async () => {
  const browser = await connected();
  const subscription = await browser.subscribe();
  await browser.disconnect();
  await sender.send(subscription, "short", { headers: { ttl: "10" } });
  await sender.send(subscription, "long", { headers: { ttl: "100" } });
  now += 20_000;

  await browser.connect(browser.uaid);
  const heard = await browser.heardSoFar();

  assert.deepEqual(heard.map((message) => browser.open(message)), ["long"]);
});

test("what was not acknowledged comes again, what was does not", async () => {
  const browser = await connected();
  const subscription = await browser.subscribe();
  await sender.send(subscription, "kept");
  await sender.send(subscription, "done");
  const [, done] = [await browser.hear(), await browser.hear()];
  browser.acknowledge(done);
  await browser.heardSoFar();
  await browser.disconnect();

  await browser.connect(browser.uaid);

  assert.deepEqual((await browser.heardSoFar()).map((message) => browser.open(message)), ["kept"]);
});

test("Topic replaces what is undelivered under the same topic of the same subscription only", async () => {
  const browser = await connected();
  const [one, two] = [await browser.subscribe(), await browser.subscribe()];
  await browser.disconnect();

  for (const [subscription, text, topic] of [[one, "old", "scores"], [one, "other", "news"], [two, "second", "scores"], [one, "new", "scores"]]) {
    await sender.send(subscription, text, { headers: { topic } });
  }
  await browser.connect(browser.uaid);

  assert.deepEqual((await browser.heardSoFar()).map((message) => browser.open(message)), ["other", "second", "new"]);
});

test("after unregister the endpoint answers 410 and nothing waits", async () => {
  const browser = await connected();
  const subscription = await browser.subscribe();
  await sender.send(subscription, "x");
  await browser.hear();

  browser.say({ messageType: "unregister", channelID: subscription.channelID, code: 200 });

  assert.deepEqual(await browser.hear(), { messageType: "unregister", channelID: subscription.channelID, status: 200 });
  assert.equal((await sender.send(subscription, "x")).status, 410);
  assert.equal(browser.agent().undelivered, 0);
});

test("registering a channel again keeps its endpoint, with another key makes a new one", async () => {
  const browser = await connected();
  const first = await browser.subscribe();

  const again = await browser.subscribe(first.channelID);
  browser.say({ messageType: "register", channelID: first.channelID, key: (await makeVapid()).publicKey });
  const other = await browser.hear();

  assert.equal(again.endpoint, first.endpoint);
  assert.notEqual(other.pushEndpoint, first.endpoint);
  assert.equal((await sender.send(first, "x")).status, 410);
});

test("a key that is none is refused", async () => {
  const browser = await connected();
  browser.say({ messageType: "register", channelID: randomUUID(), key: "abc" });
  assert.equal((await browser.hear()).status, 400);
});

test("nack is kept; broadcast_subscribe is taken in silence; {} is answered by {}", async () => {
  const browser = await connected();
  browser.say({ messageType: "nack", version: "v0", code: 301 });
  browser.say({ messageType: "broadcast_subscribe", broadcasts: { "remote-settings/monitor_changes": "v1" } });
  assert.deepEqual(await browser.heardSoFar(), []);
  assert.deepEqual(browser.agent().nacks, [{ version: "v0", code: 301 }]);
});

test("what is not of the protocol ends the connection and is noted", async () => {
  for (const text of ["not json", "[]", '{"messageType":"dance"}', "null"]) {
    const browser = await connected();
    const closed = once(browser.socket, "close");

    browser.socket.send(text);

    assert.equal((await closed)[0], 1003, text);
    assert.ok(service.browserFaults().includes(text));
  }
});

test("register before hello ends the connection", async () => {
  const socket = new WebSocket(service.browserUrl);
  await once(socket, "open");
  socket.send(JSON.stringify({ messageType: "register", channelID: randomUUID(), key: vapid.publicKey }));
  assert.equal((await once(socket, "close"))[0], 1003);
});

test("a script counts for a browser's subscription too: not accepted, not delivered", async () => {
  const browser = await connected();
  const subscription = await browser.subscribe();
  service.script({ status: 503, times: 1 }, { endpoints: [subscription.endpoint] });

  assert.equal((await sender.send(subscription, "lost")).status, 503);
  assert.equal((await sender.send(subscription, "found")).status, 201);

  assert.deepEqual((await browser.heardSoFar()).map((message) => browser.open(message)), ["found"]);
});
