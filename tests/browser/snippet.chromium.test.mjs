// The snippet's own surfaces in Chromium: each mode and each state reached and photographed, nothing that axe finds
// serious, nothing that the content security policy stops, all by keyboard, on a small screen, in the dark, right to left.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { fits, kSite, openSnippet, photograph, serious } from "./snippet_page.mjs";
import { startWholeSite } from "./whole_site.mjs";

const kPanel = '<div data-lamppost><a href="/feed.xml">RSS</a></div>';
const kPhone = { width: 320, height: 568 };
const kIphone = (more) => `Mozilla/5.0 (iPhone; CPU iPhone OS ${more}`;
const kAway = { status: 503, json: { status: "error" } };
const kOwnKey = 4;
const kOldKey = 5;

describe("the snippet in Chromium", () => {
  let site;
  let chromium;

  before(async () => {
    site = await startWholeSite();
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  /** Opens a page, leaves it to `look`, and sees that nothing went wrong but what `problems` matches. */
  async function visit(options, look, problems = /^$/) {
    const page = await openSnippet(chromium, site, options);
    try {
      await look(page);
      assert.deepEqual(page.problems.filter((one) => !problems.test(one)), []);
    } finally {
      await page.close();
    }
  }

  const reached = (page, state) => page.waitForFunction((wanted) => window.Lamppost.state() === wanted, state, { timeout: 10_000 });

  const kStates = [
    ["default", {}, /are off/],
    ["blocked", { visitor: { permission: "denied" } }, /blocks notifications/],
    ["granted-off", { visitor: { permission: "granted" } }, /are off/],
    ["on", { visitor: { permission: "granted", key: kOwnKey } }, /are on/],
    ["stale-key", { visitor: { permission: "granted", key: kOldKey, subscribeError: "AbortError" } }, /renewed/],
    ["asking", { visitor: { thinks: 60_000 }, press: true }, /Choose “Allow”/],
    ["quieted", { visitor: { thinks: 60_000 }, press: true }, /bell in its address bar/],
    ["service-error", { visitor: { permission: "granted", subscribeError: "AbortError" }, press: true }, /push service/],
    ["site-error", { api: { "POST /api/push-subscriptions": kAway }, press: true }, /try again by ourselves/],
    ["ios-needs-install", { visitor: { missing: ["PushManager", "Notification"] }, agent: kIphone("18_1 like Mac OS X) Safari/604.1") }, /Home Screen/],
  ];
  for (const [state, { press, ...options }, words] of kStates) {
    for (const scheme of ["light", "dark"]) {
      test(`the panel shows ${state}, ${scheme}`, async () => {
        await visit({ body: kPanel, size: kPhone, scheme, ...options }, async (page) => {
          await page.locator(".lamppost-panel").waitFor();
          if (press) await page.click(".lamppost-panel [data-lamppost-subscribe]");
          await reached(page, state);

          await page.locator(".lamppost-status", { hasText: words }).waitFor({ timeout: 10_000 });
          const presses = await page.locator(".lamppost-panel .lamppost-row button:visible").count();
          assert.equal(presses > 0, !["blocked", "ios-needs-install"].includes(state), "a way on, where a press is one");
          assert.deepEqual(await serious(page), []);
          assert.equal(await fits(page), true);
          assert.ok((await photograph(page, `panel ${state} ${scheme}`)).length > 1000);
        }, /503/);
      });
    }
  }

  const kHopeless = [
    ["unsupported", { visitor: { missing: ["PushManager"] } }],
    ["private", { visitor: { missing: ["serviceWorker"] } }],
    ["insecure", { visitor: { insecure: true } }],
    ["unsupported", { visitor: { missing: ["PushManager", "Notification"] }, agent: kIphone("16_3 like Mac OS X)") }],
  ];
  for (const [state, options] of kHopeless) {
    test(`where it is ${state} (${options.agent ?? "computer"}) the page's own words stay, and no bell rings`, async () => {
      await visit({ body: kPanel, attributes: 'data-mode="bell"', ...options }, async (page) => {
        await delay(500);

        assert.equal(await page.evaluate(() => window.Lamppost.state()), state);
        assert.equal(await page.getByText("RSS").isVisible(), true);
        assert.equal(await page.locator(".lamppost").count(), 0);
        await photograph(page, `hopeless ${state}`);
      });
    });
  }

  test("the panel in every language, with texts of its own and the right direction", async () => {
    const seen = new Set();
    for (const lang of ["en", "de", "es", "fr", "pt", "ar"]) {
      await visit({ body: kPanel, lang, size: kPhone, visitor: { permission: "granted", key: kOwnKey } }, async (page) => {
        await page.locator(".lamppost-extras").waitFor();

        const panel = page.locator(".lamppost-panel");
        seen.add(await panel.textContent());
        assert.equal(await panel.getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
        assert.doesNotMatch(await panel.textContent(), /\b(panel|state|topics|privacy|phone)\.[a-z]/);
        assert.deepEqual(await serious(page), []);
        assert.equal(await fits(page), true);
        await photograph(page, `language ${lang}`);
      });
    }
    assert.equal(seen.size, 6);
  });

  test("an owner's texts replace ours, the rest stays", async () => {
    const page = await openSnippet(chromium, site, { attributes: 'data-texts="/api/texts.json"', body: kPanel,
      api: { "GET /api/texts.json": { json: { "panel.on": "Ring me", de: { "panel.on": "Klingeln" } } } } });
    assert.equal(await page.locator(".lamppost-main").textContent(), "Ring me");
    assert.match(await page.locator(".lamppost-privacy").textContent(), /We store/);
    await page.close();
  });

  test("the bell by keyboard alone: open, tick, turn on, close", async () => {
    await visit({ attributes: 'data-mode="bell"', size: kPhone }, async (page) => {
      await page.locator(".lamppost-bell").waitFor();
      await photograph(page, "bell closed");
      assert.deepEqual(await page.evaluate(() => window.asked), []);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "BODY");

      for (let steps = 0; steps < 10 && !(await page.evaluate(() => document.activeElement.matches(".lamppost-bell"))); steps += 1) await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "H2");
      assert.deepEqual(await serious(page), []);
      assert.equal(await fits(page), true);
      await photograph(page, "bell open");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await reached(page, "on");

      const [, sent] = page.called.find(([name]) => name === "POST /api/push-subscriptions");
      assert.deepEqual(sent.topics, ["town", "sport"]);
      await page.locator(".lamppost-extras").waitFor();
      assert.equal(await page.evaluate(() => document.activeElement.matches("[data-lamppost-unsubscribe]")), true);
      assert.deepEqual(await serious(page), []);
      await photograph(page, "bell on");
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".lamppost-panel").isVisible(), false);
      assert.equal(await page.evaluate(() => document.activeElement.matches(".lamppost-bell")), true);
      assert.match(await page.locator(".lamppost-bell").getAttribute("aria-label"), /are on/);
    });
  });

  test("the panel of a subscriber: topics as the server has them, a change, a pause, a test, off and undo", async () => {
    await visit({ body: kPanel, visitor: { permission: "granted", key: kOwnKey } }, async (page) => {
      const box = (name) => page.locator(`input[value=${name}]`);
      await page.waitForFunction(() => document.querySelector("input[value=sport]")?.checked);
      assert.equal(await box("town").isChecked(), false);

      await box("town").check();
      await page.getByRole("button", { name: "Pause for a day" }).click();
      await page.getByText(/Paused until/).waitFor();
      await page.getByRole("button", { name: "Send me a test" }).click();
      await page.getByText(/is on its way/).waitFor();

      const changes = page.called.filter(([name]) => name.startsWith("PATCH")).map(([, body]) => body);
      assert.deepEqual(changes[0], { endpoint: "https://push.example/4", auth: "a", topics: ["town", "sport"] });
      assert.ok(Math.abs(changes[1].pause_until - Date.now() / 1000 - 86400) < 60);
      await page.getByRole("button", { name: "End the pause" }).waitFor();
      await photograph(page, "panel subscriber");

      await page.getByRole("button", { name: "Turn off" }).click();
      await page.getByRole("button", { name: "Undo" }).click();
      await reached(page, "on");
      assert.deepEqual(page.called.findLast(([name]) => name === "POST /api/push-subscriptions")[1].topics, ["town", "sport"]);
    });
  });

  test("a test that comes too soon is explained, and an error of the site is said, not thrown", async () => {
    await visit({ body: kPanel, visitor: { permission: "granted", key: kOwnKey },
      api: { "POST /api/push-subscriptions/test": { status: 429, headers: { "Retry-After": "42" } } } }, async (page) => {
      await page.getByRole("button", { name: "Send me a test" }).click();

      await page.getByText("Please wait 42 seconds").waitFor();
    }, /429/);
  });

  test("the code for a phone comes only when asked for", async () => {
    await visit({ body: kPanel }, async (page) => {
      const asked = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.getByRole("button", { name: "phone" }).click();

      await page.getByRole("img", { name: /QR code of http:\/\/localhost/ }).waitFor();
      assert.ok(asked.some((path) => path.endsWith("/qrcode.js")));
      assert.deepEqual(await serious(page), []);
      await photograph(page, "phone code");
    });
  });

  const kBanner = (more = "") => `data-mode="banner" data-after-seconds="1" ${more}`;

  for (const [lang, scheme] of [["en", "light"], ["de", "dark"], ["ar", "light"]]) {
    test(`the banner (${lang}, ${scheme}) comes after a while, takes no focus, and asks nothing by itself`, async () => {
      await visit({ attributes: kBanner(), lang, scheme, size: kPhone }, async (page) => {
        assert.equal(await page.locator(".lamppost-banner").count(), 0);
        await page.locator(".lamppost-banner").waitFor();

        assert.equal(await page.evaluate(() => document.activeElement.tagName), "BODY");
        assert.deepEqual(await page.evaluate(() => window.asked), []);
        assert.deepEqual(await serious(page), []);
        assert.equal(await fits(page), true);
        const [no, yes] = await page.locator(".lamppost-equal button").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
        assert.ok(Math.abs(no.width - yes.width) < 1 && no.height === yes.height, "both are equally large");
        assert.ok(no.height >= 24);
        await photograph(page, `banner ${lang} ${scheme}`);
      });
    });
  }

  test("turning on from the banner", async () => {
    await visit({ attributes: kBanner() }, async (page) => {
      await page.locator(".lamppost-banner").waitFor();
      await page.getByRole("button", { name: "Turn on" }).press("Enter");
      await reached(page, "on");

      assert.deepEqual(page.called.find(([name]) => name === "POST /api/push-subscriptions")[1].topics, ["town"]);
      await page.locator(".lamppost-banner").getByRole("link").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await photograph(page, "banner on");
      await page.getByRole("button", { name: "Close" }).press("Enter");
      assert.equal(await page.locator(".lamppost-banner").count(), 0);
      assert.equal(await page.evaluate(() => localStorage.getItem("lamppost-prompt").includes("dismissed")), false);
    });
  });

  test("a refusal in the browser leaves the banner with help and a way out, and is not asked for again", async () => {
    await visit({ attributes: kBanner(), visitor: { answer: "denied" } }, async (page) => {
      await page.locator(".lamppost-banner").waitFor();
      await page.getByRole("button", { name: "Turn on" }).press("Enter");
      await reached(page, "blocked");

      await page.getByText("How to allow them again").press("Enter");
      await page.getByText(/Chrome, Edge: the icon/).waitFor();
      assert.deepEqual(await page.locator(".lamppost-banner button").allTextContents(), ["Close"]);
      assert.deepEqual(await serious(page), []);
      await photograph(page, "banner blocked");
    });
  });

  test("Esc is a not now, and it holds on the next page", async () => {
    await visit({ attributes: kBanner() }, async (page) => {
      await page.locator(".lamppost-banner").waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".lamppost-banner").count(), 0);

      await page.reload();
      await delay(3500);

      assert.equal(await page.locator(".lamppost-banner").count(), 0);
    });
  });

  const kQuiet = [
    ["on a page that the owner excludes", { attributes: kBanner('data-deny="/checkout /login"'), path: "/checkout/pay" }],
    ["to whoever has blocked notifications", { attributes: kBanner(), visitor: { permission: "denied" } }],
    ["to whoever has turned them off", { attributes: kBanner(), visitor: { permission: "granted" }, kept: { lamppost: { off: true } } }],
    ["while a dialog of the page is open", { attributes: kBanner(), body: "<dialog open>Cookies?</dialog>" }],
    ["without a sign of interest", { attributes: 'data-mode="banner"' }],
  ];
  for (const [when, options] of kQuiet) {
    test(`no banner ${when}`, async () => {
      await visit(options, async (page) => {
        await delay(3500);

        assert.equal(await page.locator(".lamppost-banner").count(), 0);
      });
    });
  }

  test("half of the page, or a second view, brings the banner too", async () => {
    const long = "<p>More words.</p>".repeat(200);
    await visit({ attributes: 'data-mode="banner"', body: long }, async (page) => {
      await page.waitForFunction(() => window.Lamppost && localStorage.getItem("lamppost-prompt"));
      await page.mouse.wheel(0, 100_000);
      await page.locator(".lamppost-banner").waitFor({ timeout: 10_000 });
    });
    await visit({ attributes: 'data-mode="banner"', kept: { "lamppost-prompt": { views: 1 } } }, async (page) => {
      await page.locator(".lamppost-banner").waitFor({ timeout: 10_000 });
    });
  });

  test("a list of topics beside the page's own button", async () => {
    await visit({ body: '<div data-lamppost-topics></div><button type="button" data-lamppost-subscribe>Get notified</button>', visitor: { permission: "granted" } }, async (page) => {
      await page.getByLabel("Sport").check();
      await page.getByLabel("Town hall").uncheck();
      await page.getByRole("button", { name: "Get notified" }).click();
      await reached(page, "on");

      assert.deepEqual(page.called.find(([name]) => name === "POST /api/push-subscriptions")[1].topics, ["sport"]);
      assert.deepEqual(await serious(page), []);
    });
  });

  test("without a mode and without a placeholder nothing is loaded but the snippet", async () => {
    await visit({}, async (page) => {
      await delay(1000);

      assert.deepEqual(page.called, []);
      assert.deepEqual(await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)), ["/push/lamppost.js"]);
      assert.equal(kSite.topics.length, 2);
    });
  });
});
