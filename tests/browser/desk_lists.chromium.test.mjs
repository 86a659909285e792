// The desk's home, subscribers, doctor and settings in Chromium: what they show, and what can be done there by keyboard.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kNoise, kNow, main, openDesk, settled } from "./desk_visit.mjs";
import { findings, picture } from "./looking.mjs";

describe("the desk's lists", () => {
  const desk = openDesk();

  describe("home", () => {
    test("answers its four questions", async () => {
      desk.sent(5, (index) => (index === 5 ? { clicks: 0, audience: "town && lang:de" } : {}));
      await desk.visit("", async (page) => {
        const words = await main(page);
        assert.match(words, /3,788\s+▲ \+9 today: 14 joined, 5 left/);
        assert.match(words, /Footbridge, part 5 Sent\s+yesterday to town && lang:de\s+Accepted\s+3,700\s+Failed\s+48\s+Clicks\s+0/);
        assert.match(words, /timer: nothing has called lamppost resume for 20 minutes\.\s+To do: \* \* \* \* \* lamppost resume/);
        assert.match(words, /1\.8 messages a week to each subscriber\.\s+4 of the last 5 messages under 1 % clicks/);
        assert.equal(await page.locator("#checklist").isVisible(), false);
        await page.getByRole("link", { name: "Footbridge, part 5" }).click({ trial: true });
        await picture(page, "desk-home");
      });
    });

    test("names a push service that is resting, and when it is asked again", async () => {
      desk.sent(1, () => ({ state: "sending", services: [{ service: "web.push.apple.com", counts: {}, reasons: {}, resting_until: kNow + 600, resting_because: "403 BadJwtToken" }] }));
      await desk.visit("", async (page) => {
        assert.match(await page.locator("#broken").innerText(), /web\.push\.apple\.com: asked again at .*, since it said: 403 BadJwtToken/);
      });
    });

    test("one part that is away hides no other", async () => {
      desk.sent(1);
      desk.site.answers["GET /api/admin/doctor"] = () => [503, {}];
      await desk.visit("", async (page) => {
        assert.match(await page.locator("#broken").innerText(), /busy or its database is away/);
        assert.match(await page.locator("#cards").innerText(), /3,788/);
      }, { problems: [kNoise] });
    });

    test("leads a newcomer from nothing to the first message, each step ticking itself", async () => {
      desk.newcomer();
      desk.site.record.doctor = { checks: [{ name: "https", state: "failed", detail: "the site has no HTTPS", remedy: "get a certificate" }] };
      await desk.visit("", async (page) => {
        const done = () => page.locator(".checklist > li").evaluateAll((list) => list.map((one) => one.dataset.done));
        const back = async () => {
          await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
          await settled(page);
        };
        assert.deepEqual(await done(), ["false", "false", "false", "false", "false"]);
        assert.equal(await page.locator("#cards").isVisible(), false);
        assert.deepEqual(await findings(page), []);
        await picture(page, "desk-first-run");

        desk.site.record.doctor = { checks: [{ name: "https", state: "ok", detail: "", remedy: "" }] };
        desk.site.record.settings = { settings: [{ key: "vapid_subject", value: "mailto:a@example.org", default: "", meaning: "" }], vapid_public_key: "BKey", version: "1.0.0" };
        await back();
        await page.waitForFunction(() => document.querySelectorAll("[data-done=true]").length === 2);
        assert.deepEqual(await done(), ["true", "true", "false", "false", "false"]);

        const stats = desk.site.record.stats(1);
        desk.site.answers["GET /api/admin/stats"] = () => [200, { ...stats, active: 1, today: { joined: 1, left: 0 } }];
        await back();
        await page.waitForFunction(() => document.querySelectorAll("[data-done=true]").length === 3);

        await page.getByRole("button", { name: "Send me a test" }).click();
        await page.getByText("This browser isn’t subscribed").waitFor();

        desk.site.record.mine = "https://push.example/one";
        await page.evaluate((endpoint) => {
          const pushManager = { getSubscription: async () => ({ endpoint }) };
          navigator.serviceWorker.getRegistration = async (scope) => (scope === "/push/" ? { pushManager } : undefined);
        }, desk.site.record.mine);
        await page.getByRole("button", { name: "Send me a test" }).click();
        await page.getByText("Accepted by the push service").waitFor();
        assert.deepEqual(await done(), ["true", "true", "true", "true", "false"]);
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "/admin/compose.html");

        desk.sent(1);
        await back();
        await page.locator("#checklist").waitFor({ state: "hidden" });
      });
    });
  });

  describe("subscribers", () => {
    test("filters by what is chosen, and never shows more than the end of an address", async () => {
      await desk.visit("subscribers.html", async (page) => {
        assert.equal(await page.locator("tbody tr").count(), 50);
        await page.getByLabel("Browser").selectOption("mozilla");
        await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 30);
        assert.match(desk.site.asked.at(-1)[1], /service=mozilla/);
        assert.match(await page.locator("tbody tr").first().innerText(), /#1\s+Active\s+Firefox \(Mozilla\)\s+updates\.push\.services\.mozilla\.com …xxxxx1/);
        await page.getByLabel("Id, user").fill("nobody");
        await page.keyboard.press("Enter");
        await page.getByText("Nobody matches").waitFor();
      });
    });

    test("shows one in a dialog, tests it, removes it and brings it back, by keyboard", async () => {
      await desk.visit("subscribers.html", async (page) => {
        const opener = page.getByRole("button", { name: "Details of subscriber 3", exact: true });
        await opener.focus();
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog", { name: "Subscriber 3" });
        await dialog.getByText("Bridge open").waitFor();
        assert.deepEqual(await findings(page), []);
        await picture(page, "desk-subscriber");

        await dialog.getByRole("button", { name: "Send a test" }).press("Enter");
        await dialog.getByText("Accepted by the push service. fcm.googleapis.com said: 201 Created").waitFor();
        await page.keyboard.press("Escape");
        assert.equal(await dialog.count(), 0);
        assert.equal(await opener.evaluate((one) => one === document.activeElement), true);

        await page.keyboard.press("Enter");
        await dialog.getByRole("button", { name: "Remove" }).press("Enter");
        await page.getByText("Subscriber 3 gets nothing any more").waitFor();
        assert.equal(desk.posted("DELETE", "/api/admin/subscriptions/3").length, 1);
        assert.match(await page.locator("tbody tr").nth(2).innerText(), /Gone/);
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Undo");
        await page.keyboard.press("Enter");
        await page.getByText("Subscriber 3 is back").waitFor();
        assert.match(await page.locator("tbody tr").nth(2).innerText(), /Active/);
        assert.equal(desk.site.record.subscriptions[2].gone_at, null);
      });
    });

    test("a subscriber that is gone meanwhile is said, in the dialog", async () => {
      await desk.visit("subscribers.html", async (page) => {
        desk.site.record.subscriptions = [];
        await page.getByRole("button", { name: "Details of subscriber 1", exact: true }).click();
        await page.getByRole("dialog").getByText("There is nothing here").waitFor();
      }, { problems: [kNoise] });
    });
  });

  describe("doctor", () => {
    test("puts the worst first, with what mends it, and gives a report", async () => {
      desk.site.record.doctor.checks.push({ name: "apple", state: "failed", detail: "403 BadJwtToken", remedy: "check vapid_subject" });
      await desk.visit("doctor.html", async (page) => {
        assert.match(await main(page), /1 failed, 1 warning, 1 fine\./);
        assert.match((await page.locator(".check").allInnerTexts()).join("\n"), /apple\s+403 BadJwtToken\s+To do: check vapid_subject[^]*timer[^]*database/);
        await desk.chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
        await page.getByRole("button", { name: "Copy report" }).click();
        await page.getByText("Copied.").waitFor();
        assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^Lamppost 1\.0\.0, .*: 1 failed, 1 warning, 1 fine\n✖ apple: 403 BadJwtToken\n {2}→ check vapid_subject\n/);
        desk.site.record.doctor.checks.pop();
        await page.getByRole("button", { name: "Look again" }).click();
        await page.getByText("1 warning, 1 fine.").waitFor();
      });
    });
  });

  describe("settings", () => {
    test("topics are added, renamed, moved and saved as a whole, by keyboard", async () => {
      await desk.visit("settings.html", async (page) => {
        const topics = page.locator("#topics");
        await topics.getByRole("button", { name: "Add a topic" }).press("Enter");
        await page.keyboard.type("culture");
        await page.keyboard.press("Tab");
        await page.keyboard.type("Theatre & more");
        await topics.getByText("Not saved yet").waitFor();
        await topics.getByRole("button", { name: "Move topic 3 up" }).press("Enter");
        await topics.getByLabel("What visitors read").first().fill("City hall");
        await topics.getByRole("button", { name: "Save" }).press("Enter");
        await topics.getByText("Saved.").waitFor();

        assert.deepEqual(desk.site.record.topics, [{ name: "town", label: "City hall", default: true }, { name: "culture", label: "Theatre & more", default: false }, { name: "sport", label: "Sport", default: false }]);
        assert.equal(await topics.getByLabel("Name").first().getAttribute("readonly"), "");
        assert.deepEqual(await findings(page), []);
      });
    });

    test("removing a topic is asked about first; no keeps it", async () => {
      await desk.visit("settings.html", async (page) => {
        const topics = page.locator("#topics");
        await topics.getByRole("button", { name: "Remove topic 2" }).click();
        await topics.getByRole("button", { name: "Save" }).click();
        const dialog = page.getByRole("dialog");
        assert.match(await dialog.innerText(), /Removing sport takes it from everybody who chose it/);
        assert.deepEqual(await findings(page), []);
        await page.keyboard.press("Escape");
        assert.equal(desk.posted("PUT", "/api/admin/topics").length, 0);
        await topics.getByRole("button", { name: "Save" }).click();
        await dialog.getByRole("button", { name: "Remove" }).click();
        await topics.getByText("Saved.").waitFor();
        assert.deepEqual(desk.site.record.topics.map(({ name }) => name), ["town"]);
      });
    });

    test("what the server refuses is said at its field, and nothing typed is lost", async () => {
      desk.site.answers["PUT /api/admin/topics"] = () => [400, { status: "error", error: { code: "bad_name", field: "topics[2].name", message: "topics[2].name must be 1 to 32 of a-z, 0-9 and -" } }];
      await desk.visit("settings.html", async (page) => {
        const topics = page.locator("#topics");
        await topics.getByRole("button", { name: "Add a topic" }).click();
        await page.keyboard.type("Über");
        await topics.getByRole("button", { name: "Save" }).click();
        await topics.getByText("Must be 1 to 32 of a-z", { exact: false }).waitFor();
        assert.deepEqual(await page.evaluate(() => [document.activeElement.value, document.activeElement.getAttribute("aria-invalid")]), ["Über", "true"]);
        await page.keyboard.type("n");
        assert.equal(await topics.getByText("Must be 1 to 32 of a-z").isVisible(), false);
        desk.site.login = false;
        await topics.getByRole("button", { name: "Save" }).click();
        await topics.getByText("no longer signed in. What you changed is still here").waitFor();
        assert.equal(await topics.getByLabel("Name").last().inputValue(), "Übern");
      }, { problems: [kNoise] });
    });

    test("two editors at once: the second is told, and overwrites nothing", async () => {
      await desk.visit("settings.html", async (page) => {
        const topics = page.locator("#topics");
        await topics.getByLabel("What visitors read").first().fill("Mine");
        desk.site.record.topics = [{ name: "town", label: "Theirs", default: true }];
        await topics.getByRole("button", { name: "Save" }).click();
        await topics.getByText("Somebody else has changed the topics meanwhile").waitFor();
        assert.equal(desk.posted("PUT", "/api/admin/topics").length, 0);
        await topics.getByRole("button", { name: "Show theirs" }).click();
        await page.waitForFunction(() => document.querySelector("#topics [name=label]").value === "Theirs");
      });
    });

    test("a segment tells how many it reaches while it is written", async () => {
      await desk.visit("settings.html", async (page) => {
        const segments = page.locator("#segments");
        await segments.getByText(/Reaches 9\d\d subscribers now/).waitFor();
        await segments.getByLabel("Audience").fill("town && && x");
        await segments.getByText("At character 9 a topic is missing.").waitFor();
        await segments.getByLabel("Audience").fill("town");
        await segments.getByText(/Reaches 1,89\d subscribers now/).waitFor();
        await segments.getByRole("button", { name: "Save" }).click();
        await segments.getByText("Saved.").waitFor();
        assert.equal(desk.site.record.segments[0].audience, "town");
      }, { problems: [kNoise] });
    });

    test("each setting has its line, and the snippets can be copied", async () => {
      await desk.visit("settings.html", async (page) => {
        await desk.chromium.context.grantPermissions(["clipboard-read", "clipboard-write"]);
        assert.match(await page.locator("#file").innerText(), /site_name = The Lamppost/);
        await page.getByRole("button", { name: "Copy snippet with a bell" }).click();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '<script src="/push/lamppost.js" defer data-mode="bell" data-locale="auto"></script>');
        await picture(page, "desk-settings");
      });
    });
  });

  describe("API", () => {
    test("shows each operation of the document with what it takes and answers, without a third party", async () => {
      await desk.visit("api.html#post-api-admin-campaigns", async (page) => {
        const operation = page.locator("#post-api-admin-campaigns");
        await operation.locator("pre").first().waitFor();
        assert.equal(await operation.getAttribute("open"), "");
        assert.match(await operation.innerText(), /POST\s+\/api\/admin\/campaigns[^]*application\/json[^]*title: string[^]*422/);
        assert.ok(await page.locator(".operation").count() >= 20);
        assert.deepEqual(await findings(page), []);
        await picture(page, "desk-api");
        assert.doesNotMatch(await page.locator("main").textContent(), /\[object Object\]|undefined|\*\*/);
      });
    });
  });
});
