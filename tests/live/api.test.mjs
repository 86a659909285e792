// The API as a program meets it, through nginx: the tutorial's contract byte for byte, then ours.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "./site.mjs";

let site;
before(async () => { site = await startSite(); });
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const subscribe = (json) => site.public("/api/push-subscriptions", { json });
const newSubscription = async () => site.service.createSubscriptions(1, { vapidKey: await site.vapidKey() })[0];

test("the tutorial's call gives 201, then 200 with the same id and the text as posted", async () => {
  const posted = { subscription_json: JSON.stringify(await newSubscription(), null, 1) };

  const first = await subscribe(posted);
  const second = await subscribe(posted);

  assert.equal(first.status, 201);
  assert.equal(second.status, 200);
  const { result: { id } } = await first.json();
  assert.ok(Number.isInteger(id) && id > 0);
  assert.equal(await second.text(), JSON.stringify({ status: "success", result: { id, ...posted } }));
  assert.equal((await site.rows()).subscription, 1);
});

test("the tutorial's trigger answers exactly one true for one subscription that was accepted", async () => {
  await subscribe({ subscription_json: JSON.stringify(await newSubscription()) });

  const answer = await site.admin("/admin-api/trigger-push-notifications", { json: { title: "Hello", body: "World" } });

  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^application\/json/);
  assert.equal(await answer.text(), '{"status":"success","result":[true]}');
  const [message] = site.service.received();
  const payload = JSON.parse(message.payload);
  assert.equal(payload.notification.title, "Hello");
  assert.equal(payload.notification.body, "World");
});

test("the trigger with nobody to send to answers an empty list", async () => {
  const answer = await site.admin("/admin-api/trigger-push-notifications", { json: { title: "Hello", body: "World" } });

  assert.equal(await answer.text(), '{"status":"success","result":[]}');
});

test("the trigger answers in the order of the ids, false for one that is gone", async () => {
  const made = (await site.subscribe(3)).sort((a, b) => a.id - b.id);
  site.service.unsubscribe([made[1].endpoint]);

  const answer = await site.admin("/admin-api/trigger-push-notifications", { json: { title: "Hello", body: "World" } });

  assert.equal(await answer.text(), '{"status":"success","result":[true,false,true]}');
});

test("the bare toJSON() and the wrapped shape find the same row as the tutorial's", async () => {
  const subscription = await newSubscription();

  const answers = [
    await subscribe(subscription),
    await subscribe({ subscription, topics: [], language: "de-AT", timezone: "Europe/Vienna", key: await site.vapidKey() }),
    await subscribe({ subscription_json: JSON.stringify(subscription) }),
  ];

  assert.deepEqual(answers.map(({ status }) => status), [201, 200, 200]);
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  assert.equal(new Set(bodies.map(({ result }) => result.id)).size, 1);
  for (const { status, result } of bodies) {
    assert.equal(status, "success");
    assert.deepEqual(JSON.parse(result.subscription_json), subscription);
  }
});

test("the wrapped shape keeps language and time zone", async () => {
  const subscription = await newSubscription();

  await subscribe({ subscription, language: "de-AT", timezone: "Europe/Vienna" });

  assert.deepEqual(await site.sql("SELECT language, timezone, endpoint FROM subscription"),
    [["de-AT", "Europe/Vienna", subscription.endpoint]]);
});

test("keys in padded base64 are stored in the one form that base64url is", async () => {
  const subscription = await newSubscription();
  const padded = (key) => Buffer.from(key, "base64url").toString("base64");
  const { p256dh, auth } = subscription.keys;

  const answer = await subscribe({ ...subscription, keys: { p256dh: padded(p256dh), auth: padded(auth) } });

  assert.equal(answer.status, 201);
  assert.deepEqual(JSON.parse((await answer.json()).result.subscription_json).keys, { p256dh, auth });
});

test("new keys for a known endpoint take the place of the old ones", async () => {
  const [subscription, other] = site.service.createSubscriptions(2, { vapidKey: await site.vapidKey() });
  const first = await (await subscribe(subscription)).json();

  const second = await subscribe({ ...subscription, keys: other.keys });

  assert.equal(second.status, 200);
  assert.equal((await second.json()).result.id, first.result.id);
  assert.deepEqual(await site.sql("SELECT HEX(auth) FROM subscription"),
    [[Buffer.from(other.keys.auth, "base64url").toString("hex").toUpperCase()]]);
});

test("a subscription that replaces another leaves one row", async () => {
  const [old, fresh] = site.service.createSubscriptions(2, { vapidKey: await site.vapidKey() });
  await subscribe(old);

  const answer = await subscribe({ subscription: fresh, replaces: old.endpoint });

  assert.equal(answer.status, 201);
  assert.deepEqual(await site.sql("SELECT endpoint FROM subscription"), [[fresh.endpoint]]);
});

test("200 first posts of one endpoint at once leave one row and are all acknowledged", async () => {
  const subscription = await newSubscription();

  const answers = await Promise.all(Array.from({ length: 200 }, () => subscribe(subscription)));

  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses.slice(0, 199), Array(199).fill(200));
  assert.equal(statuses[199], 201);
  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).result.id));
  assert.equal(new Set(ids).size, 1);
  assert.equal((await site.rows()).subscription, 1);
});

test("DELETE ends a subscription, and answers the same for one that is not there", async () => {
  const subscription = await newSubscription();
  await subscribe(subscription);
  const remove = () => site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: subscription.endpoint } });

  const answers = [await remove(), await remove()];

  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), '{"status":"success"}');
  }
  assert.equal((await site.rows()).subscription, 0);
});

test("who unsubscribed gets nothing", async () => {
  const [stays, leaves] = await site.subscribe(2);
  await site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: leaves.endpoint } });

  const answer = await site.admin("/admin-api/trigger-push-notifications", { json: { title: "Hello", body: "World" } });

  assert.deepEqual((await answer.json()).result, [true]);
  assert.deepEqual(site.service.received().map(({ endpoint }) => endpoint), [stays.endpoint]);
});

test("the configuration holds what the page needs", async () => {
  const answer = await site.public("/api/config");
  const config = await answer.json();

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.match(config.vapid_public_key, /^B[A-Za-z0-9_-]{86}$/);
  assert.equal(config.site, "Lamppost");
  assert.deepEqual(config.topics, []);
});

test("health says that it is well, and nothing else", async () => {
  const answer = await site.public("/api/health");

  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), '{"status":"ok"}');
});

test("HEAD gives the status and headers of GET and no body", async () => {
  const answer = await site.public("/api/health", { method: "HEAD" });

  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "");
});

test("me tells the login's name and the version of the program", async () => {
  const answer = await site.admin("/api/admin/me");
  const { out } = await site.lamppostCommand(["version"]);

  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { name: "admin", version: out.trim().replace(/^lamppost /, "") });
});

test("a campaign that is not to be sent is kept as a draft", async () => {
  await site.subscribe(1);

  const answer = await site.admin("/api/admin/campaigns", { json: { title: "Later" } });

  assert.equal(answer.status, 201);
  const campaign = await answer.json();
  assert.equal(campaign.state, "draft");
  assert.equal(site.service.received().length, 0);
  assert.deepEqual(await site.sql(`SELECT state, owner FROM campaign WHERE id = ${campaign.id}`), [["draft", "admin"]]);
});

test("a campaign that is sent answers with the counts, by push service too", async () => {
  await site.subscribe(3);

  const answer = await site.admin("/api/admin/campaigns", { json: { title: "Now", send: true } });

  assert.equal(answer.status, 200);
  const campaign = await answer.json();
  assert.equal(campaign.state, "finished");
  assert.ok(campaign.finished_at >= campaign.created_at);
  const counts = { audience: 3, waiting: 0, accepted: 3, gone: 0, failed: 0, expired: 0, unsure: 0, skipped: 0 };
  assert.deepEqual(campaign.counts, counts);
  assert.deepEqual(campaign.services, [{ service: site.service.origin.slice("https://".length), counts, reasons: {} }]);
});

const campaigns = "/api/admin/campaigns";
const refusal = async (answer) => [answer.status, (await answer.json()).error.code];

// What a list tells of a campaign: the clicks one by one belong to the campaign alone.
const asListed = ({ click_actions: _, click_hours: __, ...campaign }) => campaign;

test("a draft is looked at, sent, and then stands in the list", async () => {
  await site.subscribe(2);
  const draft = await (await site.admin(campaigns, { json: { title: "Later" } })).json();
  const other = await (await site.admin(campaigns, { json: { title: "Never" } })).json();

  assert.deepEqual(asListed(await (await site.admin(`${campaigns}/${draft.id}`)).json()), asListed(draft));
  const sent = await (await site.admin(`${campaigns}/${draft.id}/send`, { json: {} })).json();

  assert.equal(sent.state, "finished");
  assert.equal(sent.counts.accepted, 2);
  const { campaigns: listed } = await (await site.admin(campaigns)).json();
  assert.deepEqual(listed, [other, sent].map(asListed));
  const { campaigns: before } = await (await site.admin(`${campaigns}?before=${other.id}`)).json();
  assert.deepEqual(before, [asListed(sent)]);
  assert.deepEqual(await refusal(await site.admin(`${campaigns}?before=x`)), [400, "bad_before"]);
});

test("the owner's words change a campaign where they fit, and are refused where they do not", async () => {
  await site.subscribe(1);
  const { id } = await (await site.admin(campaigns, { json: { title: "Later" } })).json();
  const say = (word, which = id) => site.admin(`${campaigns}/${which}/${word}`, { json: {} });

  assert.deepEqual(await refusal(await say("pause")), [409, "bad_state"]);
  assert.deepEqual(await refusal(await say("resume")), [409, "bad_state"]);
  assert.deepEqual(await refusal(await say("retry")), [409, "bad_state"]);
  assert.equal((await (await say("cancel")).json()).state, "cancelled");
  assert.equal((await say("cancel")).status, 200);
  assert.deepEqual(await refusal(await say("send")), [409, "bad_state"]);
  assert.deepEqual(await refusal(await say("send", id + 1)), [404, "not_found"]);
  assert.equal(site.service.tally().requests, 0);
});

test("ten posts at once with one Idempotency-Key are one campaign, sent once; another message is refused", async () => {
  await site.subscribe(5);
  const post = (json) => site.admin(campaigns, { json, headers: { "Idempotency-Key": "ten-at-once" } });

  const answers = await Promise.all(Array.from({ length: 10 }, () => post({ title: "Once", send: true })));

  assert.ok(answers.every(({ status }) => status === 200 || status === 202));
  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).id));
  assert.equal(new Set(ids).size, 1);
  assert.equal((await site.rows()).campaign, 1);
  assert.equal(site.service.tally().accepted, 5);
  assert.deepEqual(await refusal(await post({ title: "Twice", send: true })), [422, "key_reused"]);
});

test("a double click without a key sends once; force sends it again", async () => {
  await site.subscribe(5);
  const post = (json) => site.admin(campaigns, { json: { title: "Click", send: true, ...json } });

  const answers = await Promise.all([post(), post(), post(), post()]);

  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
  assert.equal((await post({ force: true })).status, 200);
  assert.equal(site.service.tally().accepted, 10);
  assert.deepEqual(site.service.twice(), []);
});
