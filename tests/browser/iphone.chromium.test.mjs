// What somebody with an iPhone or iPad meets on the demo newspaper, and how a computer hands the page on to a phone.
// Chromium takes the part of their browsers: by user agent, touch screen, and what those browsers lack.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { findings, overhang, picture } from "./looking.mjs";
import { startPagesSite } from "./pages_site.mjs";

const kConfig = { vapid_public_key: Buffer.alloc(65, 4).toString("base64url"), site: "The Lamppost",
  topics: [{ name: "town", label: "Town hall", default: true }] };
const kIphone = (version, more = "Version/18.1 Mobile/15E148 Safari/604.1") =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${version} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ${more}`;
const kIpad = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
const kTab = { missing: ["PushManager", "Notification"] };  // of Safari on iOS; the Home Screen has both

/** Runs ahead of a page's own scripts. */
function become({ missing = [], standalone = false, platform = "iPhone" }) {
  for (const name of missing) delete window[name];
  Object.defineProperty(navigator, "standalone", { value: standalone });
  Object.defineProperty(navigator, "platform", { value: platform });
  if (window.Notification) Object.defineProperty(Notification, "permission", { get: () => "default" });
  localStorage.clear();
}

describe("iPhone, iPad and a computer beside them", { concurrency: 2 }, () => {
  let chromium;
  let site;

  before(async () => {
    site = await startPagesSite({ config: kConfig });
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  /** Opens `path` on such a phone and leaves it to `look`. */
  async function visit({ agent, path = "/", name, phone = {} }, look) {
    const page = await chromium.page();
    try {
      await page.setViewportSize({ width: 390, height: 844 });
      const tools = await chromium.context.newCDPSession(page);
      await tools.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 5 });
      await tools.send("Emulation.setUserAgentOverride", { userAgent: agent });
      await page.addInitScript(become, phone);
      await page.goto(`${site.origin}${path}`, { waitUntil: "networkidle" });
      await look(page);
      await picture(page, `iphone-${name}`);
      assert.deepEqual(await findings(page), []);
      assert.equal(await overhang(page), 0);
      assert.deepEqual(page.problems, []);
    } finally {
      await page.close();
    }
  }

  const state = (page) => page.evaluate(() => window.Lamppost.state());
  /** The words of each step that is in sight. */
  const steps = (page) => page.locator("[data-lamppost-when~=ios-needs-install] li:visible").allInnerTexts();
  async function threeSteps(page) {
    const [share, add, open, ...more] = await steps(page);
    assert.match(share, /Share/);
    assert.match(add, /Add to Home Screen/);
    assert.match(open, /Open|open/);
    assert.deepEqual(more, []);
  }
  const noPress = async (page) => assert.equal(await page.locator("[data-lamppost-subscribe]:visible").count(), 0);

  test("a tab on an iPhone: the front page tells the three steps, and offers no button that could not work", async () => {
    await visit({ agent: kIphone("18_1"), name: "tab", phone: kTab }, async (page) => {
      assert.equal(await state(page), "ios-needs-install");
      await threeSteps(page);
      await noPress(page);
    });
  });

  test("the bell's panel draws the steps as Safari draws its buttons, and no code for a phone", async () => {
    await visit({ agent: kIphone("17_5_1"), path: "/town/", name: "bell", phone: kTab }, async (page) => {
      await page.locator(".lamppost-bell").click();
      await threeSteps(page);
      assert.equal(await page.locator(".lamppost-steps svg:visible").count(), 3);
      await noPress(page);
      assert.equal(await page.getByRole("button", { name: /phone/ }).count(), 0);
    });
  });

  test("the banner has them, too", async () => {
    await visit({ agent: kIphone("26_0"), path: "/market/", name: "banner", phone: kTab }, async (page) => {
      await page.mouse.wheel(0, 100_000);
      await page.locator(".lamppost-banner").waitFor();
      await threeSteps(page);
    });
  });

  test("an iPad that calls itself a Macintosh is known by its touch screen", async () => {
    await visit({ agent: kIpad, name: "ipad", phone: { ...kTab, platform: "MacIntel" } }, async (page) => {
      assert.equal(await state(page), "ios-needs-install");
      await threeSteps(page);
    });
  });

  test("iOS before 16.4 is told which version it takes, and no steps that would lead nowhere", async () => {
    for (const version of ["16_3_1", "15_8", "12_5_7"]) {
      await visit({ agent: kIphone(version), name: `old-${version}`, phone: kTab }, async (page) => {
        assert.equal(await state(page), "unsupported");
        await page.getByText("Notifications need iOS 16.4 or newer").waitFor();
        assert.deepEqual(await steps(page), []);
        await noPress(page);
      });
    }
    await visit({ agent: kIphone("16_4"), name: "just-new", phone: kTab }, threeSteps);
  });

  test("a browser inside of an app is told to open the page in Safari", async () => {
    for (const app of ["Mobile/15E148 Instagram 300.0.0", "Mobile/15E148 [FBAN/FBIOS;FBAV/440.0]"]) {
      await visit({ agent: kIphone("18_1", app), name: "in-app", phone: kTab }, async (page) => {
        await page.getByText("Open this page in Safari").waitFor();
        await noPress(page);
      });
    }
  });

  test("from the Home Screen it is offered like anywhere", async () => {
    await visit({ agent: kIphone("18_1"), name: "standalone", phone: { standalone: true } }, async (page) => {
      assert.equal(await state(page), "default");
      assert.equal(await page.locator("[data-lamppost-subscribe]").isVisible(), true);
      assert.deepEqual(await steps(page), []);
    });
  });

  test("on the Home Screen of a site whose manifest lacks display, there is nothing to press and nothing to install", async () => {
    await visit({ agent: kIphone("18_1"), name: "no-display", phone: { ...kTab, standalone: true } }, async (page) => {
      assert.equal(await state(page), "unsupported");
      assert.deepEqual(await steps(page), []);
      await noPress(page);
    });
  });

  test("a computer shows the page's address as a code that a camera reads", async () => {
    const page = await chromium.page();
    await page.addInitScript(() => Object.defineProperty(Notification, "permission", { get: () => "default" }));
    await page.goto(`${site.origin}/town/`, { waitUntil: "networkidle" });
    await page.locator(".lamppost-bell").click();
    await page.getByRole("button", { name: /phone/ }).click();
    const code = page.getByRole("img", { name: `QR code of ${site.origin}/town/` });
    await code.waitFor();

    const { y, width, height } = await code.boundingBox();
    const panel = await page.locator(".lamppost-panel").boundingBox();
    assert.ok(width >= 120 && width === height, `${width} x ${height}`);
    assert.ok(y >= panel.y && y + height <= panel.y + panel.height, "all of it is in sight");
    assert.deepEqual(await code.evaluate((one) => [getComputedStyle(one).fill, getComputedStyle(one).backgroundColor]),
      ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
    assert.deepEqual(await findings(page), []);
    await picture(page, "computer-qr");
    assert.deepEqual(page.problems, []);
    await page.close();
  });
});
