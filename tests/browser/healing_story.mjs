// What a visit heals: a subscription that the browser has dropped, one that the server has lost, one made with a key
// that the server no longer uses. What the visitor has chosen and who they are goes on each time. Told by Firefox and
// by Chromium; one story, in this order.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { temporaryFolder } from "../rig/lamppost.mjs";
import { until } from "./browser_process.mjs";
import { startVisitor } from "./visitor.mjs";

const kSecret = "0123456789abcdef0123456789abcdef";
const kSignature = createHmac("sha256", kSecret).update("reader-7").digest("hex");
const kTopics = [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }];
// Far from now, or messages would wait.
const kHour = new Date().getHours();
const clock = (hours) => `${String(hours % 24).padStart(2, "0")}:00`;
const kQuiet = { from: clock(kHour + 8), to: clock(kHour + 9) };
const kChosen = ["reader-7", [kHour + 8, kHour + 9].map((hours) => (hours % 24) * 60).join("-"), "sport"];
// As if the last visit had been yesterday.
const kYesterday = `
  localStorage.setItem("lamppost", JSON.stringify({ ...JSON.parse(localStorage.getItem("lamppost")), at: 0 }));`;
const kKey = `
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  const { options } = await registration.pushManager.getSubscription();
  return btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey))).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=/g, "");`;

export function healingStory(kind) {
  describe(`healing in ${kind}`, () => {
    let folder;
    let site;
    let visitor;
    let endpoint;

    before(async () => {
      folder = temporaryFolder();
      mkdirSync(join(folder, "keys"));
      chmodSync(join(folder, "keys"), 0o777);  // the servers' user writes here
      writeFileSync(join(folder, "identity"), `${kSecret}\n`);
      site = await startSite({ config: `identity_secret_file = ${join(folder, "identity")}` });
      const answer = await site.admin("/api/admin/topics", { method: "PUT", json: { topics: kTopics } });
      assert.equal(answer.status, 200, await answer.text());
      visitor = await startVisitor(kind, site);
    });
    after(async () => {
      await visitor?.close();
      await site?.stop();
      rmSync(folder, { recursive: true });
    });

    /** Every subscription that the server holds, and what was chosen with it. */
    const stored = () => site.sql(`SELECT s.endpoint, IFNULL(p.user_id, ''), CONCAT(p.quiet_from, '-', p.quiet_to),
      (SELECT GROUP_CONCAT(topic_name) FROM subscription_topic t WHERE t.subscription_id = s.id)
      FROM subscription s LEFT JOIN preference p ON p.subscription_id = s.id WHERE s.gone_at IS NULL`);
    /** Waits until the browser has another subscription, and the server that one alone, with what was chosen before. */
    async function healed() {
      const old = endpoint;
      await until("a new subscription", async () => {
        endpoint = (await visitor.subscription())?.endpoint;
        return endpoint && endpoint !== old;
      });
      await until("the server to have it alone", async () => (await stored()).map(([first]) => first).join() === endpoint);
      assert.deepEqual(await stored(), [[endpoint, ...kChosen]]);
      await visitor.reached("on");
    }
    async function send(title) {
      const answer = await site.admin("/admin-api/trigger-push-notifications", { json: { title, body: "b" } });
      assert.deepEqual(await answer.json(), { status: "success", result: [true] });
    }

    test("a subscription is made, with a topic, quiet hours and a user", async () => {
      await visitor.open("/");
      await until("the topics", () => visitor.visible("input[value=sport]"));
      await visitor.click("input[value=sport]");
      await visitor.click("input[value=town]");
      await visitor.click("[data-lamppost-subscribe]");
      await visitor.reached("on");
      await visitor.evaluate("await window.Lamppost.update(args[0])", { quiet_hours: kQuiet });
      assert.equal(await visitor.evaluate("return window.Lamppost.identify(...args)", "reader-7", kSignature), true);

      ({ endpoint } = await visitor.subscription());
      assert.deepEqual(await stored(), [[endpoint, ...kChosen]]);
    });

    test("one that the browser has dropped is there again after the next visit, in the place of the old one", async () => {
      await visitor.drop();
      assert.equal(await visitor.subscription(), null);

      await visitor.open("/");

      await healed();
    });

    test("one that the server has lost is sent again the day after", async () => {
      assert.equal((await site.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint } })).status, 200);
      assert.deepEqual(await stored(), []);
      await visitor.evaluate(kYesterday);

      await visitor.open("/");

      await until("the server to have it again", async () => (await stored()).length === 1);
      // What was chosen was lost with it.
      await visitor.evaluate("await window.Lamppost.update(args[0])", { topics: ["sport"], quiet_hours: kQuiet });
      assert.equal((await visitor.subscription()).endpoint, endpoint);
    });

    test("who somebody is, is told again by the page", async () => {
      await visitor.evaluate("return window.Lamppost.identify(...args)", "reader-7", kSignature);

      assert.deepEqual(await stored(), [[endpoint, ...kChosen]]);
      await send("Before the change");
      await visitor.shown("Before the change");
    });

    test("when the site's key is replaced, the next visit renews it without a question, and messages arrive", async () => {
      const settings = join(folder, "new.conf");
      writeFileSync(settings, `vapid_key_file = ${join(folder, "keys/new.pem")}\n`);
      const made = await site.lamppostCommand(["keys", "new"], [settings]);
      assert.equal(made.code, 0, made.err);
      assert.notEqual(await visitor.evaluate(kKey), made.out.trim());

      await visitor.open("/town/");
      await visitor.picture("stale-key");

      await healed();
      assert.equal(await visitor.evaluate(kKey), made.out.trim());
      const sent = await site.lamppostCommand(["send", "--title", "After the change"], [settings]);
      assert.equal(sent.code, 0, sent.err);
      await visitor.shown("After the change");
    });

    test("whoever turns notifications off stays so", async () => {
      await visitor.open("/");
      await visitor.reached("on");
      await visitor.click("[data-lamppost-unsubscribe]");
      await visitor.reached("granted-off");

      await visitor.open("/");
      await visitor.reached("granted-off");

      assert.equal(await visitor.subscription(), null);
      assert.deepEqual(await stored(), []);
    });

    test("nothing went wrong on the way", async () => {
      assert.deepEqual(await visitor.problems(), []);
    });
  });
}
