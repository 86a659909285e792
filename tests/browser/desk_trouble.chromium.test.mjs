// The desk's pages in Chromium when the server is away, slow or strange, and with whatever people write.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kNoise, kNow, kPages, main, openDesk, settled } from "./desk_visit.mjs";
import { findings, overhang } from "./looking.mjs";

const kHostile = ["<script>window.hit=1</script>", "<img src=x onerror=\"window.hit=1\">", "\"><svg onload=window.hit=1>", "javascript:window.hit=1", "{{constructor.constructor('window.hit=1')()}}"];

describe("the desk's pages in trouble", () => {
  const desk = openDesk();

  describe("in trouble", () => {
    const kTroubles = [
      ["no answer", () => { desk.site.away = true; }, /can’t be reached/],
      ["the database away", () => { answerAll(503, { status: "error", error: { code: "unavailable", field: "", message: "the database is away" } }); }, /busy or its database is away/],
      ["half an answer", () => { answerAll(200, '{"campaigns":[{"id":1,"ti'); }, /broke off/],
      ["something else's answer", () => { answerAll(200, { strange: true }); }, /not what this page expects/],
      ["a server's error page", () => { answerAll(502, "<html>Bad gateway</html>"); }, /answered 502 without a reason/],
      ["an ended login", () => { desk.site.login = false; }, /no longer signed in/],
    ];
    const kReads = ["stats", "campaigns", "drafts", "subscriptions", "doctor", "settings", "topics", "segments"];

    function answerAll(status, content) {
      for (const path of kReads) desk.site.answers[`GET /api/admin/${path}`] = () => [status, content];
    }

    for (const name of kPages) {
      test(`/admin/${name} says what is wrong, whatever it is, and is whole again after "Try again"`, async () => {
        desk.sent(3);
        kTroubles[0][1]();
        await desk.visit(name, async (page) => {
          const again = async () => {
            await page.evaluate(() => document.querySelectorAll(".trouble button").forEach((one) => one.click()));
            await settled(page);
          };
          for (const [what, begin, words] of kTroubles) {
            Object.assign(desk.site, { away: false, login: true, answers: {} });
            begin();
            await again();
            assert.match(await main(page), words, what);
            assert.deepEqual(await findings(page), [], what);
          }
          Object.assign(desk.site, { login: true, answers: {} });
          await again();
          assert.equal(await page.locator(".trouble").count(), 0);
        }, { problems: [kNoise, /TypeError/] });
      });
    }

    test("a slow answer is announced as loading, a quick one is not", async () => {
      desk.site.delay = 1200;
      const page = await desk.chromium.page();
      await page.goto(`${desk.site.origin}/admin/doctor.html`);
      await page.locator(".loading").waitFor();
      await page.locator(".checks").waitFor();
      assert.equal(await page.locator(".loading").count(), 0);
      await page.close();
    });
  });

  describe("with whatever people write", () => {
    const texts = [...kHostile, "W".repeat(400), "مرحبا بالعالم هذا اختبار", "\u202eevil\u202c"];

    for (const name of kPages) {
      test(`/admin/${name} shows markup, long words and right-to-left text as text`, async () => {
        const text = texts.join(" ");
        desk.sent(1, (_, { message }) => ({ message: { ...message, title: text }, audience: text, owner: text, reason: text }));
        desk.site.record.subscriptions.slice(0, 8).forEach((one, index) => Object.assign(one, { user: texts[index], language: texts[index], topics: [texts[index]], endpoint_tail: "<b>x</b>", host: text, timezone: text }));
        desk.site.record.doctor.checks.forEach((one) => Object.assign(one, { name: text, detail: text, remedy: text }));
        desk.site.record.settings.settings.forEach((one) => Object.assign(one, { value: text, meaning: text, default: "" }));
        desk.site.record.topics[0].label = text;
        desk.site.record.segments[0].label = text;
        desk.site.record.drafts.push({ id: 1, owner: text, version: 1, updated_at: kNow, content: { title: text } });
        const { stats } = desk.site.record;
        desk.site.answers["GET /api/admin/stats"] = () => [200, { ...stats(30), languages: texts.map((language) => ({ language, active: 10 })), services: texts.map((service) => ({ service, active: 10 })) }];
        await desk.visit(name, async (page) => {
          assert.equal(await page.evaluate(() => window.hit), undefined);
          assert.equal(await page.locator("main :is(script, img, svg:not([class]))").count(), 0);
          assert.equal(await overhang(page), 0);
          assert.deepEqual(await findings(page), []);
          const shown = await page.evaluate(() => document.querySelector("main").textContent + [...document.querySelectorAll("main input")].map(({ value }) => value).join());
          assert.ok(shown.includes(kHostile[0]));
        }, { width: 320 });
      });
    }
  });
});
