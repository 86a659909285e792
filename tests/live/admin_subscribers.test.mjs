// The owner's list of subscribers, through nginx and a database.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSite } from "./site.mjs";

let site;
before(async () => { site = await startSite(); });
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const path = "/api/admin/subscriptions";
const ask = async (more = "", options = {}) => {
  const answer = await site.admin(`${path}${more}`, options);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
};
const idsOf = async (query) => (await ask(query)).subscriptions.map(({ id }) => id);
const change = (subscription, more) => site.public("/api/push-subscriptions", {
  method: "PATCH", json: { endpoint: subscription.endpoint, auth: subscription.keys.auth, ...more } });
const send = async (title) => {
  const answer = await site.admin("/api/admin/campaigns", { json: { title, send: true } });
  assert.equal(answer.status, 200, await answer.text());
};
const byId = (subscriptions) => [...subscriptions].sort((a, b) => a.id - b.id);

test("the list tells what is known of each, page by page, and never an endpoint or a key", async () => {
  await site.admin("/api/admin/topics", { method: "PUT", json: { topics: [{ name: "news", label: "News" }] } });
  const all = byId(await site.subscribe(5));
  const until = Math.floor(Date.now() / 1000) + 86_400;
  await change(all[0], { topics: ["news"], language: "de-AT", timezone: "Europe/Vienna", quiet_hours: { from: "22:00", to: "07:00" } });
  await change(all[1], { pause_until: until });

  const answer = await site.admin(`${path}?state=all&limit=3`);
  const text = await answer.text();
  const page = JSON.parse(text);

  for (const { endpoint, keys } of all) {
    for (const secret of [endpoint, endpoint.slice(-20), keys.auth, keys.p256dh]) assert.ok(!text.includes(secret), secret);
  }
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.deepEqual(page.subscriptions.map(({ id }) => id), all.slice(0, 3).map(({ id }) => id));
  assert.equal(page.next, all[2].id);
  const { created_at: created, seen_at: seen, ...first } = page.subscriptions[0];
  assert.ok(created > until - 90_000 && seen >= created);
  assert.deepEqual(first, {
    id: all[0].id, service: "other", host: "localhost", endpoint_tail: all[0].endpoint.slice(-6), language: "de-AT", timezone: "Europe/Vienna",
    gone_at: null, paused_until: null, quiet_hours: { from: "22:00", to: "07:00" }, topics: ["news"], user: "" });
  assert.deepEqual(await idsOf(`?state=all&after=${page.next}`), all.slice(3).map(({ id }) => id));
  assert.deepEqual(await idsOf("?topic=news"), [all[0].id]);
  assert.deepEqual(await idsOf("?lang=de"), [all[0].id]);
  assert.deepEqual(await idsOf("?state=paused"), [all[1].id]);
  assert.deepEqual(await idsOf(`?q=${encodeURIComponent(all[3].endpoint.slice(-6))}`), [all[3].id]);
  assert.deepEqual(await idsOf(`?q=${all[4].id}`), [all[4].id]);
  assert.equal((await idsOf("?service=other")).length, 4);
  assert.deepEqual(await idsOf("?service=apple"), []);
});

test("one is put away, gets nothing, and gets everything again when it is brought back", async () => {
  const [one] = await site.subscribe(1);
  await send("first");

  const away = await ask(`/${one.id}`, { method: "DELETE", headers: { "Content-Type": "application/json" } });
  assert.ok(Math.abs(away.gone_at - Date.now() / 1000) < 60);
  await send("second");
  assert.deepEqual(await idsOf(""), []);
  assert.deepEqual(await idsOf("?state=gone"), [one.id]);
  const back = await ask(`/${one.id}/restore`, { json: {} });
  assert.equal(back.gone_at, null);
  await send("third");

  const { recent } = await ask(`/${one.id}`);
  assert.deepEqual(recent.map(({ title, fate }) => [title, fate]), [["third", "accepted"], ["first", "accepted"]]);
  assert.equal(site.service.received().length, 2);
});

test("all are told in a file that no spreadsheet takes for formulas", async () => {
  const all = byId(await site.subscribe(450));
  await site.sql(`INSERT INTO preference (subscription_id, user_id) VALUES (${all[0].id}, '=HYPERLINK("https://evil.example")'), (${all[1].id}, 'Jörg, Wien')`);

  const answer = await site.admin(`${path}/export`);
  const text = await answer.text();

  assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8");
  assert.equal(answer.headers.get("content-disposition"), 'attachment; filename="subscribers.csv"');
  const lines = text.split("\r\n");
  assert.equal(lines.pop(), "");
  assert.equal(lines.length, 451);
  assert.equal(lines[0], "id,service,host,endpoint_tail,language,timezone,created_at,seen_at,gone_at,paused_until,quiet_hours,topics,user");
  assert.deepEqual(lines.slice(1).map((line) => Number(line.split(",")[0])), all.map(({ id }) => id));
  assert.ok(lines[1].endsWith(`,"'=HYPERLINK(""https://evil.example"")"`), lines[1]);
  assert.ok(lines[2].endsWith(',"Jörg, Wien"'), lines[2]);
  for (const { endpoint } of all) assert.ok(!text.includes(endpoint.slice(-20)));
});

test("nobody without the login sees or changes anything", async () => {
  const [one] = await site.subscribe(1);

  for (const [more, options] of [["", {}], ["/export", {}], [`/${one.id}`, {}], [`/${one.id}/restore`, { json: {} }],
    [`/${one.id}`, { method: "DELETE", headers: { "Content-Type": "application/json" } }]]) {
    assert.equal((await site.public(`${path}${more}`, options)).status, 401, more);
  }
  assert.equal(await site.number("SELECT COUNT(*) FROM subscription WHERE gone_at IS NULL"), 1);
});

test("what is not there is 404, what cannot be is 400 and names the parameter", async () => {
  for (const more of ["/4000000000", "/x", "/0"]) assert.equal((await site.admin(`${path}${more}`)).status, 404, more);
  for (const [query, field] of [["limit=0", "limit"], ["after=x", "after"], ["state=dead", "state"], ["service=google", "service"], ["q=%ff", "q"], ["lang=d_e", "lang"]]) {
    const answer = await site.admin(`${path}?${query}`);
    assert.equal(answer.status, 400, query);
    assert.equal((await answer.json()).error.field, field);
  }
  assert.deepEqual(await idsOf(`?q=${encodeURIComponent("' OR 1=1 -- Jörg %")}`), []);
});
