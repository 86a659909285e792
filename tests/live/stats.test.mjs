// Numbers over time, the doctor and the settings, as the desk gets them from a whole Lamppost.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../rig/lamppost.mjs";
import { startSite } from "./site.mjs";

const DAY = 86_400;
let site;
before(async () => {
  site = await startSite({ tick: 1 });
  await until("the first tidy", 20, async () => await site.number("SELECT COUNT(*) FROM chore") === 2);
});
after(async () => { await site?.stop(); });

const ask = async (path) => {
  const answer = await site.admin(path);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
};
const today = Math.floor(Date.now() / 1000 / DAY) * DAY;

test("today is told as it is, finished days as they were rolled up", async () => {
  const all = await site.subscribe(6);
  await site.sql(`UPDATE subscription SET created_at = ${today - 2 * DAY}, language = 'de-AT' WHERE id <> ${all[0].id};
    UPDATE subscription SET gone_at = ${today - DAY + 5} WHERE id = ${all[1].id}`);
  const sent = await site.admin("/api/admin/campaigns", { json: { title: "Hello", send: true } });
  assert.equal(sent.status, 200, await sent.text());
  await site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint: all[2].endpoint } });
  await site.sql(`INSERT INTO click (campaign_id, action, hour_at, clicks) VALUES (1, '', ${today}, 3), (1, '0', ${today}, 1), (1, '', ${today - DAY + 7200}, 9)`);
  await site.sql("DELETE FROM daily");
  const { code } = await site.lamppostCommand(["tidy"]);
  assert.equal(code, 0);

  const stats = await ask("/api/admin/stats?days=3");

  assert.ok(Math.abs(stats.now - Date.now() / 1000) < 60);
  assert.ok(stats.now - stats.updated_at < 60);
  assert.equal(stats.active, 4);
  assert.deepEqual(stats.today, { joined: 1, left: 1 });
  assert.deepEqual(stats.days, [
    { day: today - 2 * DAY, active: 5, joined: 5, left: 0, accepted: 0, failed: 0, gone: 0, clicks: 0 },
    { day: today - DAY, active: 4, joined: 0, left: 0, accepted: 0, failed: 0, gone: 0, clicks: 9 },
    { day: today, active: 4, joined: 1, left: 1, accepted: 5, failed: 0, gone: 0, clicks: 4 },
  ]);
  assert.deepEqual(stats.services, [{ service: "other", active: 4 }]);
  assert.deepEqual(stats.languages, [{ language: "de", active: 3 }, { language: "", active: 1 }]);
  assert.deepEqual(stats.ages[0], { from_days: 0, to_days: 7, active: 4, gone: 2 });
  const weekday = (new Date(today * 1000).getUTCDay() + 6) % 7;
  assert.equal(stats.hours[weekday][0], 4);
  assert.equal(stats.hours[(weekday + 6) % 7][2], 9);
  assert.equal(stats.hours.flat().reduce((sum, n) => sum + n), 13);
  assert.equal((await site.admin("/api/admin/stats?days=401")).status, 400);
});

test("all is well in a new installation, and each check says so", async () => {
  const { checks } = await ask("/api/admin/doctor");

  const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]));
  assert.deepEqual(states, Object.fromEntries(["database", "schema", "key", "clock", "cron: resume", "cron: tidy", "welcome and tests", "push services",
    "clicks", "users", "time zones", "public pool", "admin pool", "site", "login"].map((name) => [name, "ok"])));
  for (const { detail } of checks) assert.notEqual(detail, "");
});

test("what is wrong is told with what to do", async () => {
  const old = Math.floor(Date.now() / 1000) - 3 * DAY;
  await site.sql(`UPDATE chore SET done_at = ${old} WHERE name = 'tidy';
    INSERT INTO push_service VALUES ('web.push.apple.com', ${old}, ${old}, '403 BadJwtToken', 1), ('rests.example', ${old + 6 * DAY}, NULL, '503 busy', 1)`);

  const { checks } = await ask("/api/admin/doctor");

  const of = (name) => checks.find((check) => check.name === name);
  assert.equal(of("cron: tidy").state, "warning");
  assert.equal(of("cron: tidy").detail, "ran 3 days ago");
  assert.match(of("cron: tidy").remedy, /lamppost-tidy\.timer/);
  assert.equal(of("push service web.push.apple.com").state, "failed");
  assert.match(of("push service web.push.apple.com").detail, /3 days ago: 403 BadJwtToken$/);
  assert.equal(of("push service rests.example").state, "warning");
  const { code, out } = await site.lamppostCommand(["doctor"]);
  assert.equal(code, 1);
  assert.match(out, /^LOOK {3}cron: tidy: ran 3 days ago: /m);
  assert.match(out, /^WRONG {2}push service web\.push\.apple\.com: /m);
});

test("settings are told with their meaning, and no secret is", async () => {
  const { settings, vapid_public_key: key, version } = await ask("/api/admin/settings");

  assert.equal(key, await site.vapidKey());
  assert.match(version, /^\d+\.\d+\.\d+$/);
  const of = (name) => settings.find((setting) => setting.key === name);
  assert.deepEqual(of("retention_days"), { key: "retention_days", value: "365", default: "365",
    meaning: "Days after which a subscription goes that no browser has shown any more" });
  assert.equal(of("welcome").value, "off");
  assert.match(of("public_database_password_file").value, /public-db-password$/);
  assert.ok(settings.every(({ meaning }) => meaning !== ""));
  const text = JSON.stringify(settings);
  assert.ok(!text.includes(site.lamppost.password));
  assert.equal((await site.public("/api/admin/settings")).status, 401);
  assert.equal((await site.public("/api/admin/doctor")).status, 401);
});
