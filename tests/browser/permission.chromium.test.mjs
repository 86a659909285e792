// No page asks for permission by itself (Lighthouse's `notification-on-start`), whatever its mode, however long it is
// looked at and read.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { startPagesSite } from "./pages_site.mjs";

const kConfig = { vapid_public_key: Buffer.alloc(65, 4).toString("base64url"), site: "The Lamppost",
  topics: [{ name: "town", label: "Town hall", default: true }] };
// Each page with what shows that its mode has done all that it does.
const kPages = { "/": "[data-lamppost-topics] input", "/town/": ".lamppost-bell", "/market/": ".lamppost-banner",
  "/sport/": ".lamppost-bell", "/push/preferences": "[data-lamppost-subscribe]" };
const kLong = 3000;  // ms

/**
 * In the page, ahead of its scripts: every way to a question is noted, and goes on to the browser. The visitor is new,
 * where a headless Chromium says "denied" and would be left alone.
 */
function note() {
  window.asked = [];
  Object.defineProperty(Notification, "permission", { get: () => "default" });
  const watch = (owner, name) => {
    const original = owner[name];
    owner[name] = function noted(...args) {
      window.asked.push(name);
      return original.apply(this, args);
    };
  };
  watch(Notification, "requestPermission");
  watch(PushManager.prototype, "subscribe");
}

describe("permission on load in Chromium", { concurrency: true }, () => {
  let chromium;
  let site;

  before(async () => {
    site = await startPagesSite({ config: kConfig });
    chromium = await startChromium({ permission: "ask" });
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  async function watchedPage() {
    const page = await chromium.page();
    await page.addInitScript(note);
    return page;
  }

  test("a page that asks at once would be found out", async () => {
    const page = await watchedPage();
    await page.addInitScript("Notification.requestPermission()");
    await page.goto(`${site.origin}/`);

    assert.deepEqual(await page.evaluate("window.asked"), ["requestPermission"]);
    await page.close();
  });

  for (const [path, done] of Object.entries(kPages)) {
    test(`${path} asks nothing, at the first visit and at the second, read to its end`, async () => {
      const page = await watchedPage();
      const visits = ["first", "second"];
      for (const visit of visits) {
        await page.goto(`${site.origin}${path}`, { waitUntil: "load" });
        await until(done, async () => {
          await page.mouse.wheel(0, 100);
          return page.locator(done).first().isVisible();
        });
        await delay(kLong / visits.length);
        assert.deepEqual(await page.evaluate("window.asked"), [], visit);
      }

      assert.deepEqual(page.problems, []);
      await page.close();
    });
  }
});
