// The demo newspaper in Chromium: each page shows a mode of the snippet, asks nothing by itself, and can be read
// by everybody: narrow, dark, by keyboard. The policy is that of nginx/.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { findings, overhang, picture } from "./looking.mjs";
import { startPagesSite } from "./pages_site.mjs";

const kConfig = { vapid_public_key: "BKey", site: "The Lamppost", click_origins: [], report_events: false, identify: false, welcome: true,
  topics: [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }] };
// Path, and what the mode of that page brings.
const kPages = { "/": "[data-lamppost-topics] input", "/town/": ".lamppost-bell", "/market/": ".lamppost-banner", "/sport/": ".lamppost-start .lamppost-bell" };

describe("the demo site in Chromium", { concurrency: 2 }, () => {
  let chromium;
  let site;

  before(async () => {
    chromium = await startChromium({ permission: "ask" });
    site = await startPagesSite({ config: kConfig });
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  async function visit(path, look, { width = 320, scheme = "light" } = {}) {
    const page = await chromium.page();
    await page.setViewportSize({ width, height: 720 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.addInitScript(() => {
      window.asked = 0;
      Notification.requestPermission = async () => { window.asked += 1; return "default"; };
      // As a reader who has been here before: the banner may ask at once.
      localStorage.setItem("lamppost-prompt", JSON.stringify({ views: 9 }));
    });
    await page.goto(`${site.origin}${path}`, { waitUntil: "networkidle" });
    await page.locator(kPages[path]).first().waitFor({ state: "visible" });
    await look(page);
    assert.equal(await page.evaluate(() => window.asked), 0);
    assert.deepEqual(page.problems, []);
    await page.close();
  }

  for (const path of Object.keys(kPages)) {
    for (const scheme of ["light", "dark"]) {
      test(`${path} 320 px wide, ${scheme}: shows its mode, asks nothing, nothing for axe, nothing too wide`, async () => {
        await visit(path, async (page) => {
          await picture(page, `demo${path.replaceAll("/", "-")}${scheme}`);
          assert.deepEqual(await findings(page), []);
          assert.equal(await overhang(page), 0);
        }, { scheme });
      });
    }

    test(`${path} on a wide screen`, async () => {
      await visit(path, async (page) => {
        await picture(page, `demo${path.replaceAll("/", "-")}wide`);
        assert.deepEqual(await findings(page), []);
      }, { width: 1280 });
    });

    test(`${path} can be read from the right to the left`, async () => {
      await visit(path, async (page) => {
        await page.evaluate(() => { document.documentElement.dir = "rtl"; });
        assert.equal(await overhang(page), 0);
        assert.deepEqual(await findings(page), []);
      });
    });
  }

  test("every section is reached by keyboard from the front page", async () => {
    await visit("/", async (page) => {
      const reached = [];
      for (let steps = 0; steps < 12; steps += 1) {
        await page.keyboard.press("Tab");
        reached.push(await page.evaluate(() => document.activeElement.getAttribute("href")));
      }
      for (const path of ["#news", "/town/", "/market/", "/sport/"]) assert.ok(reached.includes(path), `${path} not in ${reached}`);
    });
  });
});
