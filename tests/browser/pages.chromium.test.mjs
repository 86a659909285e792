// The demo page and the admin page in Chromium, behind the real nginx: no error in the console, nothing that the content
// security policy has to stop, nothing asked before a click, and nothing that axe finds serious.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { startChromium } from "./chromium.mjs";
import { startWholeSite } from "./whole_site.mjs";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kDesk = readdirSync(new URL("../../www/admin", import.meta.url)).filter((name) => name.endsWith(".html"));
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

  test("the desk errs nowhere and can be used by everybody", async () => {
    await visit("/admin/", "ask", async (page) => {
      for (const name of kDesk) {
        await page.goto(`${site.lamppost.origin}/admin/${name}`, { waitUntil: "networkidle" });

        assert.deepEqual(await serious(page), [], name);
        assert.deepEqual(await page.evaluate(() => window.asked), [], name);
        assert.deepEqual(page.problems, [], name);
      }
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
});
