// The desk with the whole of Lamppost behind it: written, counted, taken back or sent, and told what push services said.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { startChromium } from "./chromium.mjs";
import { findings, picture } from "./looking.mjs";

const kAudience = 40;

describe("the desk and the whole of Lamppost", () => {
  let chromium;
  let site;
  let subscriptions;

  before(async () => {
    site = await startSite();
    chromium = await startChromium();
    await chromium.context.setHTTPCredentials({ username: "admin", password: site.lamppost.password });
    subscriptions = site.service.createSubscriptions(kAudience, { vapidKey: await site.vapidKey() });
    for (const [at, subscription] of subscriptions.entries()) {
      const json = { subscription, language: at % 4 ? "en" : "de-AT" };
      assert.equal((await site.public("/api/push-subscriptions", { json })).status, 201);
    }
  });
  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  /** Writes this in a new tab, leaves the rest of the form to `more`, and sends it; gives the tab, on the campaign's page. */
  async function sent(title, more = async () => {}) {
    const page = await chromium.page();
    await page.goto(`${site.lamppost.origin}/admin/compose.html`, { waitUntil: "networkidle" });
    await page.fill("#title", title);
    await page.fill("#body", "Written on the desk.");
    await more(page);
    await page.click("#send");
    await page.locator("#confirm[open]").waitFor();
    await page.click("#confirm-yes");
    await page.waitForURL(/campaign\.html\?id=\d+$/);
    await page.locator("#undo").waitFor();
    return page;
  }

  const heading = (page, words) => page.locator("#heading", { hasText: words }).waitFor();
  const figureOf = (page, name) => page.locator(`[data-name=${name}] dd`).evaluate((one) => one.firstChild.textContent);
  const left = async (page) => {
    assert.deepEqual(page.problems, []);
    await page.close();
  };

  test("counts an audience, shows the true size, and sends to just these", async () => {
    const page = await sent("For readers of German", async (form) => {
      await form.locator("#reach", { hasText: `${kAudience} devices` }).waitFor();
      await form.fill("#only_lang", "de");
      await form.locator("#reach", { hasText: `${kAudience / 4} devices` }).waitFor();
      assert.match(await form.locator("#size").textContent(), /^\d+ of 3,993 bytes: every push service takes it/);
    });
    assert.deepEqual(await findings(page), []);
    await page.click("#undo-skip");
    await heading(page, /^Sent/);

    assert.equal(await figureOf(page, "accepted"), `${kAudience / 4}`);
    assert.match(await page.locator("#text-parts").textContent(), /lang:de/);
    await left(page);
  });

  test("what is taken back reaches nobody", async () => {
    const page = await sent("A slip");
    await page.click("#undo-now");
    await heading(page, /^Taken back/);

    const { campaigns: [{ state, counts }] } = await (await site.admin("/api/admin/campaigns")).json();
    assert.deepEqual([state, counts.accepted], ["cancelled", 0]);
    await left(page);
  });

  test("at the end of ten seconds it goes by itself; what fails for a moment is tried again", async () => {
    site.service.script({ status: 503, times: 1, headers: { "retry-after": "3" } }, { endpoints: [subscriptions[0].endpoint] });
    try {
      const page = await sent("By itself");
      await heading(page, /^Being sent|^Sent/);
      await heading(page, /^Sent/);

      assert.equal(await figureOf(page, "accepted"), `${kAudience}`);
      assert.match(await page.locator("#reasons-list").textContent(), /503 localhost:\d+, 1 time.*tried again/);
      assert.deepEqual(await findings(page), []);
      await picture(page, "desk-whole-sent");
      await left(page);
    } finally {
      site.service.clearScript();
    }
  });

  test("a push service that refuses the key is told in its own words, with what helps; stopping ends it", async () => {
    site.service.script({ status: 403, body: JSON.stringify({ reason: "BadJwtToken" }) });
    try {
      const page = await sent("Refused");
      await page.click("#undo-skip");
      await page.locator("#reasons-list", { hasText: /403 BadJwtToken.*vapid_subject/ }).waitFor();
      assert.deepEqual(await findings(page), []);
      await picture(page, "desk-whole-refused");
      await page.click("[data-action=cancel]");
      await page.click("#ask-yes");
      await heading(page, /^Stopped|^Taken back/);
      await left(page);
    } finally {
      site.service.clearScript();
    }
  });

  test("a draft, a mistake in an expression and a message for later go through the server", async () => {
    const page = await chromium.page();
    await page.goto(`${site.lamppost.origin}/admin/compose.html`, { waitUntil: "networkidle" });
    await page.fill("#title", "For tomorrow");
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    await page.check("[name=to][value=text]");
    await page.fill("#expression", "lang:de && && x");
    await page.locator("#title").focus();
    await page.locator("#expression-error", { hasText: /\w/ }).waitFor();
    await page.fill("#expression", "lang:de");
    await page.locator("#reach", { hasText: "devices" }).waitFor();
    await page.check("[name=when][value=later]");
    await page.fill("#at", `${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T09:00`);
    await page.click("#send");
    await page.click("#confirm-yes");
    await heading(page, /^Scheduled: For tomorrow/);

    const { drafts } = await (await site.admin("/api/admin/drafts")).json();
    assert.deepEqual(drafts, []);
    assert.deepEqual(page.problems.filter((one) => !/400/.test(one)), []);
    await page.close();
  });
});
