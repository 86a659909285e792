// A subscriber at /push/preferences, against the real server: whatever is pressed there is looked up in the database.
// Told by Firefox and by Chromium; one story, in this order.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { temporaryFolder } from "../rig/lamppost.mjs";
import { until } from "./browser_process.mjs";
import { startVisitor } from "./visitor.mjs";

const kSecret = "0123456789abcdef0123456789abcdef";
const kTopics = [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }];
const kDay = 24 * 3600;
const sign = (id) => createHmac("sha256", kSecret).update(id).digest("hex");
const now = () => Math.floor(Date.now() / 1000);

export function subscriberStory(kind) {
  describe(`a subscriber in ${kind}`, () => {
    let folder;
    let site;
    let visitor;

    before(async () => {
      folder = temporaryFolder();
      const file = join(folder, "identity");
      writeFileSync(file, `${kSecret}\n`);
      chmodSync(file, 0o644);  // the servers' user reads it
      site = await startSite({ config: `identity_secret_file = ${file}` });
      const answer = await site.admin("/api/admin/topics", { method: "PUT", json: { topics: kTopics } });
      assert.equal(answer.status, 200, await answer.text());
      visitor = await startVisitor(kind, site);
    });
    after(async () => {
      await visitor?.close();
      await site?.stop();
      rmSync(folder, { recursive: true });
    });

    /** What the database holds of the subscription that the browser holds; undefined: nothing. */
    async function stored(endpoint) {
      endpoint ??= (await visitor.subscription()).endpoint;
      const [row] = await site.sql(`SELECT s.id, s.language, s.timezone, IFNULL(p.user_id, ''), IFNULL(p.paused_until, 0),
        IFNULL(p.quiet_from, -1), IFNULL(p.quiet_to, -1) FROM subscription s LEFT JOIN preference p ON p.subscription_id = s.id
        WHERE s.endpoint = '${endpoint}' AND s.gone_at IS NULL`);
      if (!row) return undefined;
      const [id, language, timezone, user, pausedUntil, quietFrom, quietTo] = row;
      const topics = await site.sql(`SELECT topic_name FROM subscription_topic WHERE subscription_id = ${id} ORDER BY topic_name`);
      return { language, timezone, user, pausedUntil: Number(pausedUntil), quiet: [Number(quietFrom), Number(quietTo)], topics: topics.flat() };
    }

    const said = (words) => visitor.says("#said", words);
    async function openPreferences() {
      await visitor.open("/push/preferences");
      await until("the settings", () => visitor.visible("#settings"));
    }
    async function send(title) {
      const answer = await site.admin("/api/admin/campaigns", { json: { title, send: true } });
      assert.equal(answer.status, 200, await answer.text());
    }
    /** The list under "what you were sent": [title and fate]. */
    const recent = () => visitor.evaluate(`return [...document.querySelectorAll("#recent li")].map((one) =>
      [one.querySelector("strong").textContent, one.querySelector("[data-fate]").dataset.fate]);`);

    test("who has not subscribed is offered that, and nothing else", async () => {
      await visitor.open("/push/preferences");
      await visitor.reached("granted-off");

      assert.equal(await visitor.visible("#settings"), false);
      assert.equal(await visitor.visible("[data-lamppost-subscribe]"), true);
      assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 0);
      await visitor.picture("preferences-off");
    });

    test("a press on the front page stores the subscription with the topics that are ticked", async () => {
      await visitor.open("/");
      await until("the topics", () => visitor.visible("input[value=sport]"));
      await visitor.click("input[value=sport]");
      await visitor.click("[data-lamppost-subscribe]");
      await visitor.reached("on");

      const { topics, language, timezone } = await stored();
      assert.deepEqual(topics, ["sport", "town"]);
      assert.equal(language, await visitor.evaluate("return navigator.language"));
      assert.equal(timezone, await visitor.evaluate("return Intl.DateTimeFormat().resolvedOptions().timeZone"));
    });

    test("topics: the boxes are as the server has them, and a press changes them there", async () => {
      await openPreferences();
      const ticked = () => visitor.evaluate('return [...document.querySelectorAll("[data-lamppost-topic]")].filter((one) => one.checked).map((one) => one.value)');
      await until("the boxes", async () => (await ticked()).join() === "town,sport");

      await visitor.click("input[value=town]");

      await until("the change", async () => (await stored()).topics.join() === "sport");
      await visitor.picture("preferences");
    });

    test("a pause holds messages back, and its end lets them through", async () => {
      await visitor.click('[data-seconds="604800"]');
      await said(/Saved/);
      const { pausedUntil } = await stored();
      assert.ok(Math.abs(pausedUntil - now() - 7 * kDay) < 60, String(pausedUntil));
      assert.match(await visitor.text("#pause-state"), /Paused until/);
      await visitor.picture("preferences-paused");
      await send("For nobody");

      await visitor.click("#resume");
      await until("the end of the pause", async () => (await stored()).pausedUntil === 0);
      await send("For whoever listens");

      await visitor.shown("For whoever listens");
      assert.equal(site.service.received().length, 1, "and the other never left");
    });

    test("quiet hours", async () => {
      await visitor.click("#quiet-on");
      await until("quiet hours", async () => (await stored()).quiet.join() === [22 * 60, 7 * 60].join());
      await said(/Saved/);

      await visitor.setTime("#quiet-from", "21:30");
      await until("the change", async () => (await stored()).quiet.join() === [21 * 60 + 30, 7 * 60].join());
      await said(/Saved/);
      await visitor.picture("preferences-quiet");
    });

    test("language", async () => {
      await visitor.choose("#language", "de");

      await until("the change", async () => (await stored()).language === "de");
      await said(/Saved/);
    });

    test("a test to oneself arrives in that language, and a second one has to wait", async () => {
      await visitor.click("#test");
      await said(/on its way/);

      assert.match((await visitor.shown("Lamppost")).body, /Das ist ein Test/);
      await visitor.click("#test");
      await said(/wait \d+ seconds/);
      await visitor.picture("preferences-limited");
    });

    test("what was sent is told with its fate", async () => {
      await openPreferences();

      await until("the list", async () => (await recent()).length > 0);
      assert.deepEqual(await recent(), [["For whoever listens", "accepted"]]);
      await visitor.picture("preferences-recent");
    });

    test("a user is known by the site's signature alone", async () => {
      const identify = (id, signature) => visitor.evaluate("return window.Lamppost.identify(...args)", id, signature);

      assert.equal(await identify("reader-7", sign("reader-8")), false);
      assert.equal((await stored()).user, "", "and the subscription is still there");
      assert.equal(await identify("reader-7", sign("reader-7")), true);
      assert.equal((await stored()).user, "reader-7");
      const kept = await stored();
      assert.deepEqual([kept.topics, kept.quiet, kept.language], [["sport"], [1290, 420], "de"], "nothing else has changed");
    });

    test("the download is what the server holds", async () => {
      await openPreferences();
      const held = JSON.parse(await visitor.downloaded("#download"));

      assert.deepEqual([held.user, held.language, held.topics, held.quiet_hours], ["reader-7", "de", ["sport"], { from: "21:30", to: "07:00" }]);
      assert.deepEqual(held.recent.map(({ title }) => title), ["For whoever listens"]);
    });

    test("turning off ends it at the server at once, and an undo within ten seconds brings all of it back", async () => {
      const { endpoint } = await visitor.subscription();
      await visitor.click("#leave");
      await until("the undo", () => visitor.visible("#undo"));
      assert.equal(await stored(endpoint), undefined);
      assert.equal(await visitor.subscription(), null);
      await visitor.picture("preferences-undo");

      await visitor.click("#undo");

      await said(/on again/);
      const { topics, quiet, language, pausedUntil } = await stored();
      assert.deepEqual([topics, quiet, language, pausedUntil], [["sport"], [1290, 420], "de", 0]);
      assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 1);
    });

    test("all my devices: the other one is told of, and both are removed", async () => {
      await visitor.evaluate("return window.Lamppost.identify(...args)", "reader-7", sign("reader-7"));
      const [other, stranger] = await site.subscribe(2);
      const user = { id: "reader-7", signature: sign("reader-7") };
      assert.equal((await site.public("/api/push-subscriptions", { json: { subscription: other, user } })).status, 200);
      await openPreferences();
      await until("the devices", () => visitor.visible("#devices"));
      assert.match(await visitor.text("#devices-how"), /2 devices/);
      assert.match(await visitor.text("#facts"), /reader-7/);
      await visitor.picture("preferences-devices");

      await visitor.click("#erase-devices");

      await said(/deleted/);
      assert.deepEqual(await site.sql("SELECT endpoint FROM subscription"), [[stranger.endpoint]]);
      assert.equal(await site.number("SELECT COUNT(*) FROM preference WHERE user_id = 'reader-7'"), 0);
      assert.equal(await visitor.subscription(), null);
    });

    test("delete my data: nothing is left of it", async () => {
      await visitor.click("[data-lamppost-subscribe]");
      await visitor.reached("on");
      await until("the settings", () => visitor.visible("#settings"));
      const { endpoint } = await visitor.subscription();
      assert.notEqual(await stored(endpoint), undefined);

      await visitor.click("#erase");

      await said(/deleted/);
      assert.equal(await stored(endpoint), undefined);
      const left = "SELECT COUNT(*) FROM {} WHERE subscription_id NOT IN (SELECT id FROM subscription)";
      for (const table of ["preference", "subscription_topic", "errand"]) assert.equal(await site.number(left.replace("{}", table)), 0, table);
      assert.equal(await visitor.subscription(), null);
      assert.equal(await visitor.visible("#settings"), false);
      await visitor.picture("preferences-erased");
    });

    test("nothing went wrong on the way but what the server was asked to refuse", async () => {
      const expected = /status of (400|429)/;
      assert.deepEqual((await visitor.problems()).filter((one) => !expected.test(one)), []);
    });
  });
}
