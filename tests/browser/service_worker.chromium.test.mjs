// The service worker www/push/sw.js in a real Chromium: what it shows for whatever is pushed, and what a click opens.
// Pushes come from the developer tools' Push button; notifications are read from the desktop's side.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "./browser_process.mjs";
import { startChromium } from "./chromium.mjs";
import { startStaticSite } from "./static_site.mjs";

const kMessage = {
  web_push: 8030,
  notification: {
    title: "Bridge open", navigate: "/news/bridge", body: "From Monday on.", lang: "en", tag: "bridge",
    actions: [{ action: "0", title: "Map", navigate: "/map" }, { action: "1", title: "Times", navigate: "/times" }],
    data: { id: "AAAAAAAAAAAAAAAAAAAAAA" },
  },
};

describe("service worker in Chromium", () => {
  let chromium;
  let desktop;
  let site;
  let page;
  let push;

  before(async () => {
    site = await startStaticSite({ config: { site: "The Daily Lamp", click_origins: ["https://listed.example"] } });
    chromium = await startChromium();
    desktop = chromium.desktop;
    [page, push] = await registered(site);
  });

  after(async () => {
    await chromium?.close();
    await site?.stop();
  });

  async function registered({ origin }) {
    const tab = await chromium.page();
    await tab.goto(`${origin}/start`);
    await tab.evaluate(() => navigator.serviceWorker.register("/push/sw.js", { scope: "/push/" }).then(() => true));
    return [tab, await chromium.pushButton(tab, "/push/")];
  }

  /** Pushes `data` and gives the notification that it brings. */
  async function shownFor(data, by = push) {
    const count = desktop.shown.length + 1;
    await by(typeof data === "object" ? JSON.stringify(data) : data);
    return desktop.waitFor(count);
  }

  const buttons = (shown) => shown.actions.filter(([key]) => /^\d$/.test(key));
  const absolute = (path) => `${site.origin}${path}`;

  /** Clicks and gives the address of the tab that opens. */
  async function openedBy(shown, action) {
    const old = chromium.tabs().length;
    desktop.click(shown, action);
    await until("a new tab", () => chromium.tabs().length > old);
    return until("its address", () => chromium.tabs().slice(old).find((url) => url !== "" && url !== "about:blank"));
  }

  test("raw text is shown under the title Untitled", async () => {
    const shown = await shownFor("Grüße aus Wien, 5 < 6 & so on");

    assert.equal(shown.title, "Untitled");
    assert.equal(shown.body, "Grüße aus Wien, 5 < 6 & so on");
    assert.equal(shown.origin, new URL(site.origin).host);
  });

  test("a title and a body are shown as they are given", async () => {
    const shown = await shownFor({ title: "Fog 🌫", body: "Drive <slowly>\nand see." });

    assert.equal(shown.title, "Fog 🌫");
    assert.equal(shown.body, "Drive <slowly>\nand see.");
    assert.deepEqual(buttons(shown), []);
  });

  test("a title alone is shown without a body", async () => {
    const shown = await shownFor({ title: "Only this" });

    assert.equal(shown.title, "Only this");
    assert.equal(shown.body, "");
  });

  test("our own message is shown with its words and its two buttons", async () => {
    const shown = await shownFor(kMessage);

    assert.equal(shown.title, "Bridge open");
    assert.equal(shown.body, "From Monday on.");
    assert.deepEqual(buttons(shown), [["0", "Map"], ["1", "Times"]]);
  });

  test("a push without payload shows the site's name", async () => {
    const shown = await shownFor(undefined);

    assert.equal(shown.title, "The Daily Lamp");
    assert.notEqual(shown.body, "");
  });

  for (const [what, junk] of Object.entries({
    "control characters": "\u0000\u0001\u0002\u0003",
    "a JSON array": "[1,2,3]",
    "JSON null": "null",
    "a title of the wrong type": '{"title":5,"body":[1]}',
    "an empty object": "{}",
    "an empty notification": '{"web_push":8030,"notification":{}}',
    "blanks": "  \n ",
  })) {
    test(`${what} shows the site's name and a general text`, async () => {
      const shown = await shownFor(junk);

      assert.equal(shown.title, "The Daily Lamp");
      assert.notEqual(shown.body, "");
    });
  }

  for (const [what, junk] of Object.entries({
    "wrong types in every option": { title: "Still here", dir: 7, lang: {}, tag: [], icon: 5, image: false, badge: 1, actions: "no",
      silent: "yes", data: "none" },
    "renotify without a tag": { title: "Still here", renotify: true },
    "an unknown direction": { title: "Still here", dir: "sideways" },
    "silent with vibration": { title: "Still here", silent: true, vibrate: [200, 100] },
    "an icon that is no address": { title: "Still here", icon: "http://[" },
    "actions without titles": { title: "Still here", actions: [null, 5, {}, { action: "x" }] },
    "five actions": { title: "Still here",
      actions: Array.from({ length: 5 }, (_, n) => ({ title: `Do ${n}`, navigate: "/" })) },
  })) {
    test(`${what} do not keep the message from the screen`, async () => {
      const shown = await shownFor({ web_push: 8030, notification: junk });

      assert.equal(shown.title, "Still here");
      assert.ok(buttons(shown).length <= 2);
    });
  }

  test("the same message id twice stands on the screen once", async () => {
    const twice = { notification: { title: "Only once", navigate: "/once", data: { id: "onceonceonceonceonceon" } } };
    await shownFor(twice);
    await push(JSON.stringify(twice));
    await shownFor({ title: "The one after", body: "that" });

    const standing = (await desktop.settled()).filter((one) => one.title === "Only once");

    assert.equal(standing.length, 1);
  });

  test("two messages of different ids both stand on the screen", async () => {
    const message = (id) => ({ notification: { title: "A pair", navigate: "/", data: { id } } });
    await shownFor(message("firstfirstfirstfirstfi"));
    await shownFor(message("secondsecondsecondseco"));

    const standing = (await desktop.settled()).filter((one) => one.title === "A pair");

    assert.equal(standing.length, 2);
  });

  test("a newer message of the same tag takes the older one's place", async () => {
    const message = (title, id) => ({ notification: { title, navigate: "/", tag: "score", data: { id } } });
    await shownFor(message("1 : 0", "goal1goal1goal1goal1go"));
    await shownFor(message("2 : 0", "goal2goal2goal2goal2go"));

    const standing = (await desktop.settled()).filter((one) => / : /.test(one.title));

    assert.deepEqual(standing.map((one) => one.title), ["2 : 0"]);
  });

  test("a click takes the notification off the screen and opens its link", async () => {
    const shown = await shownFor({ notification: { title: "Go", navigate: absolute("/go?a=1#end") } });

    assert.equal(await openedBy(shown), absolute("/go?a=1#end"));
    await until("an empty place", () => !shown.open);
  });

  test("a click on a button opens the button's link", async () => {
    const shown = await shownFor({ notification: { ...kMessage.notification, tag: "b", data: { id: "button" } } });

    assert.equal(await openedBy(shown, "1"), absolute("/times"));
  });

  test("a message without a link opens the site's root", async () => {
    const shown = await shownFor({ title: "No link", body: "at all" });

    assert.equal(await openedBy(shown), absolute("/"));
  });

  test("a click brings the tab to the front that shows the link already", async () => {
    const open = await chromium.page();
    await open.goto(absolute("/open/already"));
    await page.bringToFront();
    const shown = await shownFor({ notification: { title: "Back", navigate: "/open/already" } });
    assert.equal((await chromium.frontTab()).id, await chromium.idOf(page));

    desktop.click(shown);

    const front = await until("the link in front", async () => {
      const tab = await chromium.frontTab();
      return tab.url === absolute("/open/already") && tab;
    });
    assert.equal(front.id, await chromium.idOf(open));
  });

  for (const link of ["https://evil.example/x", "http://evil.example/", "//evil.example", "http://listed.example/",
    "javascript:alert(1)", "data:text/html,x", "http://["]) {
    test(`a message that points to ${link} opens the site's root instead`, async () => {
      const home = chromium.context.pages().filter((tab) => tab.url() === absolute("/"));
      await Promise.all(home.map((tab) => tab.close()));
      const shown = await shownFor({ notification: { title: "Lure", navigate: link } });

      assert.equal(await openedBy(shown), absolute("/"));
    });
  }

  test("a listed foreign origin is opened", async () => {
    const shown = await shownFor({ notification: { title: "Friend", navigate: "https://listed.example/x" } });
    const wanted = chromium.context.waitForEvent("request", (request) => request.url() === "https://listed.example/x");

    desktop.click(shown);

    await wanted;
  });

  test("a site whose configuration is away still shows something", async () => {
    const bare = await startStaticSite();
    try {
      const [, pushBare] = await registered(bare);
      const shown = await shownFor(undefined, pushBare);

      assert.equal(shown.title, new URL(bare.origin).host);
    } finally {
      await bare.stop();
    }
  });
});
