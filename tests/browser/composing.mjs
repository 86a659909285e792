// The compose page in Chromium with an admin API that is simulated, for suites: each test finds an empty browser and server.

import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { startChromium } from "./chromium.mjs";
import { startDeskSite } from "./desk_site.mjs";

export const kPage = "/admin/compose.html";

/** To be called within describe(); gives {site (once it runs), open, write, confirm, reach, posted, clean}. */
export function composing() {
  const it = { site: null };
  let chromium;
  let pages = [];

  before(async () => {
    it.site = await startDeskSite();
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await it.site?.stop();
  });
  beforeEach(async () => {
    await Promise.all(pages.map((page) => page.close()));
    pages = [];
    it.site.reset();
    const page = await chromium.page();
    await page.goto(`${it.site.origin}/icons/lamp.svg`);
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  /** A new tab with the page. */
  it.open = async (path = kPage) => {
    const page = await chromium.page();
    pages.push(page);
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.goto(`${it.site.origin}${path}`, { waitUntil: "networkidle" });
    return page;
  };

  it.write = async (page, title = "Footbridge open again") => {
    await page.fill("#title", title);
    await page.fill("#body", "The way over the brook is free from 2 pm.");
    await page.fill("#url", "/news/footbridge");
  };

  /** Presses Send, and yes. */
  it.confirm = async (page) => {
    await page.click("#send");
    await page.locator("#confirm[open]").waitFor();
    await page.click("#confirm-yes");
  };

  it.reach = (page, words) => page.locator("#reach", { hasText: words }).waitFor();
  it.posted = (path) => it.site.asked.filter(([method, where]) => method === "POST" && where === path);
  it.clean = (page) => assert.deepEqual(page.problems, []);
  return it;
}
