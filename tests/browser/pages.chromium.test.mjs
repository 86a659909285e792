// The demo page and the admin page in Chromium, behind the real nginx: no error in the console, nothing that the content
// security policy has to stop, nothing asked before a click, and nothing that axe finds serious.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { startWholeSite } from "./whole_site.mjs";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kLong = 3000;  // what a page does by itself it does within this time, ms

// Runs before the page's own scripts: notes each call that asks the visitor or the push service for something.
function noteQuestions() {
  window.asked = [];
  const note = (owner, name) => {
    const real = owner[name];
    owner[name] = function noted(...args) {
      window.asked.push(name);
      return real.apply(this, args);
    };
  };
  note(Notification, "requestPermission");
  note(PushManager.prototype, "subscribe");
}

describe("pages in Chromium", () => {
  let site;

  before(async () => { site = await startWholeSite(); });
  after(async () => { await site?.stop(); });

  /** Opens `path` in a browser of that permission and leaves it to `look`; whatever went wrong on the page is an error. */
  async function visit(path, permission, look, { problems = [] } = {}) {
    const chromium = await startChromium({ permission });
    try {
      const login = { username: "admin", password: site.lamppost.password };
      if (path.startsWith("/admin/")) await chromium.context.setHTTPCredentials(login);
      const page = await chromium.page();
      await page.addInitScript(noteQuestions);
      const answer = await page.goto(`${site.lamppost.origin}${path}`, { waitUntil: "networkidle" });
      assert.equal(answer.status(), 200);
      await look(page, chromium);
      assert.deepEqual(page.problems, problems);
    } finally {
      await chromium.close();
    }
  }

  /** What axe finds serious, in words. The policy lets no foreign script in, so it comes by the developer tools. */
  async function serious(page) {
    await page.evaluate(kAxe);
    const { violations } = await page.evaluate(() => window.axe.run());
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  }

  for (const permission of ["ask", "granted", "denied"]) {
    test(`loading the demo page asks nothing and errs nowhere when permission is: ${permission}`, async () => {
      await visit("/", permission, async (page) => {
        await delay(kLong);

        assert.deepEqual(await page.evaluate(() => window.asked), []);
        assert.deepEqual(await serious(page), []);
      });
    });
  }

  test("pressing the button asks once", async () => {
    await visit("/", "ask", async (page) => {
      await page.click("[data-lamppost-subscribe]");
      await delay(kLong);

      assert.deepEqual(await page.evaluate(() => window.asked), ["requestPermission"]);
    });
  });

  test("a blocked visitor is told so, in words", async () => {
    await visit("/", "denied", async (page) => {
      await page.click("[data-lamppost-subscribe]");

      await page.getByText("blocks notifications").first().waitFor();
    });
  });

  test("a browser whose push service is away says so, in words", async () => {
    await visit("/", "granted", async (page) => {
      await page.click("[data-lamppost-subscribe]");

      await page.getByText("can’t reach its push service").first().waitFor();
      assert.deepEqual(await serious(page), []);
    });
  });

  for (const path of ["/admin/", "/admin/compose.html"]) test(`${path} errs nowhere and can be used by everybody`, async () => {
    await visit(path, "ask", async (page) => {
      assert.deepEqual(await serious(page), []);
      assert.deepEqual(await page.evaluate(() => window.asked), []);
    });
  });

  test("the admin page is not shown without the login", async () => {
    const chromium = await startChromium();
    try {
      await chromium.context.setHTTPCredentials({ username: "admin", password: "wrong" });
      const page = await chromium.page();

      const answer = await page.goto(`${site.lamppost.origin}/admin/`);

      assert.equal(answer.status(), 401);
      assert.equal(await page.locator("form").count(), 0);
    } finally {
      await chromium.close();
    }
  });

  test("a message can be written and sent on the admin page by keyboard alone", async () => {
    await visit("/admin/compose.html", "ask", async (page) => {
      await page.locator("[name=title]").focus();
      await page.keyboard.type("By keyboard");
      for (let steps = 0; steps < 40; steps += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement.matches("button[type=submit]"))) break;
      }
      await page.keyboard.press("Enter");

      await page.getByText(/nobody|no subscri|0 /i).first().waitFor();
      assert.deepEqual(await serious(page), []);
    });
  });

  test("the admin page shows how far a message is, what will be tried again, and at last the table", async () => {
    const [first, second] = site.service.createSubscriptions(2, { vapidKey: (await (await site.lamppost.public("/api/config")).json()).vapid_public_key });
    for (const json of [first, second]) assert.equal((await site.lamppost.public("/api/push-subscriptions", { json })).status, 201);
    site.service.script({ status: 503, times: 1, headers: { "retry-after": "12" } }, { endpoints: [first] });
    try {
      await visit("/admin/compose.html", "ask", async (page) => {
        await page.fill("[name=title]", "Step by step");
        await page.click("button[type=submit]");

        await page.locator("#progress", { hasText: "Sending: 1 of 2. 1 will be tried again." }).waitFor({ timeout: 15_000 });
        await page.locator("#result-title", { hasText: "Sent: Step by step" }).waitFor({ timeout: 30_000 });
        const row = page.locator("#result-rows tr");
        assert.equal(await row.count(), 1);
        assert.equal(await row.locator("[data-label=Accepted]").textContent(), "2");
        assert.match(await page.locator("#result-reasons").textContent(), /: 503 \(1\)/);
        assert.equal(await page.locator("#progress").textContent(), "");
        assert.deepEqual(await serious(page), []);
      });
    } finally {
      site.service.clearScript();
    }
  });

  test("a message that is put off for long is shown as on its way, and followed to its end", async () => {
    const [late] = site.service.createSubscriptions(1, { vapidKey: (await (await site.lamppost.public("/api/config")).json()).vapid_public_key });
    assert.equal((await site.lamppost.public("/api/push-subscriptions", { json: late })).status, 201);
    site.service.script({ status: 429, times: 1, headers: { "retry-after": "600" } }, { endpoints: [late] });
    try {
      await visit("/admin/compose.html", "ask", async (page) => {
        await page.fill("[name=title]", "Later");
        await page.click("button[type=submit]");

        await page.locator("#result-title", { hasText: "Being sent: Later" }).waitFor({ timeout: 15_000 });
        assert.match(await page.locator("#result-summary").textContent(), /1 will be tried again\. It goes on by itself/);
        await page.locator("#result-reasons", { hasText: /asked again at .*429/ }).waitFor({ timeout: 15_000 });
        const { campaigns: [{ id }] } = await (await site.lamppost.admin("/api/admin/campaigns")).json();
        assert.equal((await site.lamppost.admin(`/api/admin/campaigns/${id}/cancel`, { json: {} })).status, 200);
        await page.locator("#result-title", { hasText: "Cancelled: Later" }).waitFor({ timeout: 15_000 });
        assert.deepEqual(await serious(page), []);
      });
    } finally {
      site.service.clearScript();
    }
  });
});
