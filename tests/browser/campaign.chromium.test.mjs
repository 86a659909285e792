// /admin/campaign.html in Chromium, with an admin API that is simulated: the ten seconds, progress, and what can be done.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { startDeskSite } from "./desk_site.mjs";
import { findings, overhang, picture } from "./looking.mjs";

const kApple = "web.push.apple.com";
const kMozilla = "updates.push.services.mozilla.com";
const kMessage = { title: "Footbridge open again", body: "Free from 2 pm.", url: "/news/footbridge" };

describe("the page of a campaign in Chromium", () => {
  let chromium;
  let site;
  let pages = [];

  before(async () => {
    site = await startDeskSite();
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });
  beforeEach(async () => {
    await Promise.all(pages.map((page) => page.close()));
    pages = [];
    site.reset();
  });

  async function open(id, { width = 1200 } = {}) {
    const page = await chromium.page();
    pages.push(page);
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${site.origin}/admin/campaign.html?id=${id}`);
    return page;
  }

  const heading = (page, words) => page.locator("#heading", { hasText: words }).waitFor();
  const asked = (path) => site.asked.filter(([, where]) => where.endsWith(path));
  const clean = (page) => assert.deepEqual(page.problems, []);

  /** A campaign that goes out in so many seconds. */
  const scheduled = (seconds) => site.campaigns.create({ ...kMessage, send_at: Math.floor(Date.now() / 1000) + seconds })[1];

  /** Its time is there; pages learn it with their next look. */
  const due = (campaign) => { campaign.send_at = Math.floor(Date.now() / 1000) + 1; };

  /** One that is being sent, by nobody. */
  function begun(devices = 0) {
    const [, campaign] = site.campaigns.create(kMessage);
    site.campaigns.start(campaign);
    site.campaigns.advance(campaign, devices);
    return campaign;
  }

  test("at the end of the ten seconds it goes out, live, to its end", async () => {
    site.campaigns.pace = 1500;
    const campaign = scheduled(30);
    const page = await open(campaign.id);
    await page.locator("#undo-now:focus").waitFor();
    assert.match(await page.locator("#undo-words").textContent(), /Undo takes it back/);
    assert.deepEqual(await findings(page), []);
    await picture(page, "campaign-undo");
    due(campaign);

    await heading(page, "Being sent");
    await page.locator("#figures", { hasText: /^[\d,]+ of 3,788 · .*a second · about .* left/ }).waitFor();
    assert.deepEqual(await findings(page), []);
    await picture(page, "campaign-sending");
    await heading(page, /^Sent: Footbridge/);
    assert.equal(await page.locator("[data-name=accepted] dd").evaluate((one) => one.firstChild.textContent), "3,788");
    assert.equal(await page.locator("#services tbody tr").count(), 4);
    assert.equal(await page.locator("#progress").isVisible(), false);
    assert.equal(asked("/send").length, 1);
    clean(page);
  });

  test("Undo takes it back, and the text can be written on", async () => {
    const campaign = scheduled(20);
    const page = await open(campaign.id);
    await page.click("#undo-now");

    await heading(page, "Taken back");
    assert.match(await page.locator("#lead").textContent(), /Nothing went out/);
    assert.equal(campaign.state, "cancelled");
    assert.equal(await page.getByRole("link", { name: "Edit the text" }).getAttribute("href"), "/admin/compose.html?copy=1");
    assert.deepEqual(asked("/send"), []);
    clean(page);
  });

  test("Undo while the server is away is asked until it answers, and this page sends nothing", async () => {
    const campaign = scheduled(8);
    const page = await open(campaign.id);
    await page.locator("#undo").waitFor();
    site.away = true;
    await page.click("#undo-now");
    await page.locator("#problem", { hasText: "can’t be reached" }).waitFor();
    await delay(campaign.send_at * 1000 + 1500 - Date.now());
    site.away = false;

    await heading(page, "Taken back");
    assert.equal(campaign.state, "cancelled");
    assert.deepEqual(asked("/send"), []);
  });

  test("a reload within the ten seconds changes nothing, and two tabs send it once", async () => {
    site.campaigns.pace = 40_000;
    const campaign = scheduled(30);
    const page = await open(campaign.id);
    const other = await open(campaign.id);
    await page.reload();
    await page.locator("#undo").waitFor();
    due(campaign);
    await heading(page, /^Sent/);
    await heading(other, /^Sent/);

    assert.equal(campaign.counts.accepted, 3788);
    clean(page);
  });

  test("closed in the middle and opened again, it shows how far it is", async () => {
    site.campaigns.pace = 600;
    const campaign = scheduled(1);
    const page = await open(campaign.id);
    await heading(page, "Being sent");
    await page.close();
    site.campaigns.advance(campaign, 500);
    const again = await open(campaign.id);

    await again.locator("#figures", { hasText: /of 3,788/ }).waitFor();
    const before = await again.locator("#bar").evaluate((bar) => bar.value);
    assert.ok(before >= 500, `${before}`);
    assert.equal(await again.locator("#safe").isVisible(), true);
    site.campaigns.advance(campaign, 4000);
    await heading(again, /^Sent/);
    assert.equal(asked("/send").length, 1);
    clean(again);
  });

  test("pause, go on, and stop, which asks", async () => {
    site.campaigns.pace = 800;
    const campaign = scheduled(60);
    const page = await open(campaign.id);
    await page.click("#undo-skip");
    await page.click("[data-action=pause]");
    await heading(page, "Paused");
    await page.locator("[data-action=resume]:focus").waitFor();
    const held = campaign.counts.waiting;
    await delay(300);
    assert.equal(campaign.counts.waiting, held);
    await page.click("[data-action=resume]");
    await heading(page, "Being sent");
    await page.click("[data-action=cancel]");
    await page.locator("#ask[open]").waitFor();
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
    assert.equal(campaign.state, "sending");
    await page.click("[data-action=cancel]");
    await page.click("#ask-yes");

    await heading(page, "Stopped");
    assert.ok(campaign.counts.skipped > 0);
    clean(page);
  });

  test("what a push service refuses stands there in its words, with meaning and remedy; the failed can be tried again", async () => {
    site.campaigns.fates = { [kApple]: ["failed", "403 BadJwtToken"], [kMozilla]: ["unsure", "timed out without an answer"] };
    const campaign = begun(4000);
    const page = await open(campaign.id);
    await heading(page, /^Sent/);

    const reasons = await page.locator("#reasons-list").textContent();
    assert.match(reasons, /403 BadJwtToken Safari and iPhone \(Apple\), 175 times.*vapid_subject/);
    assert.match(reasons, /timed out without an answer/);
    assert.deepEqual(await findings(page), []);
    await picture(page, "campaign-refused");
    site.campaigns.fates = {};
    await page.click("text=Try the 175 failed again");
    await page.locator("[data-name=failed].none").waitFor();
    assert.deepEqual(asked("/retry").map(([, , body]) => body), [{}]);
    await page.click("text=Send the 402 unsure ones again");
    await page.locator("#ask-text", { hasText: "may show it twice" }).waitFor();
    await page.click("#ask-yes");
    await page.locator("[data-name=unsure].none").waitFor();
    assert.deepEqual(asked("/retry").at(-1)[2], { unsure: true });
    assert.equal(campaign.counts.accepted, 3788);
    await page.setViewportSize({ width: 320, height: 700 });
    await page.emulateMedia({ colorScheme: "dark" });
    await delay(400);
    assert.equal(await overhang(page), 0);
    assert.deepEqual(await findings(page), []);
    await picture(page, "campaign-phone");
    clean(page);
  });

  test("a push service that rests is told with when it is asked again", async () => {
    const campaign = begun(3000);
    Object.assign(campaign.services[3], { resting_until: Math.floor(Date.now() / 1000) + 600, resting_because: "429 TooManyRequests" });
    const page = await open(campaign.id);

    await page.locator("#reasons-list", { hasText: /429 TooManyRequests.*It is asked again at/ }).waitFor();
    clean(page);
  });

  test("when nobody drives it, the page says so after a minute, and can go on from here", async () => {
    const campaign = begun(1000);
    const page = await chromium.page();
    pages.push(page);
    await page.addInitScript(() => {
      const real = Date.now.bind(Date);
      window.ahead = 0;
      Date.now = () => real() + window.ahead;
    });
    await page.goto(`${site.origin}/admin/campaign.html?id=${campaign.id}`);
    await heading(page, "Being sent");
    assert.equal(await page.locator("#stuck").isVisible(), false);
    await page.evaluate(() => { window.ahead = 61_000; });

    await page.locator("#stuck", { hasText: "* * * * * lamppost resume" }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.click("text=Go on from here");
    await heading(page, /^Sent/);
    assert.equal(await page.locator("#stuck").isVisible(), false);
    clean(page);
  });

  test("a stream that breaks off, and a server that is away: it goes on, and the page with it", async () => {
    site.campaigns.breaks = true;
    const campaign = scheduled(1);
    const page = await open(campaign.id);
    await heading(page, "Being sent");
    site.away = true;
    await page.locator("#problem", { hasText: "can’t be reached" }).waitFor();
    site.away = false;
    site.campaigns.advance(campaign, 4000);

    await heading(page, /^Sent/);
    await until("no word of trouble", async () => (await page.locator("#problem").textContent()) === "");
  });

  test("an ended login is said, and what was begun goes on", async () => {
    const campaign = begun(1000);
    const page = await open(campaign.id);
    await heading(page, "Being sent");
    site.login = false;
    await page.locator(".banner").waitFor();
    site.login = true;
    site.campaigns.advance(campaign, 4000);

    await heading(page, /^Sent/);
    await page.locator(".banner").waitFor({ state: "hidden" });
  });

  for (const [state, words] of [["expired", "Out of time"], ["cancelled", "Stopped"], ["draft", "Not sent"], ["preparing", "About to go"]]) {
    test(`${state} is "${words}"`, async () => {
      const campaign = begun(1000);
      campaign.state = state;
      const page = await open(campaign.id);

      await heading(page, words);
      assert.deepEqual(await findings(page), []);
      clean(page);
    });
  }

  test("nobody to send to, and a message that is not there, are told", async () => {
    site.campaigns.people = {};
    const campaign = begun();
    site.campaigns.advance(campaign, 0);
    const page = await open(campaign.id);
    await heading(page, "Nobody to send to");
    for (const id of ["99", "x", ""]) {
      const other = await open(id);
      await heading(other, "There is no such message");
      assert.deepEqual(await findings(other), []);
    }
    clean(page);
  });
});
