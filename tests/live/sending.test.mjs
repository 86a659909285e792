// Sending for real: two push services of this machine, everybody once, from the API and from the command line.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Sender, counts } from "./sender.mjs";
import { startSite } from "./site.mjs";

const MESSAGE = { title: "Grüße", body: "Zwei\nZeilen 🎉", url: "/news?id=1", tag: "news", urgency: "high", ttl: 600, require_interaction: true,
  actions: [{ title: "Read", url: "/read" }] };

let site, sender, near, far;
before(async () => {
  site = await startSite({ hosts: 2 });
  sender = new Sender(site);
  [near, far] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const goneRows = async () => (await site.sql("SELECT id FROM subscription WHERE gone_at IS NOT NULL ORDER BY id")).map(([id]) => Number(id));
const trigger = async () => (await site.admin("/admin-api/trigger-push-notifications", { json: { title: "Hello", body: "World" } })).json();

// What is left of a time that began with the campaign, a few seconds ago.
const isLeftOf = (seconds, ttl) => Number(ttl) <= seconds && Number(ttl) > seconds - 5;

test("1300 subscriptions at two push services get one message each, over HTTP/2 and few connections", async () => {
  const made = [...await site.subscribe(650, { host: near.origin }), ...await site.subscribe(650, { host: far.origin })];

  const campaign = await sender.send(MESSAGE);

  assert.equal(campaign.state, "finished");
  assert.deepEqual(campaign.counts, counts({ audience: 1300, accepted: 1300 }));
  const rows = site.service.counts();
  assert.equal(rows.length, 1300);
  assert.ok(rows.every(({ seen, accepted }) => seen === 1 && accepted === 1));
  assert.equal(new Set(rows.map(({ id }) => id)).size, 1);
  assert.deepEqual(new Set(rows.map(({ endpoint }) => endpoint)), new Set(made.map(({ endpoint }) => endpoint)));
  assert.deepEqual(site.service.refusals(), []);
  for (const { statistics } of site.service.hosts) {
    assert.ok(statistics.mostOpen <= 4, `${statistics.mostOpen} connections at once`);
    assert.equal(statistics.http1, 0);
  }
  assert.ok(site.service.received().every(({ protocol }) => protocol === "h2"));
});

test("what arrives is the payload that the service worker and declarative push read, and the headers that were asked for", async () => {
  await site.subscribe(1);

  await sender.send(MESSAGE);

  const [{ payload, headers }] = site.service.received();
  const { notification, ...rest } = JSON.parse(payload);
  const { data: { id, ...otherData }, ...shown } = notification;
  const { origin } = site.lamppost;
  assert.deepEqual(rest, { web_push: 8030 });
  assert.deepEqual(shown, { title: "Grüße", navigate: `${origin}/news?id=1`, body: "Zwei\nZeilen 🎉", tag: "news", requireInteraction: true,
    actions: [{ action: "0", title: "Read", navigate: `${origin}/read` }] });
  assert.match(id, /^[A-Za-z0-9_-]{22}$/);
  assert.deepEqual(otherData, {});
  assert.ok(isLeftOf(600, headers.ttl), `TTL: ${headers.ttl}`);
  assert.equal(headers.urgency, "high");
  assert.equal(headers.topic, undefined);
  assert.equal(headers["content-encoding"], "aes128gcm");
});

test("a message without a url opens the site's root, and what is not set is left out", async () => {
  await site.subscribe(1);

  await sender.send({ title: "Only this" });

  const { notification } = JSON.parse(site.service.received()[0].payload);
  assert.deepEqual(Object.keys(notification), ["title", "navigate", "data"]);
  assert.equal(notification.navigate, `${site.lamppost.origin}/`);
  const { ttl } = site.service.received()[0].headers;
  assert.ok(isLeftOf(86_400, ttl), `TTL: ${ttl}`);
});

test("replace becomes a topic and a tag", async () => {
  await site.subscribe(1);

  await sender.send({ title: "Score", replace: "game 7" });

  const [{ payload, headers }] = site.service.received();
  assert.match(headers.topic, /^[A-Za-z0-9_-]{1,32}$/);
  assert.equal(JSON.parse(payload).notification.tag, "game 7");
});

test("the longest message that is taken arrives whole", async () => {
  await site.subscribe(1);
  const longest = { title: "x", body: "ü".repeat(1500), url: `/${"y".repeat(700)}` };

  assert.deepEqual((await sender.send(longest)).counts, counts({ audience: 1, accepted: 1 }));

  assert.equal(JSON.parse(site.service.received()[0].payload).notification.body, longest.body);
});

test("a subscription made with a key that is not held here is skipped, the others are sent to", async () => {
  const made = (await site.subscribe(3)).sort((a, b) => a.id - b.id);
  await site.sql(`UPDATE subscription SET key_id = key_id + 1 WHERE id = ${made[1].id}`);

  const campaign = await sender.send();

  assert.deepEqual(campaign.counts, counts({ audience: 3, accepted: 2, skipped: 1 }));
  assert.deepEqual(campaign.services[0].reasons, { "made with a VAPID key that is not held here": 1 });
  assert.deepEqual((await trigger()).result, [true, false, true]);
  assert.deepEqual(await goneRows(), []);
});

test("rows that never went through our doors are skipped, and reach nothing inside", async () => {
  const made = (await site.subscribe(4)).sort((a, b) => a.id - b.id);
  await site.sql(`UPDATE subscription SET endpoint = 'https://127.0.0.1:22/x' WHERE id = ${made[0].id};
    UPDATE subscription SET p256dh = REPEAT('x', 65) WHERE id = ${made[1].id};
    UPDATE subscription SET endpoint = 'junk' WHERE id = ${made[2].id}`);

  const campaign = await sender.send();

  assert.deepEqual(campaign.counts, counts({ audience: 4, accepted: 1, skipped: 3 }));
});

test("`lamppost send` sends from the command line and says what came of it", async () => {
  const made = await site.subscribe(3);
  site.service.unsubscribe([made[0].endpoint]);

  const { code, out, err } = await site.lamppostCommand(["send", "--title", "From cron", "--body", "Good morning", "--url", "/today"]);

  assert.equal(code, 0, err);
  assert.match(out, /^campaign \d+ finished: 3 in the audience, 2 accepted, 1 gone, 0 failed, 0 expired, 0 unsure, 0 skipped, 0 waiting\n/);
  const { notification } = JSON.parse(site.service.received()[0].payload);
  assert.deepEqual([notification.title, notification.body, notification.navigate], ["From cron", "Good morning", `${site.lamppost.origin}/today`]);
  assert.equal(site.service.tally().accepted, 2);
});

test("`lamppost send` refuses a bad message with 2 and one line, and sends nothing", async () => {
  await site.subscribe(1);

  for (const options of [[], ["--title", ""], ["--title", "x", "--url", "javascript:alert(1)"], ["--title", "x", "--ttl", "soon"], ["--title", "x", "--nonsense"]]) {
    const { code, out, err } = await site.lamppostCommand(["send", ...options]);

    assert.equal(code, 2, err);
    assert.match(err, /^lamppost: [^\n]+\n$/);
    assert.equal(out, "");
  }
  assert.equal(site.service.tally().requests, 0);
});

test("four callers at once: each campaign reaches everybody once", async () => {
  await site.subscribe(200);

  const campaigns = await Promise.all([1, 2, 3, 4].map((number) => sender.send({ title: `Number ${number}` })));

  for (const campaign of campaigns) assert.deepEqual(campaign.counts, counts({ audience: 200, accepted: 200 }));
  assert.equal(site.service.counts().length, 800);
  assert.deepEqual(site.service.twice(), []);
});
