// The visitor's pages at 400 % zoom, and 320 px wide at full height: the demo newspaper with each mode at rest and
// opened, the preferences, and the panel in its states. No sideways scrolling, nothing cut off, the focus in sight.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { picture } from "./looking.mjs";
import { startPagesSite, subscribed } from "./pages_site.mjs";
import { cutOff, outOfSight, zoom } from "./reflow.mjs";
import { openSnippet } from "./snippet_page.mjs";

const kConfig = { vapid_public_key: Buffer.alloc(65, 4).toString("base64url"), site: "The Lamppost",
  topics: [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport and other exercises", default: false }] };
const kHeld = { created_at: 1700000000, seen_at: 1764000000, language: "en", timezone: "America/Argentina/ComodRivadavia", topics: ["town"],
  pause_until: 4102444800, quiet_hours: { from: "22:00", to: "07:00" }, user: "somebody-with-a-long-name@mail.example", devices: 2,
  recent: [{ title: "Donaudampfschifffahrtsgesellschaftskapitänsmütze gefunden", at: 1764000000, fate: "accepted" }] };
const kIphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1";
const kSizes = { "at 400 %": zoom, "320 px wide": (_, page) => page.setViewportSize({ width: 320, height: 720 }) };

/** Ahead of a page's own scripts: a reader who has been here before, whom the browser has not asked yet. */
function reader() {
  Object.defineProperty(Notification, "permission", { get: () => "default" });
  localStorage.setItem("lamppost-prompt", JSON.stringify({ views: 9 }));
}

describe("reflow in Chromium", { concurrency: 2 }, () => {
  let chromium;
  let site;

  before(async () => {
    site = await startPagesSite({ config: kConfig, held: kHeld });
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  async function open(path, script) {
    const page = await chromium.page();
    await page.addInitScript(script);
    await page.goto(`${site.origin}${path}`, { waitUntil: "load" });
    return page;
  }
  // By its other name, so that it has a storage of its own: the views are looked at two at a time.
  const elsewhere = () => ({ lamppost: { origin: site.origin.replace("localhost", "127.0.0.1") } });
  const panel = (options) => openSnippet(chromium, elsewhere(), { body: "<div data-lamppost></div>", ...options });
  const panelIn = (visitor, press) => async () => {
    const page = await panel({ visitor });
    await page.locator(".lamppost-panel").waitFor();
    if (press) await page.click(".lamppost-panel [data-lamppost-subscribe]");
    return page;
  };

  // What is looked at: how it is opened, and what must be in sight or be pressed before.
  const kViews = {
    "front page": { open: () => open("/", reader), shows: "[data-lamppost-topics] input" },
    "bell": { open: () => open("/town/", reader), shows: ".lamppost-bell" },
    "bell opened": { open: () => open("/town/", reader), shows: ".lamppost-bell", press: ".lamppost-bell" },
    "bell on the other side": { open: () => open("/sport/", reader), shows: ".lamppost-bell" },
    "banner": { open: () => open("/market/", reader), shows: ".lamppost-banner" },
    "preferences": { open: () => open("/push/preferences", subscribed), shows: "#settings", press: "#test" },
    "panel on": { open: panelIn({ permission: "granted", key: 4 }), shows: ".lamppost-extras" },
    "panel blocked": { open: panelIn({ permission: "denied" }), shows: ".lamppost-help", press: ".lamppost-help summary" },
    "panel asking": { open: panelIn({ thinks: 60_000 }, true), shows: ".lamppost-status[data-state=asking]" },
    "panel in trouble": { open: panelIn({ permission: "granted", subscribeError: "AbortError" }, true), shows: ".lamppost-status[data-state=service-error]" },
    "panel on an iPhone": { open: () => panel({ visitor: { missing: ["PushManager", "Notification"] }, agent: kIphone }), shows: ".lamppost-steps" },
    "panel with a code": { open: panelIn({}), shows: ".lamppost-panel", press: ".lamppost-link" },
  };
  for (const [name, { open: opened, shows, press }] of Object.entries(kViews)) {
    for (const [size, make] of Object.entries(kSizes)) {
      test(`${name} ${size}`, async () => {
        const page = await opened();
        try {
          await make(chromium, page);
          await page.locator(shows).first().waitFor();
          if (press) await page.locator(press).first().click();
          await picture(page, `reflow ${name} ${size}`.replace(/\W+/g, "-"), { fullPage: false });

          assert.deepEqual(await cutOff(page), []);
          const { found, count } = await outOfSight(page);
          assert.deepEqual(found, []);
          assert.ok(count > 0 || name === "panel on an iPhone", "something could have the focus");
          assert.deepEqual(await cutOff(page), [], "scrolled, too");
        } finally {
          await page.close();
        }
      });
    }
  }
});
