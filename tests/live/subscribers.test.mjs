// What a subscriber may choose, see and erase, as a page meets it, through nginx and a database.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { temporaryFolder } from "../rig/lamppost.mjs";
import { startSite } from "./site.mjs";

const secret = "0123456789abcdef0123456789abcdef";
const topics = [{ name: "news", label: "Näws & more", default: true }, { name: "sport", label: "Sport", default: false }];
let site, folder;

before(async () => {
  folder = temporaryFolder();
  const file = join(folder, "identity");
  writeFileSync(file, `${secret}\n`);
  chmodSync(file, 0o644); // the servers' user reads it
  site = await startSite({ config: `identity_secret_file = ${file}` });
});
after(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => { await site.clear(); });

const subscribe = (json) => site.public("/api/push-subscriptions", { json });
const held = ({ endpoint, keys: { auth } }, more = {}) => ({ endpoint, auth, ...more });
const change = (subscription, more) => site.public("/api/push-subscriptions", { method: "PATCH", json: held(subscription, more) });
const mine = (subscription, more) => site.public("/api/push-subscriptions/mine", { json: held(subscription, more) });
const resultOf = async (answer) => {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text).result;
};
const putTopics = async (list = topics) => {
  const answer = await site.admin("/api/admin/topics", { method: "PUT", json: { topics: list } });
  assert.equal(answer.status, 200, await answer.text());
};
const signed = (id) => ({ id, signature: createHmac("sha256", secret).update(id).digest("hex") });
const send = async (title) => {
  const answer = await site.admin("/api/admin/campaigns", { json: { title, send: true } });
  assert.equal(answer.status, 200, await answer.text());
};
const now = () => Math.floor(Date.now() / 1000);

test("the owner's topics are what the page is told, and what a visitor may choose", async () => {
  assert.deepEqual(await (await site.admin("/api/admin/topics")).json(), { topics: [] });

  await putTopics();

  assert.deepEqual(await (await site.admin("/api/admin/topics")).json(), { topics });
  const config = await (await site.public("/api/config")).json();
  assert.deepEqual(config.topics, topics);
  assert.equal(config.identify, true);
  const [subscription] = site.service.createSubscriptions(1, { vapidKey: config.vapid_public_key });
  assert.equal((await subscribe({ subscription, topics: ["sport", "news"] })).status, 201);
  assert.deepEqual((await resultOf(await mine(subscription))).topics, ["news", "sport"]);
  const unknown = await subscribe({ subscription, topics: ["weather"] });
  assert.equal(unknown.status, 400);
  assert.equal((await unknown.json()).error.code, "bad_topics");
});

test("a topic that the owner takes away goes from those who chose it", async () => {
  await putTopics();
  const [subscription] = await site.subscribe(1);
  await change(subscription, { topics: ["news", "sport"] });

  await putTopics([topics[1]]);
  await putTopics();

  assert.deepEqual((await resultOf(await mine(subscription))).topics, ["sport"]);
});

test("nobody but the owner puts topics", async () => {
  const answer = await site.public("/api/admin/topics", { method: "PUT", json: { topics } });

  assert.equal(answer.status, 401);
  assert.deepEqual(await site.sql("SELECT name FROM topic"), []);
});

test("all that can be changed is changed, stored and told", async () => {
  await putTopics();
  const [subscription] = await site.subscribe(1);
  const until = now() + 86_400;
  const wanted = { topics: ["sport"], language: "de-AT", timezone: "Europe/Vienna", pause_until: until, quiet_hours: { from: "22:00", to: "07:00" } };

  const changed = await resultOf(await change(subscription, wanted));

  const { created_at: createdAt, seen_at: seenAt, ...rest } = changed;
  assert.deepEqual(rest, { ...wanted, user: null, devices: 1, recent: [] });
  assert.ok(now() - createdAt < 60 && seenAt >= createdAt, `${createdAt} ${seenAt}`);
  assert.deepEqual(await resultOf(await mine(subscription)), changed);
  const ended = await resultOf(await change(subscription, { pause_until: null, quiet_hours: null, topics: [] }));
  assert.deepEqual(ended, { ...changed, pause_until: null, quiet_hours: null, topics: [] });
});

test("who pauses gets nothing, and gets again when the pause is over", async () => {
  const [pauses, stays] = await site.subscribe(2);
  await change(pauses, { pause_until: now() + 3600 });

  await send("one");
  await change(pauses, { pause_until: null });
  await send("two");

  const got = (one) => site.service.received().filter(({ endpoint }) => endpoint === one.endpoint).map(({ payload }) => JSON.parse(payload).notification.title);
  assert.deepEqual(got(pauses), ["two"]);
  assert.deepEqual(got(stays), ["one", "two"]);
});

test("the last messages and what became of them are told, to each its own", async () => {
  const [early] = await site.subscribe(1);
  await send("one");
  const [late] = await site.subscribe(1);
  site.service.unsubscribe([late.endpoint]);
  await send("two");

  const titles = async (one) => (await resultOf(await mine(one))).recent.map(({ title, fate }) => [title, fate]);

  assert.deepEqual(await titles(early), [["two", "accepted"], ["one", "accepted"]]);
  assert.deepEqual(await titles(late), [["two", "gone"]]);
  const { recent: [{ at }] } = await resultOf(await mine(early));
  assert.ok(Math.abs(now() - at) < 60, String(at));
});

test("a wrong auth and an unknown endpoint get the same answer, and change nothing", async () => {
  const [subscription, other] = await site.subscribe(2);
  const wrong = { endpoint: subscription.endpoint, keys: other.keys };
  const unknown = { endpoint: `${subscription.endpoint}x`, keys: subscription.keys };
  const seen = await resultOf(await mine(subscription));

  const texts = [];
  for (const ask of [change, mine]) {
    for (const stranger of [wrong, unknown]) {
      const answer = await ask(stranger, { language: "de", delete: true });
      assert.equal(answer.status, 404);
      texts.push(await answer.text());
    }
  }

  assert.equal(new Set(texts).size, 1);
  assert.equal(JSON.parse(texts[0]).error.code, "not_found");
  assert.deepEqual(await resultOf(await mine(subscription)), seen);
});

test("a user is believed by the site's signature alone", async () => {
  const [subscription] = await site.subscribe(1);
  for (const user of [{ ...signed("anna"), id: "ben" }, { id: "anna", signature: signed("anna").signature.toUpperCase() }]) {
    const answer = await subscribe({ subscription, user });
    assert.equal(answer.status, 400);
    assert.deepEqual((({ code, field }) => ({ code, field }))((await answer.json()).error), { code: "bad_signature", field: "user.signature" });
  }
  assert.equal((await resultOf(await mine(subscription))).user, null);

  await subscribe({ subscription, user: signed("Jörg 👋") });

  assert.equal((await resultOf(await mine(subscription))).user, "Jörg 👋");
});

test("delete erases this one; devices erases all of the user and nobody else's", async () => {
  await putTopics();
  const [a, b, c, d] = await site.subscribe(4);
  for (const [subscription, id] of [[a, "anna"], [b, "anna"], [c, "anna"], [d, "ben"]]) {
    await subscribe({ subscription, topics: ["news"], user: signed(id) });
  }
  assert.equal((await resultOf(await mine(a))).devices, 3);

  const erased = await mine(a, { delete: true });
  assert.equal(await erased.text(), '{"status":"success"}');
  assert.equal((await resultOf(await mine(b))).devices, 2);
  assert.equal((await mine(b, { delete: "devices" })).status, 200);

  for (const gone of [a, b, c]) assert.equal((await mine(gone)).status, 404);
  assert.equal((await resultOf(await mine(d))).user, "ben");
  for (const table of ["subscription", "preference", "subscription_topic"]) {
    assert.equal(await site.number(`SELECT COUNT(*) FROM ${table}`), 1, table);
  }
});

test("a subscription that replaces another takes over what was chosen", async () => {
  await putTopics();
  const [old, fresh] = site.service.createSubscriptions(2, { vapidKey: await site.vapidKey() });
  await subscribe({ subscription: old, topics: ["sport"], user: signed("anna") });
  const chosen = { pause_until: now() + 3600, quiet_hours: { from: "23:30", to: "06:15" } };
  await change(old, chosen);

  assert.equal((await subscribe({ subscription: fresh, replaces: old.endpoint })).status, 201);

  const { topics: names, user, devices, pause_until, quiet_hours } = await resultOf(await mine(fresh));
  assert.deepEqual({ names, user, devices, pause_until, quiet_hours }, { names: ["sport"], user: "anna", devices: 1, ...chosen });
  assert.equal((await mine(old)).status, 404);
});

test("every bad member is refused by its name, and nothing is stored", async () => {
  await putTopics();
  const [subscription] = await site.subscribe(1);
  const seen = await resultOf(await mine(subscription));
  const { auth } = subscription.keys;
  const bad = {
    endpoint: [1, [], {}, "", "a b", "ü", "x".repeat(2049)],
    auth: [1, [], {}, "", "x", `${auth}AAAA`, auth.slice(1), "!".repeat(22), "A".repeat(129)],
    topics: [1, "news", {}, [1], [null], ["weather"], ["news", ["sport"]], Array(51).fill("news")],
    language: [1, [], {}, "de_AT", "x".repeat(36)],
    timezone: [1, [], {}, "Europe Vienna", "x".repeat(65)],
    pause_until: [-1, 1.5, "1", true, [], now() + 367 * 86_400],
    quiet_hours: [1, "22-7", [], true],
  };
  const refused = async (more, code, field) => {
    const answer = await change(subscription, { language: "fr", ...more });
    const text = await answer.text();
    assert.equal(answer.status, 400, `${JSON.stringify(more).slice(0, 80)}: ${text}`);
    assert.deepEqual((({ error }) => [error.code, error.field])(JSON.parse(text)), [code, field], text);
  };

  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) await refused({ [name]: value }, `bad_${name}`, name);
  }
  for (const [value, code, field] of [[{}, "missing_from", "quiet_hours.from"], [{ from: "22:00" }, "missing_to", "quiet_hours.to"],
    [{ from: "24:00", to: "07:00" }, "bad_from", "quiet_hours.from"], [{ from: "22:00", to: "22:00" }, "bad_to", "quiet_hours.to"]]) {
    await refused({ quiet_hours: value }, code, field);
  }
  await refused({ auth: null }, "missing_auth", "auth");
  await refused({ endpoint: null }, "missing_endpoint", "endpoint");
  for (const value of [1, "all", "true", [], {}, "devices"]) {
    assert.equal((await (await mine(subscription, { delete: value })).json()).error.code, "bad_delete");
  }

  assert.deepEqual(await resultOf(await mine(subscription)), seen);
});

test("topics that are none are refused, and the old list stays", async () => {
  await putTopics();
  const bad = [{}, { topics: "news" }, { topics: [1] }, { topics: [{ name: "News", label: "x" }] }, { topics: [{ name: "x".repeat(33), label: "x" }] },
    { topics: [{ name: "a", label: "" }] }, { topics: [{ name: "a", label: "x".repeat(61) }] }, { topics: [{ name: "a", label: "x", default: 1 }] },
    { topics: [{ name: "a", label: "x" }, { name: "a", label: "y" }] }, { topics: Array.from({ length: 51 }, (_, i) => ({ name: `t${i}`, label: "x" })) }];
  for (const json of bad) {
    const answer = await site.admin("/api/admin/topics", { method: "PUT", json });
    assert.equal(answer.status, 400, JSON.stringify(json).slice(0, 80));
  }

  assert.deepEqual(await (await site.admin("/api/admin/topics")).json(), { topics });
});

test("the public pool's database user sees what was sent only by the views", async () => {
  const shown = await site.sql("SHOW GRANTS FOR lamppost_public@localhost");

  const tables = shown.map(([grant]) => /ON `lamppost`\.`(\w+)`/.exec(grant)?.[1]).filter(Boolean);
  assert.ok(tables.includes("sent_message") && tables.includes("sent_shard"), tables.join());
  for (const table of ["campaign", "shard", "shard_audience"]) assert.ok(!tables.includes(table), table);
});

test("a secret that is missing or too short ends the pool with one line that does not tell it", async () => {
  const settings = join(folder, "more.conf");
  for (const [text, reason] of [["walrus\n", /identity_secret_file .*identity-2 must hold a line of at least 16 bytes/], [undefined, /identity_secret_file .*identity-2: No such file/]]) {
    const file = join(folder, "identity-2");
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text, { mode: 0o644 });
    writeFileSync(settings, `identity_secret_file = ${file}\n`);

    const { code, err } = await site.lamppostCommand(["serve", "--pool", "public", "--listen", join(site.lamppost.sockets, "other.sock")], [settings]);

    assert.equal(code, 1, err);
    assert.match(err, reason);
    assert.doesNotMatch(err, /walrus/);
  }
});
