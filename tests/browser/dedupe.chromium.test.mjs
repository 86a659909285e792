// REL-09 in a real Chromium: the same message twice is one notification, and the second time makes no sound. Pushes
// come from the developer tools' Push button. What stands is seen on the desktop, and what it is like is asked of
// Chromium only afterwards: asked while one is on its way, it would drop it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { startStaticSite } from "./static_site.mjs";

const message = (title, id, more = {}) => JSON.stringify({ web_push: 8030, notification: { title, navigate: "/", ...more, data: { id } } });

describe("the same message twice in Chromium", () => {
  let chromium;
  let desktop;
  let site;
  let page;
  let tools;
  let push;

  before(async () => {
    site = await startStaticSite({ config: { site: "The Daily Lamp" } });
    chromium = await startChromium();
    desktop = chromium.desktop;
    page = await chromium.page();
    await page.goto(`${site.origin}/start`);
    await page.evaluate(() => navigator.serviceWorker.register("/push/sw.js", { scope: "/push/" }).then(() => true));
    push = await chromium.pushButton(page, "/push/");
    tools = await chromium.context.newCDPSession(page);
  });

  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  /** Pushes and waits until the desktop was told of it, as of a new one or of one that replaces another. */
  async function shownFor(data) {
    const count = desktop.shown.length + 1;
    await push(data);
    return desktop.waitFor(count);
  }

  /** What the desktop shows under that title, once it is quiet. */
  const standing = async (title) => (await desktop.settled()).filter((one) => one.title === title);

  /** What Chromium knows of the notifications of that title. */
  const known = (title) => page.evaluate(async (wanted) => {
    const registration = await navigator.serviceWorker.getRegistration("/push/");
    return (await registration.getNotifications()).filter((one) => one.title === wanted)
      .map(({ tag, silent, renotify, data: { id } }) => ({ tag, silent, renotify, id }));
  }, title);

  test("one notification stands; the second took the first one's place without a sound", async () => {
    await shownFor(message("Twin", "twin-0000000000000001"));
    assert.deepEqual(await standing("Twin").then((list) => list.map(({ replaced }) => replaced)), [false]);
    assert.deepEqual(await known("Twin"), [{ tag: "twin-0000000000000001", silent: false, renotify: false, id: "twin-0000000000000001" }]);

    await shownFor(message("Twin", "twin-0000000000000001"));

    assert.deepEqual(await standing("Twin").then((list) => list.map(({ replaced }) => replaced)), [true]);
    assert.deepEqual(await known("Twin"), [{ tag: "twin-0000000000000001", silent: true, renotify: false, id: "twin-0000000000000001" }]);
  });

  test("nor does it call for attention when the message itself wants that of a newer one", async () => {
    const loud = message("Loud", "loud-0000000000000001", { tag: "alarm", renotify: true });
    await shownFor(loud);
    assert.equal((await standing("Loud")).length, 1);
    assert.deepEqual(await known("Loud"), [{ tag: "alarm", silent: false, renotify: true, id: "loud-0000000000000001" }]);

    await shownFor(loud);

    assert.equal((await standing("Loud")).length, 1);
    assert.deepEqual(await known("Loud"), [{ tag: "alarm", silent: true, renotify: false, id: "loud-0000000000000001" }]);
  });

  // Of two within a millisecond Chromium may tell the desktop as of two new ones, because it does not wait for the
  // desktop's answer to the first; to Chromium itself they are one.
  test("both at the same moment are one notification to Chromium, and make one sound", async () => {
    const count = desktop.shown.length;

    await Promise.all([push(message("Race", "race-0000000000000001")), push(message("Race", "race-0000000000000001"))]);
    await desktop.waitFor(count + 2);
    await desktop.settled();

    assert.deepEqual(desktop.shown.slice(count).map(({ hints }) => hints.includes("suppress-sound")).sort(), [false, true]);
    assert.deepEqual((await known("Race")).map(({ silent }) => silent), [true]);
  });

  test("the worker may have ended in between", async () => {
    await shownFor(message("Later", "later-000000000000001"));
    const versions = new Map();
    tools.on("ServiceWorker.workerVersionUpdated", (event) => event.versions.forEach((one) => versions.set(one.versionId, one)));
    await tools.send("ServiceWorker.enable");
    await tools.send("ServiceWorker.stopAllWorkers");
    await until("the worker has ended", () => versions.size > 0 && [...versions.values()].every((one) => one.runningStatus === "stopped"));

    await shownFor(message("Later", "later-000000000000001"));

    assert.equal((await standing("Later")).length, 1);
    assert.deepEqual((await known("Later")).map(({ silent }) => silent), [true]);
  });

  test("two different messages with the same words are two notifications, both with their sound", async () => {
    await shownFor(message("Pair", "pair-0000000000000001"));
    await shownFor(message("Pair", "pair-0000000000000002"));

    assert.equal((await standing("Pair")).length, 2);
    assert.deepEqual((await known("Pair")).map(({ tag, silent }) => ({ tag, silent })).sort((a, b) => a.tag.localeCompare(b.tag)),
      [{ tag: "pair-0000000000000001", silent: false }, { tag: "pair-0000000000000002", silent: false }]);
  });
});
