// The desk's history and insights in Chromium: what came of the messages, and of the subscribers over time.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { kNoise, kNow, main, openDesk } from "./desk_visit.mjs";
import { findings, overhang, picture } from "./looking.mjs";

describe("the desk's figures", () => {
  const desk = openDesk();

  describe("history", () => {
    test("shows what came of each, sorted by what is pressed, by keyboard", async () => {
      desk.sent(3, (index) => ({ counts: { audience: 100, accepted: 100, gone: 0, failed: 3 - index }, clicks: [0, 5, 1, 9][index] }));
      await desk.visit("history.html", async (page) => {
        const titles = () => page.locator("tbody td.title a").allInnerTexts();
        assert.deepEqual(await titles(), ["Footbridge, part 3", "Footbridge, part 2", "Footbridge, part 1"]);

        await page.getByRole("button", { name: "CTR" }).focus();
        await page.keyboard.press("Enter");
        assert.deepEqual(await titles(), ["Footbridge, part 3", "Footbridge, part 1", "Footbridge, part 2"]);
        assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
        await page.keyboard.press("Enter");
        assert.deepEqual(await titles(), ["Footbridge, part 2", "Footbridge, part 1", "Footbridge, part 3"]);
        assert.match(await page.locator("tbody tr").first().innerText(), /Everybody\s+100\s+0\s+1\s+1\s+1\s%\s+Sent/);
        assert.equal(await page.getByRole("link", { name: "Duplicate Footbridge, part 2" }).getAttribute("href"), "/admin/compose.html?copy=2");
        assert.equal(await page.getByRole("link", { name: "Footbridge, part 2", exact: true }).getAttribute("href"), "/admin/campaign.html?id=2");
      });
    });

    test("asks the server for words and days, and says when nothing matches", async () => {
      desk.sent(2);
      await desk.visit("history.html", async (page) => {
        await page.getByLabel("Words in the title").fill("no such");
        await page.getByLabel("From").fill("2026-01-02");
        await page.getByLabel("To").fill("2026-01-03");
        await page.keyboard.press("Enter");
        await page.getByText("Nothing matches").waitFor();

        const [, path] = desk.site.asked.at(-1);
        const query = new URLSearchParams(path.split("?")[1]);
        const [from, to] = await page.evaluate(() => ["2026-01-02T00:00:00", "2026-01-03T23:59:59"].map((day) => Math.floor(new Date(day).getTime() / 1000)));
        assert.deepEqual([query.get("q"), Number(query.get("from")), Number(query.get("to"))], ["no such", from, to]);

        await page.getByRole("button", { name: "Reset" }).click();
        await page.locator("tbody tr").first().waitFor();
      });
    });

    test("gives more by key, and keeps what is shown when more can't be had", async () => {
      desk.sent(120);
      await desk.visit("history.html", async (page) => {
        assert.equal(await page.locator("tbody tr").count(), 50);
        desk.site.away = true;
        await page.getByRole("button", { name: "Show more" }).click();
        await page.getByText("can’t be reached").waitFor();
        assert.equal(await page.locator("tbody tr").count(), 50);
        desk.site.away = false;
        await page.getByRole("button", { name: "Try again" }).click();
        await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 100);
        assert.match(desk.site.asked.at(-1)[1], /before=71&/);
        await page.getByRole("button", { name: "Show more" }).click();
        await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 120);
        assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
      }, { problems: [kNoise] });
    });

    test("says what to do first when there is nothing, and lists drafts", async () => {
      desk.site.record.drafts.push({ id: 7, owner: "ana", version: 1, updated_at: kNow - 300, content: { title: "Half a message" } });
      await desk.visit("history.html", async (page) => {
        assert.match(await main(page), /No message yet\s+Write the first one/);
        assert.equal(await page.getByRole("link", { name: "Half a message" }).getAttribute("href"), "/admin/compose.html?draft=7");
        assert.deepEqual(await findings(page), []);
      });
    });

    test("gives what is shown as CSV", async () => {
      desk.sent(1, (_, { message }) => ({ message: { ...message, title: "=1+1" } }));
      await desk.visit("history.html", async (page) => {
        const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).click()]);
        const text = await readFile(await download.path(), "utf8");
        assert.equal(download.suggestedFilename(), "campaigns.csv");
        assert.match(text, /^\ufeffSent,Title,Audience,Accepted,Gone,Failed,Clicks,CTR,State\r\n\d{4}-\d\d-\d\dT.*,'=1\+1,Everybody,3700,40,48,10,0\.3\u00a0%,Sent\r\n$/);
      });
    });
  });

  describe("insights", () => {
    test("says what each chart has found, draws it, and has its table and CSV", async () => {
      await desk.visit("insights.html", async (page) => {
        const found = await page.locator(".card h2").allInnerTexts();
        assert.deepEqual(found, ["+300 subscribers net in 30 days", "4.5\u00a0% of 35,000 accepted messages were clicked", "120 of 35,320 sends failed",
          "77\u00a0% subscribe with Chrome and Android (Google)", "55\u00a0% read English (en)", "Most leave at 365 days and more: 25\u00a0% of them", "1.8 messages a week to each subscriber", "Most clicks on Sundays at 23:00 UTC"]);
        assert.equal(await page.locator(".chart canvas").count(), 3);
        const inked = await page.locator(".chart canvas").evaluateAll((list) => list.map((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data.filter((value, index) => index % 4 === 3 && value).length));
        assert.ok(inked.every((pixels) => pixels > 1000), `${inked}`);
        await page.locator("summary").first().click();
        assert.equal(await page.locator("details[open] tbody tr").count(), 30);
        const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download CSV" }).first().click()]);
        const lines = (await readFile(await download.path(), "utf8")).split("\r\n");
        assert.equal(lines[0], "\ufeffDay,Joined,Left,Active");
        assert.match(lines[1], /^\d{4}-\d\d-\d\d,14,5,3500$/);
        await picture(page, "desk-insights");
      });
    });

    test("follows the number of days, and a desk without subscribers gets the next step", async () => {
      await desk.visit("insights.html", async (page) => {
        await page.locator("#days").selectOption("7");
        await page.getByText("in 7 days").waitFor();
      });
      desk.newcomer();
      await desk.visit("insights.html", async (page) => {
        assert.match(await main(page), /Nobody has subscribed yet/);
        assert.equal(await page.locator("canvas").count(), 0);
      });
    });

    test("a year of a million subscribers fits", async () => {
      const { stats } = desk.site.record;
      desk.site.answers["GET /api/admin/stats"] = ({ query }) => {
        const usual = stats(Number(query.get("days")));
        return [200, { ...usual, active: 1_000_000, days: usual.days.map((one, index) => ({ ...one, active: 634_000 + index * 1000, accepted: 1_000_000 })), services: [{ service: "fcm", active: 1_000_000 }],
          languages: Array.from({ length: 180 }, (_, index) => ({ language: `x-${index}`, active: 5000 })) }];
      };
      await desk.visit("insights.html", async (page) => {
        await page.locator("#days").selectOption("365");
        await page.getByText("in 365 days").waitFor();
        assert.equal(await overhang(page), 0);
        assert.match(await main(page), /the first 10 of 180/);
      }, { width: 320 });
    });
  });

  describe("the clicks of a campaign", () => {
    test("are drawn by hour and told by button, with their tables", async () => {
      desk.sent(1, () => ({ counts: { audience: 1000, accepted: 1000, waiting: 0 }, clicks: 30, click_hours: [{ at: kNow - 7200, clicks: 20 }, { at: kNow, clicks: 10 }],
        click_actions: [{ action: "", label: "", target: "/", clicks: 25 }, { action: "0", label: "<b>Read</b>", target: "/read", clicks: 5 }] }));
      await desk.visit("campaign.html?id=1", async (page) => {
        await page.locator("canvas").waitFor();
        await picture(page, "desk-clicks");
        const words = await main(page);
        assert.match(words, /30 clicks, 3\s% of 1,000 accepted/);
        assert.match(words, /Button “<b>Read<\/b>”\s+5 · 17 %/);
        assert.match(words, /Most clicks at .*: 20/);
        assert.equal(await page.locator(".chart canvas").count(), 1);
        await page.locator("#clicks summary").last().click();
        assert.equal(await page.locator("#clicks details[open] tbody tr").count(), 3);
        assert.deepEqual(await findings(page), []);
      });
    });
  });
});
