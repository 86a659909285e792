// /push/preferences in Chromium, with a public API that is simulated: what a subscribed visitor sees and can do there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { findings, overhang, picture } from "./looking.mjs";
import { startPagesSite, subscribed } from "./pages_site.mjs";

const kConfig = { vapid_public_key: "BKey", site: "The Lamppost", click_origins: [], report_events: false, identify: true, welcome: true,
  topics: [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }] };
const kHeld = { created_at: 1700000000, seen_at: 1764000000, language: "en", timezone: "Europe/Vienna", topics: ["town"],
  pause_until: null, quiet_hours: null, user: "reader-7", devices: 2,
  recent: [{ title: "Bridge open", at: 1764000000, fate: "accepted" }, { title: "عنوان", at: 1763900000, fate: "skipped" }] };
const kOwn = "/api/push-subscriptions";

describe("the preferences page in Chromium", () => {
  let chromium;
  let site;

  before(async () => {
    chromium = await startChromium({ permission: "granted" });
    site = await startPagesSite({ config: kConfig, held: {} });
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });
  beforeEach(() => {
    site.held = structuredClone(kHeld);
    site.asked.length = 0;
  });

  async function open({ language = "en", width = 390, scheme = "light" } = {}) {
    const page = await chromium.page();
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.addInitScript(`Object.defineProperty(navigator, "languages", { get: () => ["${language}"] })`);
    await page.addInitScript(subscribed);
    await page.goto(`${site.origin}/push/preferences`, { waitUntil: "networkidle" });
    await page.locator("#settings").waitFor({ state: "visible" });
    return page;
  }

  /** Opens the page, leaves it to `look`, and sees that nothing went wrong on it. */
  async function visit(look, options) {
    const page = await open(options);
    await look(page);
    assert.deepEqual(page.problems, []);
    await page.close();
  }

  const said = (page, words) => page.locator("#said", { hasText: words }).waitFor();
  const last = (method) => site.asked.filter(([one]) => one === method).at(-1);

  for (const scheme of ["light", "dark"]) {
    for (const language of ["en", "ar"]) {
      test(`${language}, ${scheme}, 320 px wide: nothing for axe, nothing wider than the screen`, async () => {
        await visit(async (page) => {
          await picture(page, `preferences-${language}-${scheme}`);
          assert.deepEqual(await findings(page), []);
          assert.equal(await overhang(page), 0);
          assert.equal(await page.evaluate(() => document.documentElement.dir), language === "ar" ? "rtl" : "ltr");
        }, { language, scheme, width: 320 });
      });
    }
  }

  for (const language of ["en", "de", "es", "fr", "pt", "ar"]) {
    test(`every text of the page is there in: ${language}`, async () => {
      const texts = JSON.parse(readFileSync(new URL(`../../www/push/i18n/${language}.json`, import.meta.url), "utf8"));
      await visit(async (page) => {
        const shown = await page.$$eval("[data-text]", (parts) => parts.map((one) => [one.dataset.text, one.textContent]));
        for (const [key, words] of shown) if (key !== "preferences.pause.none") assert.equal(words, texts[key], key);
        assert.equal(await page.title(), texts["preferences.title"]);
      }, { language });
    });
  }

  test("it shows what was sent and its fate, who one is and on how many devices", async () => {
    await visit(async (page) => {
      assert.match(await page.locator("#recent li").first().textContent(), /^Bridge open.*Passed on to your browser$/);
      assert.match(await page.locator("#devices-how").textContent(), /2 devices/);
      assert.match(await page.locator("#facts").textContent(), /reader-7/);
      assert.deepEqual(await page.$$eval("[data-lamppost-topic]", (boxes) => boxes.map((box) => [box.value, box.checked])),
        [["town", true], ["sport", false]]);
    });
  });

  test("a topic that is ticked is sent at once", async () => {
    await visit(async (page) => {
      await page.getByLabel("Sport").check();
      await until("the PATCH", () => last("PATCH"));
      assert.deepEqual(last("PATCH")[2].topics, ["town", "sport"]);
    });
  });

  test("a pause of a day, without an end, and its end", async () => {
    await visit(async (page) => {
      await page.getByRole("button", { name: "Pause for a day" }).click();
      await page.locator("#pause-state", { hasText: "Paused until" }).waitFor();
      assert.ok(Math.abs(last("PATCH")[2].pause_until - Date.now() / 1000 - 86400) < 60);

      await page.getByRole("button", { name: "Pause until I turn them on again" }).click();
      await page.locator("#pause-state", { hasText: "until you turn them on again" }).waitFor();
      assert.ok(last("PATCH")[2].pause_until < Date.now() / 1000 + 366 * 86400);

      await page.getByRole("button", { name: "End the pause" }).click();
      await page.locator("#pause-state", { hasText: "You are getting" }).waitFor();
      assert.equal(last("PATCH")[2].pause_until, null);
    });
  });

  test("quiet hours go on, change and go off", async () => {
    await visit(async (page) => {
      await page.getByLabel("Keep quiet hours").check();
      await said(page, "Saved");
      assert.deepEqual(last("PATCH")[2].quiet_hours, { from: "22:00", to: "07:00" });
      await page.getByLabel("From").fill("21:30");
      await page.getByLabel("From").blur();
      await until("the change", () => last("PATCH")[2].quiet_hours?.from === "21:30");
      await page.getByLabel("Keep quiet hours").uncheck();
      await until("the end", () => last("PATCH")[2].quiet_hours === null);
    });
  });

  test("language and test", async () => {
    await visit(async (page) => {
      await page.locator("#language").selectOption("de");
      await said(page, "Saved");
      assert.equal(last("PATCH")[2].language, "de");
      await page.getByRole("button", { name: "Send me a test" }).click();
      await said(page, "on its way");
      assert.deepEqual(last("POST").slice(0, 2), ["POST", `${kOwn}/test`]);
    });
  });

  test("turning off by keyboard, and undone, everything is as before", async () => {
    site.held.quiet_hours = { from: "20:00", to: "06:00" };
    await visit(async (page) => {
      await page.locator("#leave").focus();
      await page.keyboard.press("Enter");
      await page.locator("#undo").waitFor({ state: "visible" });
      assert.ok(last("DELETE"));
      assert.equal(await page.locator("#settings").isVisible(), false);
      assert.equal(await page.evaluate(() => document.activeElement.id), "undo");
      assert.deepEqual(await findings(page), []);
      await page.keyboard.press("Enter");
      await said(page, "on again");
      assert.deepEqual(last("PATCH")[2].quiet_hours, { from: "20:00", to: "06:00" });
      const post = site.asked.filter(([method, path]) => method === "POST" && path === kOwn).at(-1);
      assert.deepEqual(post[2].topics, ["town"]);
    });
  });

  test("undo goes after ten seconds", async () => {
    await visit(async (page) => {
      await page.locator("#leave").click();
      await page.locator("#undo").waitFor({ state: "visible" });
      await page.locator("#undo").waitFor({ state: "hidden", timeout: 12_000 });
    });
  });

  test("the download is what the server holds", async () => {
    await visit(async (page) => {
      const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
      assert.equal(file.suggestedFilename(), "notifications.json");
    });
  });

  for (const [id, wanted] of [["erase", true], ["erase-devices", "devices"]]) {
    test(`${id} asks the server to delete, and the page forgets`, async () => {
      await visit(async (page) => {
        await page.locator(`#${id}`).click();
        await said(page, "deleted");
        const erased = site.asked.find(([, path, body]) => path === `${kOwn}/mine` && body.delete);
        assert.equal(erased[2].delete, wanted);
        assert.equal(await page.locator("#settings").isVisible(), false);
      });
    });
  }
});
