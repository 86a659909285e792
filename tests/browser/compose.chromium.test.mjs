// /admin/compose.html in Chromium, with an admin API that is simulated: writing, seeing, choosing, sending once.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { startDeskSite } from "./desk_site.mjs";
import { findings, overhang, picture } from "./looking.mjs";

const kPage = "/admin/compose.html";
const kPicture = new URL("../../www/icons/icon-512.png", import.meta.url);

describe("the compose page in Chromium", () => {
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
    const page = await chromium.page();
    await page.goto(`${site.origin}/icons/lamp.svg`);
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  async function open(path = kPage, { width = 1200, height = 900, scheme = "light" } = {}) {
    const page = await chromium.page();
    pages.push(page);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${site.origin}${path}`, { waitUntil: "networkidle" });
    return page;
  }

  const posted = (method, path) => site.asked.filter(([how, where]) => how === method && where === path);
  const campaigns = () => posted("POST", "/api/admin/campaigns");
  const reach = (page, words) => page.locator("#reach", { hasText: words }).waitFor();
  const clean = (page) => assert.deepEqual(page.problems, []);

  async function write(page, title = "Footbridge open again") {
    await page.fill("#title", title);
    await page.fill("#body", "The way over the brook is free from 2 pm.");
    await page.fill("#url", "/news/footbridge");
  }

  async function confirm(page) {
    await page.click("#send");
    await page.locator("#confirm[open]").waitFor();
    await page.click("#confirm-yes");
  }

  test("a message with picture, buttons and German text is seen as each system draws it, at any size, in the light and in the dark", async () => {
    const page = await open();
    await page.fill("#title", "Fußgängerbrücke wieder offen");
    await page.fill("#body", "Ab heute 14 Uhr führt der Weg wieder über die Brücke am Mühlbach.");
    await page.click("#extras summary");
    await page.fill("#image", "/icons/icon-512.png");
    await page.fill("#button1", "Lesen");
    await page.fill("#button2", "Später");
    await reach(page, "3,788 devices");
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
    clean(page);
  });

  test("by keyboard alone: write, choose, send, take back", async () => {
    const page = await open();
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
    const [[, , message, headers]] = campaigns();
    assert.equal(message.audience, "town");
    assert.match(headers["idempotency-key"], /^[\w-]{36}$/);
    assert.equal(site.campaigns.list[0].counts.accepted, 0);
    clean(page);
  });

  test("a double click and Enter send once", async () => {
    site.delay = 150;
    const page = await open();
    await write(page);
    await page.dblclick("#send");
    await page.locator("#confirm[open]").waitFor();
    await page.dblclick("#confirm-yes", { noWaitAfter: true }).catch(() => {});  // the second finds no dialog any more
    await page.waitForURL(/campaign\.html\?id=1$/);

    assert.equal(site.campaigns.list.length, 1);
    clean(page);
  });

  test("after sending, Back and a reload lead to an empty form, and the draft is gone", async () => {
    const page = await open();
    await write(page);
    await until("the draft on the server", () => site.record.drafts.length === 1);
    await confirm(page);
    await page.waitForURL(/campaign\.html/);
    await page.goBack({ waitUntil: "networkidle" });

    assert.equal(await page.inputValue("#title"), "");
    assert.deepEqual(site.record.drafts, []);
    clean(page);
  });

  test("what is written is there after a reload at once, and on the server a moment later", async () => {
    const page = await open();
    await write(page);
    await page.check("[name=to][value=topics]");
    await page.check("[name=topics][value=sport]");
    await page.reload({ waitUntil: "networkidle" });

    assert.equal(await page.inputValue("#title"), "Footbridge open again");
    assert.equal(await page.isChecked("[name=topics][value=sport]"), true);
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    const [{ id, content }] = site.record.drafts;
    assert.deepEqual(content.topics, ["sport"]);

    await page.click("#another");
    await page.waitForURL(/compose\.html$/);
    await until("an empty form", async () => (await page.inputValue("#title")) === "");
    await page.click("#drafts summary");
    await page.getByRole("link", { name: "Footbridge open again" }).click();
    await page.waitForURL(new RegExp(`draft=${id}$`));
    await until("the draft in the form", async () => (await page.inputValue("#title")) === "Footbridge open again");
    clean(page);
  });

  test("what is written while the server is slow stays, and so does what was chosen before", async () => {
    const page = await open();
    await write(page);
    await page.check("[name=to][value=topics]");
    await page.check("[name=topics][value=sport]");
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    site.delay = 1200;
    await page.goto(`${site.origin}${kPage}`);
    await page.fill("#title", "Footbridge closed again");
    await until("the topics", async () => (await page.locator("[name=topics]").count()) > 0);
    site.delay = 0;
    await page.waitForLoadState("networkidle");

    assert.equal(await page.inputValue("#title"), "Footbridge closed again");
    assert.equal(await page.isChecked("[name=topics][value=sport]"), true);
    await until("the draft", () => site.record.drafts[0].content.title === "Footbridge closed again");
    assert.deepEqual(site.record.drafts.map(({ content }) => content.topics), [["sport"]]);
    clean(page);
  });

  test("two editors of one draft see both texts, and none is lost", async () => {
    const page = await open();
    await write(page);
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    const [draft] = site.record.drafts;
    Object.assign(draft, { owner: "ben", version: 5, content: { ...draft.content, body: "Closed again" } });
    await page.fill("#body", "Open until Sunday");

    const conflict = page.locator("#conflict");
    await conflict.waitFor();
    assert.match(await conflict.textContent(), /Open until Sunday.*Closed again/);
    assert.deepEqual(await findings(page), []);
    await picture(page, "compose-conflict");
    await page.getByRole("button", { name: /Keep both/ }).click();
    await until("two drafts", () => site.record.drafts.length === 2);
    assert.deepEqual(site.record.drafts.map(({ content }) => content.body).sort(), ["Closed again", "Open until Sunday"]);
    assert.deepEqual(page.problems.filter((one) => !/409/.test(one)), []);
  });

  test("an ended login keeps the text; after signing in again the same message goes out once", async () => {
    const page = await open();
    await write(page);
    await reach(page, "3,788");
    await page.click("#send");
    await page.locator("#confirm[open]").waitFor();
    site.login = false;
    await page.click("#confirm-yes");

    await page.locator("#problem", { hasText: "no longer signed in" }).waitFor();
    assert.equal(await page.locator(".banner a").getAttribute("target"), "_blank");
    assert.equal(await page.inputValue("#title"), "Footbridge open again");
    assert.deepEqual(site.campaigns.list, []);
    site.login = true;
    await confirm(page);
    await page.waitForURL(/campaign\.html\?id=1$/);
    assert.equal(site.campaigns.list.length, 1);
    assert.equal(new Set(campaigns().map(([, , , headers]) => headers["idempotency-key"])).size, 1);
  });

  test("an answer that is lost, and a reload: the same campaign", async () => {
    const page = await open();
    await write(page);
    site.answers["POST /api/admin/campaigns"] = ({ body, key, answer }) => {
      site.campaigns.create(body, key);
      answer.destroy();
    };
    await confirm(page);
    await page.locator("#problem", { hasText: "can’t be reached" }).waitFor();
    site.answers = {};
    await page.reload({ waitUntil: "networkidle" });
    await confirm(page);
    await page.waitForURL(/campaign\.html\?id=1$/);

    assert.equal(site.campaigns.list.length, 1);
  });

  test("the same text in two tabs: sent in one, it is gone from the other", async () => {
    const page = await open();
    await write(page);
    const other = await open();
    assert.equal(await other.inputValue("#title"), "Footbridge open again");
    await confirm(page);
    await page.waitForURL(/campaign\.html/);

    await until("the other tab's empty form", async () => (await other.inputValue("#title").catch(() => null)) === "");
    assert.equal(site.campaigns.list.length, 1);
    clean(other);
  });

  test("above ten thousand the number has to be typed", async () => {
    site.campaigns.people["fcm.googleapis.com"] += 20_000;
    const page = await open();
    await write(page);
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
    clean(page);
  });

  test("nobody, too much, and nothing written are told instead of sent", async () => {
    const page = await open();
    await page.click("#send");
    await page.locator("#title-error", { hasText: "Please write a title" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "title");
    await write(page);
    await page.check("[name=to][value=text]");
    await page.fill("#expression", "nobody");
    await reach(page, "Nobody fits this");
    await page.click("#send");
    await page.locator("#to-error", { hasText: "nothing to send" }).waitFor();
    await page.check("[name=to][value=all]");
    site.answers["POST /api/admin/preview"] = () => [200, { bytes: 4001, limit: 3993, payload: {}, warnings: [], audience: { expression: "", count: 9, services: [], sample: [], paused: 0 } }];
    await page.click("#send");
    await page.locator("#problem", { hasText: "8 too many" }).waitFor();

    assert.deepEqual(campaigns(), []);
    clean(page);
  });

  test("an expression that does not parse is said at its field, with the server's words", async () => {
    const page = await open();
    await write(page);
    await page.check("[name=to][value=text]");
    await page.fill("#expression", "news && && sport");
    await page.locator("#title").focus();

    await page.locator("#expression-error", { hasText: "At character 9 a topic is missing." }).waitFor();
    assert.deepEqual(await findings(page), []);
  });

  test("a message for later is confirmed with its time, in UTC too, and stands as scheduled", async () => {
    const page = await open();
    await write(page);
    await page.check("[name=when][value=later]");
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await page.fill("#at", `${tomorrow}T09:00`);
    assert.match(await page.locator("#at-echo").textContent(), /\(.+\), which is .+ UTC/);
    await confirm(page);
    await page.locator("#heading", { hasText: "Scheduled: Footbridge" }).waitFor();

    assert.equal(await page.locator("#undo").isVisible(), false);
    assert.ok(site.campaigns.list[0].send_at > Date.now() / 1000 + 3600);
    await page.click("[data-action=cancel]");
    await page.click("#ask-yes");
    await page.locator("#heading", { hasText: "Taken back" }).waitFor();
    await page.getByRole("link", { name: "Edit the text" }).click();
    await until("the text in a new form", async () => (await page.inputValue("#title")) === "Footbridge open again");
    clean(page);
  });

  test("a picture from a file is made smaller here, sent, and seen", async () => {
    const page = await open();
    await write(page);
    await page.click("#extras summary");
    await page.setInputFiles("#image-file", { name: "lamp.png", mimeType: "image/png", buffer: readFileSync(kPicture) });
    await until("the picture's address", async () => /^\/api\/images\/\w{64}$/.test(await page.inputValue("#image")));

    const [{ raw, type }] = [...site.record.images.values()];
    assert.equal(type, "image/jpeg");
    assert.deepEqual([...raw.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    assert.match(await page.locator("#image-help").textContent(), /512 × 512: systems crop it/);
    await page.locator("#preview img.large").waitFor();
    await page.setInputFiles("#icon-file", { name: "text.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.locator("#icon-error", { hasText: "no picture" }).waitFor();
    clean(page);
  });

  test("a test goes to this browser alone", async () => {
    site.record.mine = "https://push.example/mine";
    const page = await open();
    await page.evaluate((endpoint) => {
      navigator.serviceWorker.getRegistration = async () => ({ pushManager: { getSubscription: async () => ({ endpoint }) } });
    }, site.record.mine);
    await write(page);
    await page.click("#try");
    await page.locator("#try-result", { hasText: /Taken by the push service.*201 Created/ }).waitFor();

    const [[, , message]] = posted("POST", "/api/admin/test");
    assert.deepEqual([message.endpoint, message.title, message.audience], [site.record.mine, "Footbridge open again", undefined]);
    assert.deepEqual(campaigns(), []);
    clean(page);
  });

  test("markup in every field is text", async () => {
    const evil = `"><img src=x onerror="document.title='caught'"><script>document.title='caught'</script>`;
    const page = await open();
    await page.fill("#title", evil);
    await page.fill("#body", evil);
    await page.click("#extras summary");
    for (const id of ["button1", "button2"]) await page.fill(`#${id}`, evil.slice(0, 60));
    await until("the draft", () => site.record.drafts.length === 1);
    await page.click("#drafts summary");
    await page.locator("#drafts-list a").waitFor();
    await confirm(page);
    await page.locator("#heading", { hasText: "onerror" }).waitFor();

    assert.doesNotMatch(await page.title(), /^caught/);
    assert.equal(await page.locator("img[src=x]").count(), 0);
    clean(page);
  });
});
