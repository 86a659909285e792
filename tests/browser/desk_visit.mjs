// A desk with a simulated admin API and a Chromium to look at it, for tests of its pages.
// Whatever goes wrong on a page is an error, unless the test means to cause it.

import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { startChromium } from "./chromium.mjs";
import { startDeskSite } from "./desk_site.mjs";

export const kPages = ["", "history.html", "insights.html", "subscribers.html", "doctor.html", "settings.html"];
export const kNow = Math.floor(Date.now() / 1000);
export const kNoise = /Failed to load resource/;  // what Chromium itself notes of an answer that is no 200

/** Until every part of the page has its answer. */
export const settled = (page) => page.waitForFunction(() => !document.querySelector("main [aria-busy]"));

/** What a person reads below the navigation. */
export const main = (page) => page.locator("main").innerText();

class Desk {
  /** Opens a page, leaves it to `look`, and closes it; `problems` are those that the test means to cause. */
  async visit(name, look, { problems = [], width = 1100 } = {}) {
    const page = await this.chromium.page();
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(`${this.site.origin}/admin/${name}`, { waitUntil: "load" });
    await settled(page);
    try {
      await look(page);
      assert.deepEqual(page.problems.filter((words) => !problems.some((one) => one.test(words))), []);
    } finally {
      await page.close();
    }
  }

  /** As many sent campaigns; `change` is what is different of each. */
  sent(number, change = () => ({})) {
    for (let index = 1; index <= number; index += 1) {
      const [, campaign] = this.site.campaigns.create({ title: `Footbridge, part ${index}` });
      const at = kNow - (number + 1 - index) * 86_400 - 60;
      Object.assign(campaign, { state: "finished", created_at: at, started_at: at, finished_at: at + 60, clicks: index * 10,
        counts: { ...campaign.counts, audience: 3788, accepted: 3700, gone: 40, failed: 48 } }, change(index, campaign));
    }
  }

  /** From now on it is the first day: nobody, nothing, no address for the push services. */
  newcomer() {
    const { site } = this;
    const none = site.record.stats(1);
    const quiet = (index) => ({ day: index * 86_400, active: 0, joined: 0, left: 0, accepted: 0, failed: 0, gone: 0, clicks: 0 });
    site.answers["GET /api/admin/stats"] = ({ query }) => [200, { ...none, active: 0, today: { joined: 0, left: 0 }, weekly_pushes: 0, updated_at: null,
      days: Array.from({ length: Number(query.get("days")) }, (_, index) => quiet(index)), services: [], languages: [], ages: [], hours: Array.from({ length: 7 }, () => Array(24).fill(0)) }];
    Object.assign(site.record, { topics: [], segments: [], subscriptions: [], doctor: { checks: [] }, settings: { settings: [], vapid_public_key: "", version: "1.0.0" } });
  }

  /** The bodies of the calls of that method and path. */
  posted(method, path) {
    return this.site.asked.filter(([one, two]) => one === method && two === path).map(([, , body]) => body);
  }
}

/** A desk for the tests of the suite that this is called in, as at the start for each of them. */
export function openDesk() {
  const desk = new Desk();
  before(async () => {
    desk.site = await startDeskSite();
    desk.chromium = await startChromium();
  });
  after(async () => {
    await desk.chromium?.close();
    await desk.site?.stop();
  });
  beforeEach(() => { desk.site.reset(); });
  return desk;
}
