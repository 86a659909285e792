// What a visit heals, in a real Firefox with a real subscription: one that the browser has dropped, and one that the
// server has lost. The suite is one story, in this order.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startFirefox } from "./firefox.mjs";
import { startWholeSite } from "./whole_site.mjs";

const kState = "return window.Lamppost.state();";
const kEndpoint = `
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  return (await registration?.pushManager.getSubscription())?.endpoint ?? null;`;
const kDrop = `
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  return (await registration.pushManager.getSubscription()).unsubscribe();`;
// As if the last visit had been yesterday.
const kYesterday = `
  localStorage.setItem("lamppost", JSON.stringify({ ...JSON.parse(localStorage.getItem("lamppost")), at: 0 }));`;

describe("healing in Firefox", () => {
  let site;
  let firefox;
  let first;

  before(async () => {
    site = await startWholeSite();
    firefox = await startFirefox({ pushUrl: site.service.browserUrl });
  });
  after(async () => {
    await firefox?.close();
    await site?.stop();
  });

  const visit = () => firefox.open(`${site.lamppost.origin}/`);
  const reached = (state) => until(`the page to be ${state}`, async () => (await firefox.evaluate(kState)) === state);
  /** One true for each subscription that the server holds and the push service takes. */
  const told = async (title) =>
    (await (await site.lamppost.admin("/admin-api/trigger-push-notifications", { json: { title, body: "b" } })).json()).result;

  test("a subscription is made", async () => {
    await visit();
    await firefox.click("[data-lamppost-subscribe]");
    await reached("on");

    first = await firefox.evaluate(kEndpoint);
    assert.deepEqual(await told("one"), [true]);
  });

  test("one that the browser has dropped is there again after the next visit, in the place of the old one", async () => {
    await firefox.evaluate(kDrop);
    await visit();

    await until("a new subscription", async () => {
      const endpoint = await firefox.evaluate(kEndpoint);
      return endpoint !== null && endpoint !== first;
    });
    await reached("on");
    await until("the server to have only the new one", async () => (await told(`two ${Date.now()}`)).join() === "true");
  });

  test("one that the server has lost is sent again the day after", async () => {
    const endpoint = await firefox.evaluate(kEndpoint);
    assert.equal((await site.lamppost.public("/api/push-subscriptions", { method: "DELETE", json: { endpoint } })).status, 200);
    assert.deepEqual(await told("three"), []);

    await firefox.evaluate(kYesterday);
    await visit();

    await until("the server to have it again", async () => (await told(`four ${Date.now()}`)).join() === "true");
  });

  test("whoever turns notifications off stays so", async () => {
    await visit();
    await reached("on");
    await firefox.click("[data-lamppost-unsubscribe]");
    await reached("granted-off");

    await visit();
    await reached("granted-off");

    assert.equal(await firefox.evaluate(kEndpoint), null);
    assert.deepEqual(await told("five"), []);
  });
});
