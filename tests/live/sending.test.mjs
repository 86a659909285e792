// Sending for real: two push services of this machine, everybody once, nobody dropped but who is gone.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createServer } from "node:net";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "./site.mjs";

const MESSAGE = { title: "Grüße", body: "Zwei\nZeilen 🎉", url: "/news?id=1", tag: "news", urgency: "high", ttl: 600, require_interaction: true,
  actions: [{ title: "Read", url: "/read" }] };

let site, near, far;
before(async () => {
  site = await startSite({ hosts: 2 });
  [near, far] = site.service.hosts;
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const send = async (message = { title: "Hello" }) => (await site.admin("/api/admin/campaigns", { json: { ...message, send: true } })).json();
const trigger = async () => (await site.admin("/admin-api/trigger-push-notifications", { json: { title: "Hello", body: "World" } })).json();
const counts = (of) => ({ audience: 0, waiting: 0, accepted: 0, gone: 0, failed: 0, expired: 0, unsure: 0, skipped: 0, ...of });
const goneRows = async () => (await site.sql("SELECT id FROM subscription WHERE gone_at IS NOT NULL ORDER BY id")).map(([id]) => Number(id));

/** A campaign as lines: each is {line, at}, `at` when it came, in ms after the request. */
async function* stream(message, options = {}) {
  const asked = performance.now();
  const answer = await site.admin("/api/admin/campaigns", { json: { ...message, send: true }, ...options, headers: { Accept: "application/x-ndjson" } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^application\/x-ndjson/);
  let text = "";
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      yield { line: JSON.parse(text.slice(0, end)), at: performance.now() - asked };
      text = text.slice(end + 1);
    }
  }
  assert.equal(text, "", "the last line has no end");
}

test("1300 subscriptions at two push services get one message each, over HTTP/2 and few connections", async () => {
  const made = [...await site.subscribe(650, { host: near.origin }), ...await site.subscribe(650, { host: far.origin })];

  const campaign = await send(MESSAGE);

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

  await send(MESSAGE);

  const [{ payload, headers }] = site.service.received();
  const { notification, ...rest } = JSON.parse(payload);
  const { data: { id, ...otherData }, ...shown } = notification;
  const { origin } = site.lamppost;
  assert.deepEqual(rest, { web_push: 8030 });
  assert.deepEqual(shown, { title: "Grüße", navigate: `${origin}/news?id=1`, body: "Zwei\nZeilen 🎉", tag: "news", requireInteraction: true,
    actions: [{ action: "0", title: "Read", navigate: `${origin}/read` }] });
  assert.match(id, /^[A-Za-z0-9_-]{22}$/);
  assert.deepEqual(otherData, {});
  assert.equal(headers.ttl, "600");
  assert.equal(headers.urgency, "high");
  assert.equal(headers.topic, undefined);
  assert.equal(headers["content-encoding"], "aes128gcm");
});

test("a message without a url opens the site's root, and what is not set is left out", async () => {
  await site.subscribe(1);

  await send({ title: "Only this" });

  const { notification } = JSON.parse(site.service.received()[0].payload);
  assert.deepEqual(Object.keys(notification), ["title", "navigate", "data"]);
  assert.equal(notification.navigate, `${site.lamppost.origin}/`);
  assert.equal(site.service.received()[0].headers.ttl, "86400");
});

test("replace becomes a topic and a tag", async () => {
  await site.subscribe(1);

  await send({ title: "Score", replace: "game 7" });

  const [{ payload, headers }] = site.service.received();
  assert.match(headers.topic, /^[A-Za-z0-9_-]{1,32}$/);
  assert.equal(JSON.parse(payload).notification.tag, "game 7");
});

test("the longest message that is taken arrives whole", async () => {
  await site.subscribe(1);
  const longest = { title: "x", body: "ü".repeat(1500), url: `/${"y".repeat(700)}` };

  assert.deepEqual((await send(longest)).counts, counts({ audience: 1, accepted: 1 }));

  assert.equal(JSON.parse(site.service.received()[0].payload).notification.body, longest.body);
});

test("404 and 410 end a subscription, which is not sent to again", async () => {
  const made = (await site.subscribe(4)).sort((a, b) => a.id - b.id);
  site.service.script({ status: 404 }, { endpoints: [made[1]] });
  site.service.unsubscribe([made[3].endpoint]);

  const first = await send();
  const second = await send();

  assert.deepEqual(first.counts, counts({ audience: 4, accepted: 2, gone: 2 }));
  assert.deepEqual(await goneRows(), [made[1].id, made[3].id]);
  assert.deepEqual(second.counts, counts({ audience: 2, accepted: 2 }));
});

test("a subscription that was gone and subscribes anew is sent to again", async () => {
  const [made] = await site.subscribe(1);
  site.service.script({ status: 410, times: 1 }, { endpoints: [made] });
  await send();

  const again = await site.public("/api/push-subscriptions", { json: made });

  assert.equal((await again.json()).result.id, made.id);
  assert.deepEqual((await send()).counts, counts({ audience: 1, accepted: 1 }));
});

const rowsInFull = () => site.sql("SELECT id, endpoint, HEX(p256dh), HEX(auth), key_id, seen_at, gone_at FROM subscription ORDER BY id");

test("no other answer touches a subscription, and each is reported by its status", async () => {
  const statuses = [301, 400, 401, 403, 406, 408, 413, 418, 429, 500, 502, 503];
  const made = await site.subscribe(statuses.length + 1);
  statuses.forEach((status, at) => site.service.script({ status, headers: { "retry-after": "3" } }, { endpoints: [made[at]] }));
  const earlier = await rowsInFull();

  const campaign = await send();

  assert.deepEqual(await rowsInFull(), earlier);
  assert.deepEqual(campaign.counts, counts({ audience: statuses.length + 1, accepted: 1, failed: statuses.length }));
  assert.deepEqual(campaign.services[0].reasons, Object.fromEntries(statuses.map((status) => [status, 1])));
});

test("an answer that is none touches no subscription either", async () => {
  const faults = [{ action: "reset" }, { action: "rst", code: "INTERNAL_ERROR" }, { action: "rst" }, { action: "garbage" }, { action: "hang" },
    { action: "drip", everyMs: 100 }, { action: "endless" }, { action: "huge-headers" }];
  const made = await site.subscribe(faults.length);
  faults.forEach((fault, at) => site.service.script(fault, { endpoints: [made[at]] }));
  const earlier = await rowsInFull();

  const campaign = await send();

  assert.deepEqual(await rowsInFull(), earlier);
  assert.equal(campaign.state, "finished");
  assert.equal(campaign.counts.audience, faults.length);
  assert.equal(campaign.counts.gone, 0);
});

test("a push service that refuses everybody with 403 costs no subscription, nor one that is away", async () => {
  await site.subscribe(100, { host: near.origin });
  await site.subscribe(100, { host: far.origin });
  site.service.script({ status: 403 }, { host: near.origin });
  await far.stop();
  try {
    const campaign = await send();

    assert.equal(campaign.counts.accepted, 0);
    assert.equal(campaign.counts.gone, 0);
  } finally {
    await far.start();
  }
  assert.deepEqual(await goneRows(), []);
  site.service.clearScript();
  site.service.forget();
  assert.deepEqual((await send()).counts, counts({ audience: 200, accepted: 200 }));
});

test("one that hangs is waited for at most 15 s; the others have theirs long before", async () => {
  const made = await site.subscribe(40);
  site.service.script({ action: "hang" }, { endpoints: [made[7]] });
  const asked = performance.now();

  const sending = send();
  await until("the others are accepted", 3, () => site.service.tally().accepted === 39);
  const campaign = await sending;

  assert.deepEqual(campaign.counts, counts({ audience: 40, accepted: 39, unsure: 1 }));
  assert.ok(performance.now() - asked < 15_000);
});

test("a redirect is not followed", async () => {
  const made = await site.subscribe(5);
  let hits = 0;
  const trap = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  await new Promise((go) => trap.listen(0, "127.0.0.1", go));
  const locations = [`https://127.0.0.1:${trap.address().port}/`, `http://127.0.0.1:${trap.address().port}/`, "file:///etc/passwd", `${far.origin}/wpush/v2/x`, "/elsewhere"];
  [301, 302, 303, 307, 308].forEach((status, at) => site.service.script({ action: "redirect", status, location: locations[at] }, { endpoints: [made[at]] }));

  const campaign = await send();
  await new Promise((go) => trap.close(go));

  assert.deepEqual(campaign.counts, counts({ audience: 5, failed: 5 }));
  assert.equal(hits, 0);
  assert.equal(far.tally.requests, 0);
  assert.equal(site.service.tally().requests, 5);
});

test("a connection that is told to go away loses nobody", async () => {
  await site.subscribe(300);
  site.service.script({ action: "goaway", after: 20 });

  const campaign = await send();

  assert.equal(campaign.counts.audience, 300);
  assert.equal(campaign.counts.gone, 0);
  assert.equal(campaign.counts.accepted, site.service.tally().accepted);
  assert.deepEqual(site.service.twice(), []);
});

test("the first line of progress comes through nginx before a slow push service has answered", async () => {
  await site.subscribe(3);
  site.service.script({ action: "accept", delay: 1500 });
  const lines = [];

  for await (const each of stream({ title: "Slow" })) lines.push(each);

  const [first] = lines, last = lines.at(-1);
  assert.ok(first.at < 700, `the first line took ${Math.round(first.at)} ms`);
  assert.ok(last.at >= 1500);
  assert.equal(first.line.state, "sending");
  assert.equal(last.line.state, "finished");
  assert.deepEqual(last.line.counts, counts({ audience: 3, accepted: 3 }));
});

test("a line of progress comes at least every 5 s", async () => {
  await site.subscribe(1);
  site.service.script({ action: "accept", delay: 7000 });
  const times = [];

  for await (const { at } of stream({ title: "Very slow" })) times.push(at);

  assert.ok(times.length >= 3, `${times.length} lines`);
  times.reduce((earlier, at) => {
    assert.ok(at - earlier < 6500, `nothing was heard for ${Math.round(at - earlier)} ms`);
    return at;
  }, 0);
});

test("a client that leaves in the middle of the stream does not stop the sending", async () => {
  await site.subscribe(700);
  site.service.script({ action: "accept", delay: 300 });
  const leaving = new AbortController();

  await assert.rejects(async () => {
    for await (const { line } of stream({ title: "Closed tab" }, { signal: leaving.signal })) {
      assert.equal(line.state, "sending");
      leaving.abort();
    }
  }, { name: "AbortError" });

  await until("everybody is accepted", 15, () => site.service.tally().accepted === 700);
  await until("the campaign is finished", 5, async () => (await site.sql("SELECT state FROM campaign ORDER BY id DESC LIMIT 1"))[0][0] === "finished");
  assert.deepEqual(site.service.twice(), []);
});

test("a subscription made with a key that is not held here is skipped, the others are sent to", async () => {
  const made = (await site.subscribe(3)).sort((a, b) => a.id - b.id);
  await site.sql(`UPDATE subscription SET key_id = key_id + 1 WHERE id = ${made[1].id}`);

  const campaign = await send();

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

  const campaign = await send();

  assert.deepEqual(campaign.counts, counts({ audience: 4, accepted: 1, skipped: 3 }));
});

test("`lamppost send` sends from the command line and says what came of it", async () => {
  const made = await site.subscribe(3);
  site.service.unsubscribe([made[0].endpoint]);

  const { code, out, err } = await site.lamppostCommand(["send", "--title", "From cron", "--body", "Good morning", "--url", "/today"]);

  assert.equal(code, 0, err);
  assert.match(out, /^2 accepted, 1 gone, 0 failed, 0 unsure, 0 skipped\n/);
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

  const campaigns = await Promise.all([1, 2, 3, 4].map((number) => send({ title: `Number ${number}` })));

  for (const campaign of campaigns) assert.deepEqual(campaign.counts, counts({ audience: 200, accepted: 200 }));
  assert.equal(site.service.counts().length, 800);
  assert.deepEqual(site.service.twice(), []);
});
