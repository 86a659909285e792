// What all pages of the desk have in common, in Chromium, with a simulated admin API.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { startDeskSite } from "./desk_site.mjs";
import { findings, overhang, picture } from "./looking.mjs";

const kPages = readdirSync(new URL("../../www/admin/", import.meta.url)).filter((name) => name.endsWith(".html"));

describe("the desk in Chromium", () => {
  let chromium;
  let site;

  before(async () => {
    site = await startDeskSite();
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });
  beforeEach(() => { site.reset(); });

  async function open(name, { width = 1100, scheme = "light" } = {}) {
    const page = await chromium.page();
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.goto(`${site.origin}/admin/${name}`, { waitUntil: "networkidle" });
    return page;
  }

  for (const name of kPages) {
    test(`${name}: nothing for axe in the light, nothing wider than a small phone in the dark`, async () => {
      const page = await open(name);
      assert.deepEqual(await findings(page), []);
      await picture(page, `desk-${name}-light`);
      await page.setViewportSize({ width: 320, height: 700 });
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      assert.equal(await overhang(page), 0);
      assert.deepEqual(await findings(page), []);
      await picture(page, `desk-${name}-phone`);
      assert.deepEqual(page.problems, []);
      await page.close();
    });
  }

  test("the first Tab leads past the navigation, and the login's name is told", async () => {
    const page = await open("");

    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, "#main");
    assert.match(await page.locator("header").textContent(), /Signed in as ana/);
    await page.close();
  });

  test("an ended login is said on the page, with the way back, and taken back after it", async () => {
    site.login = false;
    const page = await open("");

    const banner = page.locator(".banner");
    await banner.waitFor();
    assert.match(await banner.textContent(), /no longer signed in/);
    assert.equal(await banner.locator("a").getAttribute("target"), "_blank");

    site.login = true;
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await banner.waitFor({ state: "hidden" });
    await page.close();
  });
});
