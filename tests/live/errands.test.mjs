// What is sent to one browser alone: a welcome, a test. The public pool asks for it, `lamppost resume` sends it. And what
// browsers report, which counts for the campaign and for nobody.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startCommand } from "../faults/command.mjs";
import { familyOf, isAlive, until } from "../rig/lamppost.mjs";
import { SimulatedBrowser } from "../www/shims/service_worker.mjs";
import { DatabaseProcess } from "./database_process.mjs";
import { Sender } from "./sender.mjs";
import { startSite } from "./site.mjs";

const SOON = 3; // seconds until somebody who waits has it

let site, sender;
before(async () => {
  site = await startSite({ tick: 3600, config: "welcome = on\nreport_events = on\n" });
  sender = new Sender(site);
});
after(async () => { await site?.stop(); });
beforeEach(async () => { await site.clear(); });

const subscribe = (subscription, more = {}) => site.public("/api/push-subscriptions", { json: { subscription, ...more } });
const askForTest = ({ endpoint, keys: { auth } }) => site.public("/api/push-subscriptions/test", { json: { endpoint, auth } });
const report = (json) => site.public("/api/events", { json });
const make = async (count) => site.service.createSubscriptions(count, { vapidKey: await site.vapidKey() });
const messagesOf = (subscription) => site.service.received(subscription).map(({ payload }) => JSON.parse(payload).notification);
const arrival = (subscription, count = 1) => until(`${count} messages`, SOON, () => {
  const messages = messagesOf(subscription);
  return messages.length >= count && messages;
});
/** Holds the site's own `lamppost resume`, until the test ends or the result is called. */
function stopTicks(t) {
  const family = familyOf(site.lamppost.pids.resume);
  for (const pid of family) process.kill(pid, "SIGSTOP");
  const goOn = () => { for (const pid of family.filter(isAlive)) process.kill(pid, "SIGCONT"); };
  t.after(goOn);
  return goOn;
}
const pause = (ms) => new Promise((go) => setTimeout(go, ms));

test("who subscribes is welcomed within 3 s, in their language, and their browser shows it", async () => {
  const [mine, other] = await make(2);
  const began = Date.now();

  assert.equal((await subscribe(mine, { language: "de-AT" })).status, 201);
  const [welcome] = await arrival(mine);

  console.log(`welcomed after ${Date.now() - began} ms`);
  assert.equal(welcome.title, "Lamppost");
  assert.match(welcome.body, /^Benachrichtigungen sind an\./);
  assert.equal(welcome.navigate, `${site.lamppost.origin}/`);
  const browser = await new SimulatedBrowser({ origin: site.lamppost.origin }).start();
  const [shown] = await browser.push(site.service.received(mine)[0].payload);
  assert.equal(shown.title, "Lamppost");
  await browser.click(shown);
  assert.deepEqual(browser.opened, [`${site.lamppost.origin}/`]);
  assert.deepEqual(browser.failures, []);
  assert.deepEqual(messagesOf(other), []);
});

test("a refresh and a subscription that replaces another are not welcomed", async () => {
  const [old, healed] = await make(2);
  await subscribe(old);
  await arrival(old);

  assert.equal((await subscribe(old)).status, 200);
  assert.equal((await subscribe(healed, { replaces: old.endpoint })).status, 201);
  await pause(SOON * 1000);

  assert.equal(messagesOf(old).length, 1);
  assert.equal(messagesOf(healed).length, 0);
});

test("a test comes to the one browser that asked, once a minute", async () => {
  const [mine, other] = await make(2);
  for (const each of [mine, other]) await subscribe(each);
  await arrival(mine);
  await arrival(other);

  assert.equal((await askForTest(mine)).status, 202);
  const again = await askForTest(mine);
  const [, message] = await arrival(mine, 2);

  assert.match(message.body, /^This is a test/);
  assert.equal(message.navigate, `${site.lamppost.origin}/push/preferences`);
  assert.equal(again.status, 429);
  assert.equal(again.headers.get("retry-after"), "60");
  assert.equal((await again.json()).error.code, "rate_limited");
  assert.equal((await askForTest({ ...mine, keys: { auth: other.keys.auth } })).status, 404);
  await pause(SOON * 1000);
  assert.equal(messagesOf(mine).length, 2);
  assert.equal(messagesOf(other).length, 1);
});

test("fifty at once, and ten who look for errands beside each other: each is welcomed once", async () => {
  const made = await make(50);

  await Promise.all([
    ...made.map(async (each) => assert.equal((await subscribe(each)).status, 201)),
    ...Array.from({ length: 10 }, () => site.lamppostCommand(["resume", "--stay", "3"])),
  ]);
  await until("fifty welcomes", SOON, () => site.service.counts().length === 50);

  assert.ok(site.service.counts().every(({ accepted }) => accepted === 1));
  assert.equal(await site.number("SELECT COUNT(*) FROM errand"), 0);
});

test("without `lamppost resume` nothing is sent: the public pool only asks for it", async (t) => {
  const [mine] = await make(1);
  const goOn = stopTicks(t);

  await subscribe(mine);
  await pause(SOON * 1000);
  assert.equal(site.service.received().length, 0);
  assert.equal(await site.number("SELECT COUNT(*) FROM errand"), 1);
  goOn();

  await arrival(mine);
});

test("a welcome does not wait for a campaign that takes its time, and a stop leaves neither behind", async (t) => {
  const reader = await site.subscribe(1);
  await arrival(reader[0]);
  stopTicks(t);
  site.service.script({ action: "accept", delay: 8000 }, { endpoints: reader });
  await sender.order({ title: "Slow" });
  const command = await startCommand(site, ["resume", "--stay", "1"]);
  await until("the campaign is on its way", 5, () => site.number("SELECT COUNT(*) FROM shard WHERE lease_until > 0"));
  await pause(2000);

  const [mine] = await make(1);
  await subscribe(mine);
  await arrival(mine);
  assert.equal(command.child.exitCode, null, command.err);
  const family = familyOf(command.pid);
  command.child.kill("SIGTERM");
  const { code, signal } = await command.ended;

  assert.deepEqual([code, signal], [0, null], command.err);
  assert.match(command.out, /^campaign \d+ sending: /);
  assert.equal(family.length, 2);
  assert.deepEqual(family.filter(isAlive), []);
});

test("a database that is away for a moment is waited for", async (t) => {
  stopTicks(t);
  const database = new DatabaseProcess(site);
  t.after(() => database.goOn());
  const command = await startCommand(site, ["resume", "--stay", "20"]);
  await pause(1500);

  await database.pause();
  await until("it notes that the database is away", 10, () => command.err.includes("store_away"));
  database.goOn();
  const [mine] = await make(1);
  assert.equal((await subscribe(mine)).status, 201);
  await until("it is welcomed", 2 * SOON, () => messagesOf(mine).length === 1);

  command.child.kill("SIGTERM");
  assert.deepEqual(await command.ended, { code: 0, signal: null });
});

test("--stay takes seconds", async () => {
  for (const bad of ["0", "-1", "3601", "soon", ""]) {
    const { code, err } = await site.lamppostCommand(["resume", "--stay", bad]);
    assert.equal(code, 2);
    assert.match(err, /^lamppost: --stay must be [^\n]+\n$/);
  }
});

test("shown, clicked and closed are counted for the campaign", async () => {
  const [mine] = await make(1);
  await subscribe(mine);
  await arrival(mine);
  await sender.send({ title: "Hello", actions: [{ title: "Read", url: "/read" }] });
  const [, message] = await arrival(mine, 2);
  assert.deepEqual(Object.keys(message.data), ["id", "report"]);
  const { id } = message.data;

  const answers = await Promise.all([{ event: "shown" }, { event: "clicked", action: "0" }, { event: "clicked" }, { event: "closed" }]
    .map((each) => report({ id, ...each })));

  assert.deepEqual(answers.map(({ status }) => status), [204, 204, 204, 204]);
  assert.deepEqual(await site.sql("SELECT kind, action, times FROM event ORDER BY kind, action"),
    [["clicked", "", "1"], ["clicked", "0", "1"], ["closed", "", "1"], ["shown", "", "1"]]);
  assert.equal((await report({ id: "A".repeat(22), event: "shown" })).status, 404);
  assert.equal((await report({ id, event: "eaten" })).status, 400);
});
