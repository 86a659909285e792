// /admin/compose.html in Chromium: whatever happens, no text is lost and none goes out twice.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { composing, kPage } from "./composing.mjs";
import { findings, picture } from "./looking.mjs";

describe("a text on the compose page in Chromium", () => {
  const it = composing();

  test("a double click and Enter send once", async () => {
    it.site.delay = 150;
    const page = await it.open();
    await it.write(page);
    await page.dblclick("#send");
    await page.locator("#confirm[open]").waitFor();
    await page.dblclick("#confirm-yes", { noWaitAfter: true }).catch(() => {});  // the second finds no dialog any more
    await page.waitForURL(/campaign\.html\?id=1$/);

    assert.equal(it.site.campaigns.list.length, 1);
    it.clean(page);
  });

  test("after sending, Back and a reload lead to an empty form, and the draft is gone", async () => {
    const page = await it.open();
    await it.write(page);
    await until("the draft on the server", () => it.site.record.drafts.length === 1);
    await it.confirm(page);
    await page.waitForURL(/campaign\.html/);
    await page.goBack({ waitUntil: "networkidle" });

    assert.equal(await page.inputValue("#title"), "");
    assert.deepEqual(it.site.record.drafts, []);
    it.clean(page);
  });

  test("what is written is there after a reload at once, and on the server a moment later", async () => {
    const page = await it.open();
    await it.write(page);
    await page.check("[name=to][value=topics]");
    await page.check("[name=topics][value=sport]");
    await page.reload({ waitUntil: "networkidle" });

    assert.equal(await page.inputValue("#title"), "Footbridge open again");
    assert.equal(await page.isChecked("[name=topics][value=sport]"), true);
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    const [{ id, content }] = it.site.record.drafts;
    assert.deepEqual(content.topics, ["sport"]);

    await page.click("#another");
    await page.waitForURL(/compose\.html$/);
    await until("an empty form", async () => (await page.inputValue("#title")) === "");
    await page.click("#drafts summary");
    await page.getByRole("link", { name: "Footbridge open again" }).click();
    await page.waitForURL(new RegExp(`draft=${id}$`));
    await until("the draft in the form", async () => (await page.inputValue("#title")) === "Footbridge open again");
    it.clean(page);
  });

  test("what is written while the server is slow stays, and so does what was chosen before", async () => {
    const page = await it.open();
    await it.write(page);
    await page.check("[name=to][value=topics]");
    await page.check("[name=topics][value=sport]");
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    it.site.delay = 1200;
    await page.goto(`${it.site.origin}${kPage}`);
    await page.fill("#title", "Footbridge closed again");
    await until("the topics", async () => (await page.locator("[name=topics]").count()) > 0);
    it.site.delay = 0;
    await page.waitForLoadState("networkidle");

    assert.equal(await page.inputValue("#title"), "Footbridge closed again");
    assert.equal(await page.isChecked("[name=topics][value=sport]"), true);
    await until("the draft", () => it.site.record.drafts[0].content.title === "Footbridge closed again");
    assert.deepEqual(it.site.record.drafts.map(({ content }) => content.topics), [["sport"]]);
    it.clean(page);
  });

  test("two editors of one draft see both texts, and none is lost", async () => {
    const page = await it.open();
    await it.write(page);
    await page.locator("#kept", { hasText: "Saved as a draft" }).waitFor();
    const [draft] = it.site.record.drafts;
    Object.assign(draft, { owner: "ben", version: 5, content: { ...draft.content, body: "Closed again" } });
    await page.fill("#body", "Open until Sunday");

    const conflict = page.locator("#conflict");
    await conflict.waitFor();
    assert.match(await conflict.textContent(), /Open until Sunday.*Closed again/);
    assert.deepEqual(await findings(page), []);
    await picture(page, "compose-conflict");
    await page.getByRole("button", { name: /Keep both/ }).click();
    await until("two drafts", () => it.site.record.drafts.length === 2);
    assert.deepEqual(it.site.record.drafts.map(({ content }) => content.body).sort(), ["Closed again", "Open until Sunday"]);
    assert.deepEqual(page.problems.filter((one) => !/409/.test(one)), []);
  });

  test("an ended login keeps the text; after signing in again the same message goes out once", async () => {
    const page = await it.open();
    await it.write(page);
    await it.reach(page, "3,788");
    await page.click("#send");
    await page.locator("#confirm[open]").waitFor();
    it.site.login = false;
    await page.click("#confirm-yes");

    await page.locator("#problem", { hasText: "no longer signed in" }).waitFor();
    assert.equal(await page.locator(".banner a").getAttribute("target"), "_blank");
    assert.equal(await page.inputValue("#title"), "Footbridge open again");
    assert.deepEqual(it.site.campaigns.list, []);
    it.site.login = true;
    await it.confirm(page);
    await page.waitForURL(/campaign\.html\?id=1$/);
    assert.equal(it.site.campaigns.list.length, 1);
    assert.equal(new Set(it.posted("/api/admin/campaigns").map(([, , , headers]) => headers["idempotency-key"])).size, 1);
  });

  test("an answer that is lost, and a reload: the same campaign", async () => {
    const page = await it.open();
    await it.write(page);
    it.site.answers["POST /api/admin/campaigns"] = ({ body, key, answer }) => {
      it.site.campaigns.create(body, key);
      answer.destroy();
    };
    await it.confirm(page);
    await page.locator("#problem", { hasText: "can’t be reached" }).waitFor();
    it.site.answers = {};
    await page.reload({ waitUntil: "networkidle" });
    await it.confirm(page);
    await page.waitForURL(/campaign\.html\?id=1$/);

    assert.equal(it.site.campaigns.list.length, 1);
  });

  test("the same text in two tabs: sent in one, it is gone from the other", async () => {
    const page = await it.open();
    await it.write(page);
    const other = await it.open();
    assert.equal(await other.inputValue("#title"), "Footbridge open again");
    await it.confirm(page);
    await page.waitForURL(/campaign\.html/);

    await until("the other tab's empty form", async () => (await other.inputValue("#title").catch(() => null)) === "");
    assert.equal(it.site.campaigns.list.length, 1);
    it.clean(other);
  });
});
