// A reader of the demo newspaper in Firefox, from the first visit to the page that a notification opens: once for each
// way that the paper has of offering it. Nothing is played, and the browser asks its own question.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { startSite } from "../live/site.mjs";
import { until } from "./browser_process.mjs";
import { startVisitor } from "./visitor.mjs";

const kTopics = [{ name: "town", label: "Town hall", default: true }, { name: "sport", label: "Sport", default: false }];
const kLong = 1500;  // what a page does by itself it does within this time, ms
const kModes = [
  { path: "/", name: "inline", main: "[data-lamppost-subscribe]" },
  { path: "/town/", name: "bell", opener: ".lamppost-bell", main: ".lamppost-panel .lamppost-main" },
  { path: "/market/", name: "banner", reads: true, main: ".lamppost-banner .lamppost-main" },
  { path: "/sport/", name: "bell on the other side", opener: ".lamppost-start .lamppost-bell", main: ".lamppost-panel .lamppost-main" },
];

describe("a reader of the demo newspaper in Firefox", () => {
  let site;
  let visitor;

  before(async () => {
    site = await startSite();
    const answer = await site.admin("/api/admin/topics", { method: "PUT", json: { topics: kTopics } });
    assert.equal(answer.status, 200, await answer.text());
    visitor = await startVisitor("firefox", site, { permission: "ask" });
  });
  after(async () => {
    await visitor?.close();
    await site?.stop();
  });

  for (const { path, name, opener, reads, main } of kModes) {
    test(`${name}: nothing is asked until the press, then the browser asks, and Allow is enough`, async () => {
      await visitor.open(path);
      await delay(kLong);
      if (opener) await visitor.click(opener);
      if (reads) {
        assert.equal(await visitor.visible(".lamppost-banner"), false, "not at once");
        await visitor.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
      }
      await until("the offer", () => visitor.visible(main));
      await visitor.picture(`demo-${name}`);
      assert.deepEqual(await visitor.firefox.questions(), []);
      assert.equal(await visitor.evaluate("return Notification.permission"), "default");
      assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 0);

      await visitor.click(main);
      await until("the browser's question", async () => (await visitor.firefox.questions()).length === 1);
      await visitor.picture(`demo-${name}-asking`);
      await visitor.firefox.allow();

      await visitor.reached("on");
      assert.deepEqual(await site.sql("SELECT topic_name FROM subscription_topic"), [["town"]]);
      await visitor.picture(`demo-${name}-on`);
    });

    test(`${name}: a message comes, and a click on it opens its page`, async () => {
      const url = visitor.address(`${path}?from=${encodeURIComponent(name)}`);
      const title = `News by ${name}`;
      const answer = await site.admin("/api/admin/campaigns", { json: { title, url, send: true } });
      assert.equal(answer.status, 200, await answer.text());

      await visitor.shown(title);
      await visitor.clickShown(title);

      await until("its page in front", async () => (await visitor.front()) === url);
      await visitor.reached("on");
    });

    test(`${name}: off again, and the next reader is new`, async () => {
      await visitor.evaluate("await window.Lamppost.unsubscribe()");

      assert.equal(await site.number("SELECT COUNT(*) FROM subscription"), 0);
      await visitor.evaluate("localStorage.clear()");
      await visitor.firefox.forgetAnswers();
    });
  }

  test("nothing went wrong on the way", async () => {
    assert.deepEqual(await visitor.problems(), []);
  });
});
