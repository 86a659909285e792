// What `lamppost tidy` keeps and erases, in a database of a whole Lamppost.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "./site.mjs";

const DAY = 86_400;
let site;
before(async () => {
  site = await startSite({ config: "retention_days = 100" });
  await until("the first tidy", 20, async () => await site.number("SELECT COUNT(*) FROM chore WHERE name = 'tidy'") === 1);
});
after(async () => { await site?.stop(); });
beforeEach(async () => {
  await site.clear();
  await site.sql("DELETE FROM daily; DELETE FROM departure; DELETE FROM campaign_sums");
});

const now = () => Math.floor(Date.now() / 1000);
const midnight = (ago) => (Math.floor(now() / DAY) - ago) * DAY;
const tidy = async () => {
  const { code, out, err } = await site.lamppostCommand(["tidy", "--json"]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  return JSON.parse(out);
};
const daily = async (ago) => Object.fromEntries((await site.sql(
  `SELECT CONCAT(measure, ' ', part), times FROM daily WHERE day_at = ${midnight(ago)} AND measure <> 'rolled_up'`)).map(([name, times]) => [name.trim(), Number(times)]));
const send = async (title) => {
  const answer = await site.admin("/api/admin/campaigns", { json: { title, send: true } });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
};

test("what is gone or idle for long is erased with all that belongs to it; the rest can be brought back", async () => {
  await site.admin("/api/admin/topics", { method: "PUT", json: { topics: [{ name: "news", label: "News" }] } });
  const [stays, gone, undo, idle] = await site.subscribe(4);
  await site.sql(`INSERT INTO subscription_topic SELECT id, 'news' FROM subscription; INSERT INTO preference (subscription_id, user_id) SELECT id, 'anna' FROM subscription;
    UPDATE subscription SET gone_at = ${now() - 14 * DAY - 60} WHERE id = ${gone.id};
    UPDATE subscription SET gone_at = ${now() - 14 * DAY + 60} WHERE id = ${undo.id};
    UPDATE subscription SET seen_at = ${now() - 100 * DAY - 60} WHERE id = ${idle.id};
    UPDATE subscription SET seen_at = ${now() - 100 * DAY + 60} WHERE id = ${stays.id}`);

  const { gone: erased, idle: idleErased, whole } = await tidy();

  assert.deepEqual({ erased, idleErased, whole }, { erased: 1, idleErased: 1, whole: true });
  for (const [table, column] of [["subscription", "id"], ["preference", "subscription_id"], ["subscription_topic", "subscription_id"]]) {
    assert.deepEqual((await site.sql(`SELECT ${column} FROM ${table} ORDER BY 1`)).map(([id]) => Number(id)), [stays.id, undo.id].sort((a, b) => a - b), table);
  }
  const back = await site.admin(`/api/admin/subscriptions/${undo.id}/restore`, { json: {} });
  assert.equal(back.status, 200);
  assert.equal((await site.admin(`/api/admin/subscriptions/${gone.id}/restore`, { json: {} })).status, 404);
});

test("finished days are kept in numbers, once, and who left is counted without a name", async () => {
  const all = await site.subscribe(5);
  await site.sql(`UPDATE subscription SET created_at = ${midnight(3)}, language = 'de-AT'; UPDATE subscription SET created_at = ${midnight(1) + 5} WHERE id = ${all[0].id}`);
  await site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: all[4].endpoint } });
  await site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: all[4].endpoint } });
  assert.deepEqual(await site.sql("SELECT COUNT(*), MIN(joined_at), MIN(service) FROM departure"), [["1", String(midnight(3)), "other"]]);
  await site.sql(`UPDATE departure SET left_at = ${midnight(2) + 7}`);

  assert.equal((await tidy()).days, 3);

  assert.deepEqual(await daily(3), { "active": 4, "joined": 4, "left": 0, "language": 1, "language de": 3, "service other": 4 });
  assert.deepEqual(await daily(2), { "active": 3, "joined": 0, "left": 1, "language de": 3, "service other": 3 });
  assert.deepEqual(await daily(1), { "active": 4, "joined": 1, "left": 0, "language de": 4, "service other": 4 });
  const before = await site.sql("SELECT * FROM daily");
  assert.equal((await tidy()).days, 0);
  assert.deepEqual(await site.sql("SELECT * FROM daily"), before);
});

test("fates of an old campaign go, its sums stay in list and detail", async () => {
  const [, two] = await site.subscribe(2);
  site.service.unsubscribe([two.endpoint]);
  const { id } = await send("old");
  const shown = async () => (await site.admin(`/api/admin/campaigns/${id}`)).json();
  const before = await shown();
  assert.equal(before.counts.accepted, 1);
  assert.equal(before.counts.gone, 1);
  const times = (ago) => site.sql(`UPDATE campaign SET created_at = ${now() - ago}, started_at = ${now() - ago}, finished_at = ${now() - ago}`);
  await times(30 * DAY - 60);
  assert.equal((await tidy()).campaigns, 0);
  await times(30 * DAY + 60);

  assert.equal((await tidy()).campaigns, 1);

  assert.equal(await site.number("SELECT (SELECT COUNT(*) FROM shard) + (SELECT COUNT(*) FROM shard_audience)"), 0);
  const after = await shown();
  assert.deepEqual(after.counts, before.counts);
  assert.deepEqual(after.services, before.services);
  const [listed] = (await (await site.admin("/api/admin/campaigns")).json()).campaigns;
  assert.deepEqual(listed.counts, before.counts);
  assert.equal((await tidy()).campaigns, 0);
});

test("three that tidy at once leave it as one would", async () => {
  const all = await site.subscribe(40);
  await site.sql(`UPDATE subscription SET created_at = ${midnight(60)}; UPDATE subscription SET gone_at = ${now() - 20 * DAY} WHERE id > ${all.map(({ id }) => id).sort((a, b) => a - b)[9]}`);

  const results = await Promise.all([tidy(), tidy(), tidy()]);

  assert.ok(results.every(({ whole }) => whole));
  assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 10);
  assert.equal((await daily(30)).active, 40);
  assert.equal((await daily(10)).active, 10);
  assert.equal(await site.number("SELECT COUNT(*) FROM daily WHERE measure = 'rolled_up'"), 60);
});
