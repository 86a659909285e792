// A first visitor's Firefox, whose permission nobody has given: no question before the button is pressed, one after it.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startFirefox } from "./firefox.mjs";
import { startWholeSite } from "./whole_site.mjs";

const kLong = 3000;  // what a page does by itself it does within this time, ms

describe("the first visit in Firefox", () => {
  let site;
  let firefox;

  before(async () => {
    site = await startWholeSite();
    firefox = await startFirefox({ pushUrl: site.service.browserUrl, permission: "ask" });
  });

  after(async () => {
    await firefox?.close();
    await site?.stop();
  });

  test("loading the page asks nothing", async () => {
    await firefox.open(`${site.lamppost.origin}/`);
    await delay(kLong);

    assert.deepEqual(await firefox.questions(), []);
    assert.equal(await firefox.evaluate("return Notification.permission"), "default");
  });

  test("pressing the button makes the browser ask", async () => {
    await firefox.click("[data-lamppost-subscribe]");

    await until("the browser's question", async () => (await firefox.questions()).length === 1);
    assert.match(await firefox.text("[data-lamppost-status]"), /asking/);
  });

  test("the answer Allow leads to a subscription", async () => {
    await firefox.allow();

    await until("the page to say that notifications are on", async () =>
      (await firefox.evaluate("return window.Lamppost.state()")) === "on");
    assert.equal(site.service.agents()[0].channels.length, 1);
  });
});
