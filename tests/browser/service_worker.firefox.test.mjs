// The service worker www/push/sw.js in a real Firefox, reached through a real subscription at the local push service:
// what it shows for whatever is pushed, and what a click opens. Every push must be acknowledged as shown.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startSubscribedFirefox } from "./subscribed_firefox.mjs";

const kDelivered = 100;  // autopush: the worker got it and did not throw

describe("service worker in Firefox", () => {
  let it;
  let service;
  let site;
  let firefox;
  let sender;
  let subscription;

  before(async () => {
    it = await startSubscribedFirefox();
    ({ service, site, firefox, sender, subscription } = it);
  });

  after(async () => { await it?.stop(); });

  afterEach(() => {
    assert.deepEqual(service.browserFaults(), []);
    assert.ok(service.agents().every(({ acks, nacks }) => nacks.length === 0 && acks.every(({ code }) => code === kDelivered)));
  });

  /** Pushes and gives the notification of that title. */
  async function shownFor(data, title) {
    const { status } = await sender.send(subscription, typeof data === "object" ? JSON.stringify(data) : data);
    assert.equal(status, 201);
    return firefox.waitForNotification(title);
  }

  test("raw text is shown under the title Untitled", async () => {
    const shown = await shownFor("Grüße aus Wien, 5 < 6 & so on", "Untitled");

    assert.equal(shown.body, "Grüße aus Wien, 5 < 6 & so on");
  });

  test("a title and a body are shown as they are given", async () => {
    const shown = await shownFor({ title: "Fog 🌫", body: "Drive <slowly>." }, "Fog 🌫");

    assert.equal(shown.body, "Drive <slowly>.");
  });

  test("junk shows the site's name and a general text", async () => {
    const shown = await shownFor("[1,2,3]", "The Daily Lamp");

    assert.notEqual(shown.body, "");
  });

  test("our own message is shown with its words, and a click opens its link", async () => {
    const navigate = `${site.origin}/news/bridge?a=1#end`;
    const notification = { title: "Bridge open", navigate, body: "From Monday on.", lang: "en",
      actions: [{ action: "0", title: "Map", navigate: `${site.origin}/map` }], data: { id: "AAAAAAAAAAAAAAAAAAAAAA" } };
    const shown = await shownFor({ web_push: 8030, notification }, "Bridge open");
    assert.equal(shown.body, "From Monday on.");

    await firefox.clickNotification("Bridge open");

    await until("the link's page in front", async () => (await firefox.frontTab()) === navigate);
    assert.equal((await firefox.notifications()).some((one) => one.title === "Bridge open"), false);
  });

  test("a message that points to a stranger opens the site's root instead", async () => {
    await shownFor({ notification: { title: "Lure", navigate: "https://evil.example/", data: { id: "lure" } } }, "Lure");

    await firefox.clickNotification("Lure");

    await until("the site's root in front", async () => (await firefox.frontTab()) === `${site.origin}/`);
  });

  test("the same message id twice stands on the screen once", async () => {
    const twice = { notification: { title: "Only once", navigate: `${site.origin}/`, data: { id: "onceonceonceonceonceon" } } };
    await shownFor(twice, "Only once");
    await shownFor(twice, "Only once");
    await shownFor({ title: "The one after", body: "that" }, "The one after");

    const standing = (await firefox.notifications()).filter((one) => one.title === "Only once");

    assert.equal(standing.length, 1);
  });
});
