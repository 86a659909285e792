// /admin/compose.html in Chromium, with an admin API that is simulated: writing, seeing, choosing, confirming.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { composing } from "./composing.mjs";
import { findings, overhang, picture } from "./looking.mjs";

const kPicture = new URL("../../www/icons/icon-512.png", import.meta.url);

describe("the compose page in Chromium", () => {
  const it = composing();

  test("a message with picture, buttons and German text is seen as each system draws it, at any size, in the light and in the dark", async () => {
    const page = await it.open();
    await page.fill("#title", "Fußgängerbrücke wieder offen");
    await page.fill("#body", "Ab heute 14 Uhr führt der Weg wieder über die Brücke am Mühlbach.");
    await page.click("#extras summary");
    await page.fill("#image", "/icons/icon-512.png");
    await page.fill("#button1", "Lesen");
    await page.fill("#button2", "Später");
    await it.reach(page, "3,788 devices");
    assert.match(await page.locator("#size").textContent(), /^\d+ of 3,993 bytes/);
    assert.equal(await page.locator("#preview .button").count(), 2);
    assert.equal(await page.locator("#preview-dropped li").count(), 0);
    assert.deepEqual(await findings(page), []);
    await picture(page, "compose");

    await page.getByText("Safari", { exact: true }).click();
    assert.deepEqual(await page.locator("#preview-dropped li").allTextContents(), ["Picture: Safari shows no large picture.", "Buttons: Safari shows no buttons."]);
    await page.setViewportSize({ width: 320, height: 700 });
    await page.emulateMedia({ colorScheme: "dark" });
    await delay(400);  // colours pass into each other
    assert.deepEqual(await findings(page), []);
    assert.equal(await overhang(page), 0);
    await picture(page, "compose-phone");
    it.clean(page);
  });

  test("by keyboard alone: write, choose, send, take back", async () => {
    const page = await it.open();
    const reached = async (selector) => {
      for (let steps = 0; steps < 60; steps += 1) {
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${selector} is not reached by Tab`);
    };
    await reached("#title");
    await page.keyboard.type("By keyboard");
    await reached("[name=to]");
    await page.keyboard.press("ArrowRight");
    await reached("[name=topics][value=town]");
    await page.keyboard.press("Space");
    await reached("#send");
    await page.keyboard.press("Enter");
    await page.locator("#confirm[open]").waitFor();
    await reached("#confirm-yes");
    await page.keyboard.press("Enter");
    await page.waitForURL(/campaign\.html\?id=1$/);
    await page.locator("#undo-now:focus").waitFor();
    await page.keyboard.press("Enter");

    await page.locator("#heading", { hasText: "Taken back: By keyboard" }).waitFor();
    const [[, , message, headers]] = it.posted("/api/admin/campaigns");
    assert.equal(message.audience, "town");
    assert.match(headers["idempotency-key"], /^[\w-]{36}$/);
    assert.equal(it.site.campaigns.list[0].counts.accepted, 0);
    it.clean(page);
  });

  test("above ten thousand the number has to be typed", async () => {
    it.site.campaigns.people["fcm.googleapis.com"] += 20_000;
    const page = await it.open();
    await it.write(page);
    await page.click("#send");
    await page.locator("#confirm[open]").waitFor();
    const [number] = (await page.locator("#confirm-title").textContent()).match(/[\d,]+/);
    assert.ok(Number(number.replace(",", "")) > 10_000, number);
    assert.equal(await page.isDisabled("#confirm-yes"), true);
    assert.deepEqual(await findings(page), []);
    await picture(page, "compose-confirm");
    await page.fill("#confirm-count", number);
    await page.click("#confirm-yes");
    await page.waitForURL(/campaign\.html\?id=1$/);
    it.clean(page);
  });

  test("nobody, too much, and nothing written are told instead of sent", async () => {
    const page = await it.open();
    await page.click("#send");
    await page.locator("#title-error", { hasText: "Please write a title" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "title");
    await it.write(page);
    await page.check("[name=to][value=text]");
    await page.fill("#expression", "nobody");
    await it.reach(page, "Nobody fits this");
    await page.click("#send");
    await page.locator("#to-error", { hasText: "nothing to send" }).waitFor();
    await page.check("[name=to][value=all]");
    it.site.answers["POST /api/admin/preview"] = () => [200, { bytes: 4001, limit: 3993, payload: {}, warnings: [], audience: { expression: "", count: 9, services: [], sample: [], paused: 0 } }];
    await page.click("#send");
    await page.locator("#problem", { hasText: "8 too many" }).waitFor();

    assert.deepEqual(it.posted("/api/admin/campaigns"), []);
    it.clean(page);
  });

  test("an expression that does not parse is said at its field, with the server's words", async () => {
    const page = await it.open();
    await it.write(page);
    await page.check("[name=to][value=text]");
    await page.fill("#expression", "news && && sport");
    await page.locator("#title").focus();

    await page.locator("#expression-error", { hasText: "At character 9 a topic is missing." }).waitFor();
    assert.deepEqual(await findings(page), []);
  });

  test("a message for later is confirmed with its time, in UTC too, and stands as scheduled", async () => {
    const page = await it.open();
    await it.write(page);
    await page.check("[name=when][value=later]");
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await page.fill("#at", `${tomorrow}T09:00`);
    assert.match(await page.locator("#at-echo").textContent(), /\(.+\), which is .+ UTC/);
    await it.confirm(page);
    await page.locator("#heading", { hasText: "Scheduled: Footbridge" }).waitFor();

    assert.equal(await page.locator("#undo").isVisible(), false);
    assert.ok(it.site.campaigns.list[0].send_at > Date.now() / 1000 + 3600);
    await page.click("[data-action=cancel]");
    await page.click("#ask-yes");
    await page.locator("#heading", { hasText: "Taken back" }).waitFor();
    await page.getByRole("link", { name: "Edit the text" }).click();
    await until("the text in a new form", async () => (await page.inputValue("#title")) === "Footbridge open again");
    it.clean(page);
  });

  test("a picture from a file is made smaller here, sent, and seen", async () => {
    const page = await it.open();
    await it.write(page);
    await page.click("#extras summary");
    await page.setInputFiles("#image-file", { name: "lamp.png", mimeType: "image/png", buffer: readFileSync(kPicture) });
    await until("the picture's address", async () => /^\/api\/images\/\w{64}$/.test(await page.inputValue("#image")));

    const [{ raw, type }] = [...it.site.record.images.values()];
    assert.equal(type, "image/jpeg");
    assert.deepEqual([...raw.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    assert.match(await page.locator("#image-help").textContent(), /512 × 512: systems crop it/);
    await page.locator("#preview img.large").waitFor();
    await page.setInputFiles("#icon-file", { name: "text.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.locator("#icon-error", { hasText: "no picture" }).waitFor();
    it.clean(page);
  });

  test("a test goes to this browser alone", async () => {
    it.site.record.mine = "https://push.example/mine";
    const page = await it.open();
    await page.evaluate((endpoint) => {
      navigator.serviceWorker.getRegistration = async () => ({ pushManager: { getSubscription: async () => ({ endpoint }) } });
    }, it.site.record.mine);
    await it.write(page);
    await page.click("#try");
    await page.locator("#try-result", { hasText: /Taken by the push service.*201 Created/ }).waitFor();

    const [[, , message]] = it.posted("/api/admin/test");
    assert.deepEqual([message.endpoint, message.title, message.audience], [it.site.record.mine, "Footbridge open again", undefined]);
    assert.deepEqual(it.posted("/api/admin/campaigns"), []);
    it.clean(page);
  });

  test("markup in every field is text", async () => {
    const evil = `"><img src=x onerror="document.title='caught'"><script>document.title='caught'</script>`;
    const page = await it.open();
    await page.fill("#title", evil);
    await page.fill("#body", evil);
    await page.click("#extras summary");
    for (const id of ["button1", "button2"]) await page.fill(`#${id}`, evil.slice(0, 60));
    await until("the draft", () => it.site.record.drafts.length === 1);
    await page.click("#drafts summary");
    await page.locator("#drafts-list a").waitFor();
    await it.confirm(page);
    await page.locator("#heading", { hasText: "onerror" }).waitFor();

    assert.doesNotMatch(await page.title(), /^caught/);
    assert.equal(await page.locator("img[src=x]").count(), 0);
    it.clean(page);
  });
});
