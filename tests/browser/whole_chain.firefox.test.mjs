// The whole chain, nothing played: a click in Firefox, the subscription in the database, a message written on the admin page
// in the same browser, encrypted and sent by Lamppost, taken in by a push service, decrypted and drawn by Firefox, clicked.
// The suite is one story, in this order.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { until } from "./browser_process.mjs";
import { startFirefox } from "./firefox.mjs";
import { startWholeSite } from "./whole_site.mjs";

const kPictures = fileURLToPath(new URL("../../build/screenshots", import.meta.url));
const kState = "return window.Lamppost.state();";
const kSubscription = `
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  return (await registration.pushManager.getSubscription())?.toJSON() ?? null;`;

describe("from a click in Firefox to a notification on its screen", () => {
  let site;
  let firefox;
  let subscription;

  before(async () => {
    await mkdir(kPictures, { recursive: true });
    site = await startWholeSite();
    firefox = await startFirefox({ pushUrl: site.service.browserUrl });
  });

  after(async () => {
    await firefox?.close();
    await site?.stop();
  });

  const address = (path) => `${site.lamppost.origin}${path}`;
  const trigger = (json) => site.lamppost.admin("/admin-api/trigger-push-notifications", { json });
  const picture = (name) => join(kPictures, `firefox-${name}.png`);

  test("the demo page alone subscribes nobody", async () => {
    await firefox.open(address("/"));

    await until("the page to know how things stand", async () => (await firefox.evaluate(kState)) === "granted-off");
    assert.deepEqual(site.service.agents().flatMap((agent) => agent.channels), []);
  });

  test("a click on the button subscribes, and says so", async () => {
    await firefox.click("[data-lamppost-subscribe]");

    await until("the page to say that notifications are on", async () => (await firefox.evaluate(kState)) === "on");
    assert.match(await firefox.text("[data-lamppost-status]"), /Notifications are on/);
    await firefox.screenshot(picture("subscribed"));
    subscription = await firefox.evaluate(kSubscription);
    assert.equal(new URL(subscription.endpoint).origin, site.service.origin);
  });

  test("the subscription is in the database: posting it again makes no new one", async () => {
    const answer = await site.lamppost.public("/api/push-subscriptions", { json: subscription });

    assert.equal(answer.status, 200);
  });

  test("the desk in the same browser sends a message, and says that one was accepted", async () => {
    await firefox.openWithLogin(address("/admin/compose.html"), "admin", site.lamppost.password);
    await firefox.fill("#title", "Fog on the river 🌫");
    await firefox.fill("#body", "Drive slowly, 5 < 6 & so on.");
    await firefox.fill("#url", address("/?from=notification"));
    await firefox.screenshot(picture("compose"));
    await firefox.click("#send");
    await until("the question", () => firefox.evaluate(`return document.getElementById("confirm").open;`));
    await firefox.click("#confirm-yes");
    await until("the ten seconds", () => firefox.evaluate(`return document.getElementById("undo")?.hidden === false;`));
    await firefox.click("#undo-skip");

    await until("the end", () => firefox.evaluate(`return document.getElementById("heading").textContent.startsWith("Sent");`));
    await firefox.screenshot(picture("sent"));
    assert.match(await firefox.text("#lead"), /1 of 1 accepted/);
    assert.match(await firefox.text("#services-table tbody"), /^localhost\b/);
  });

  test("the notification stands on the screen with these words", async () => {
    const shown = await firefox.waitForNotification();

    await firefox.drawNotification(shown.title, picture("notification"));
    assert.equal(shown.title, "Fog on the river 🌫");
    assert.equal(shown.body, "Drive slowly, 5 < 6 & so on.");
    assert.equal(shown.origin, `via localhost:${site.lamppost.port}`);
    assert.equal((await firefox.notifications()).length, 1);
  });

  test("Firefox acknowledged it as decrypted and shown", () => {
    const [agent] = site.service.agents();

    assert.deepEqual(agent.acks.map(({ code }) => code), [100]);
    assert.deepEqual([agent.nacks, site.service.browserFaults(), site.service.refusals()], [[], [], []]);
  });

  test("a click on it opens the page of its link, by way of a link that is counted", async () => {
    await firefox.clickNotification("Fog on the river 🌫");

    await until("the link's page in front", async () => (await firefox.frontTab()) === address("/?from=notification"));
    assert.deepEqual(await firefox.notifications(), []);
    const { campaigns: [{ clicks }] } = await (await site.lamppost.admin("/api/admin/campaigns")).json();
    assert.equal(clicks, 1);
  });

  test("the tutorial's call reaches the same browser", async () => {
    const answer = await trigger({ title: "Again", body: "by a script" });

    assert.deepEqual(await answer.json(), { status: "success", result: [true] });
    assert.equal((await firefox.waitForNotification("Again")).body, "by a script");
  });

  test("a browser that turns notifications off gets no more", async () => {
    await firefox.open(address("/"));
    await until("the page to know that they are on", async () => (await firefox.evaluate(kState)) === "on");

    await firefox.click("[data-lamppost-unsubscribe]");

    await until("the page to say that they are off", async () => (await firefox.evaluate(kState)) === "granted-off");
    const answer = await trigger({ title: "Late", body: "for nobody" });
    assert.deepEqual(await answer.json(), { status: "success", result: [] });
  });

  test("Firefox's console holds no error of the pages or the worker", async () => {
    assert.deepEqual(await firefox.consoleErrors(site.lamppost.origin), []);
  });
});
