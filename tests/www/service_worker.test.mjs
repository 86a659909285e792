// www/push/sw.js: what it shows.
import assert from "node:assert/strict";
import { test } from "node:test";

import { SimulatedBrowser } from "./shims/service_worker.mjs";

const CONFIG = { vapid_public_key: "BKey", site: "The Lamppost", click_origins: ["https://listed.example"] };
const KINDS = ["chromium", "firefox", "safari"];

const started = (options) => new SimulatedBrowser({ config: CONFIG, ...options }).start();
const ours = (notification) => JSON.stringify({ web_push: 8030, notification });

async function shownBy(payload, options) {
  const browser = await started(options);
  const shown = await browser.push(payload);
  assert.deepEqual(browser.failures, []);
  assert.equal(shown.length, 1);
  return shown[0];
}

for (const kind of KINDS) {
  test(`${kind}: raw text is the body, the title says Untitled`, async () => {
    const { title, body } = await shownBy("The bridge is open, für alle", { kind });

    assert.deepEqual([title, body], ["Untitled", "The bridge is open, für alle"]);
  });

  test(`${kind}: {"title","body"} is shown as given`, async () => {
    const { title, body, tag } = await shownBy('{"title":"Bridge","body":"It is open"}', { kind });

    assert.deepEqual([title, body, tag], ["Bridge", "It is open", undefined]);
  });

  test(`${kind}: a declarative message is shown with its id as the tag`, async () => {
    const payload = ours({
      title: "Bridge", body: "It is open", navigate: "https://site.example/bridge", lang: "en", dir: "ltr",
      icon: "https://site.example/icon.png", data: { id: "AAAAAAAAAAAAAAAAAAAAAA" },
    });

    const shown = await shownBy(payload, { kind });

    assert.equal(shown.title, "Bridge");
    assert.equal(shown.body, "It is open");
    assert.equal(shown.lang, "en");
    assert.equal(shown.dir, "ltr");
    assert.equal(shown.icon, "https://site.example/icon.png");
    assert.equal(shown.tag, "AAAAAAAAAAAAAAAAAAAAAA");
    assert.equal(shown.data.id, "AAAAAAAAAAAAAAAAAAAAAA");
  });

  test(`${kind}: no payload shows the site's name`, async () => {
    const { title, body } = await shownBy(null, { kind });

    assert.deepEqual([title, body], ["The Lamppost", "There is something new for you."]);
  });
}

const JUNK = {
  "bytes that are no text": Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x13]),
  "blanks": " \n ",
  "an empty object": "{}",
  "an array": "[1,2]",
  "null": "null",
  "a notification without a title": '{"web_push":8030,"notification":{"navigate":"/"}}',
  "a notification that is a list": '{"notification":["x"]}',
  "members of the wrong type": '{"title":{"a":1},"body":["x"],"data":7,"actions":"no","tag":5,"dir":9,"silent":"yes"}',
  "actions that are null": '{"actions":[null,3]}',
};
for (const [what, payload] of Object.entries(JUNK)) {
  test(`junk shows the site's name and a general text: ${what}`, async () => {
    const { title, body } = await shownBy(payload);

    assert.deepEqual([title, body], ["The Lamppost", "There is something new for you."]);
  });
}

test("without a known site name the host stands there", async () => {
  const { title } = await shownBy(null, { config: null });

  assert.equal(title, "site.example");
});

test("a number or a quoted word is raw text too", async () => {
  assert.equal((await shownBy("42")).body, "42");
  assert.equal((await shownBy('"hello"')).body, '"hello"');
});

test("only known options are copied, and at most two buttons", async () => {
  const payload = ours({
    title: "T", tag: "news", renotify: true, requireInteraction: true, silent: true, image: "https://site.example/i.png",
    badge: "https://site.example/b.png", timestamp: 5, vibrate: [9], onclick: "x", mutable: true, app_badge: 3,
    actions: [{ action: "0", title: "Read" }, { action: "1" }, { action: "2", title: "Later" }, { action: "3", title: "No" }],
  });

  const { close, alerts, replaced, data, ...rest } = await shownBy(payload);

  assert.deepEqual(rest, {
    title: "T", tag: "news", renotify: true, requireInteraction: true, silent: true, image: "https://site.example/i.png",
    badge: "https://site.example/b.png", timestamp: 5,
    actions: [{ action: "0", title: "Read" }, { action: "1", title: "Later" }],
  });
});

test("renotify without any tag is dropped, since browsers throw at it", async () => {
  const shown = await shownBy('{"title":"T","renotify":true}');

  assert.equal(shown.renotify, undefined);
});

test("an option that the browser refuses costs the option, not the notification", async () => {
  const browser = await started();
  browser.screen.refuses = "icon";

  const [{ title, body }] = await browser.push('{"title":"T","body":"B","icon":"what://"}');

  assert.deepEqual([title, body, browser.failures.length], ["T", "B", 0]);
});

test("a permission that is gone fails quietly", async (t) => {
  const logged = t.mock.method(console, "error", () => {});
  const browser = await started();
  browser.screen.permission = "denied";

  const shown = await browser.push("text");

  assert.deepEqual([shown.length, browser.failures.length, logged.mock.callCount()], [0, 0, 1]);
});

test("on a Mac Chromium's event stays open for a second", async () => {
  const time = async (options) => {
    const browser = await started({ speed: 10, ...options });
    const start = performance.now();
    await browser.push("text");
    return (performance.now() - start) * 10;
  };
  const brands = [{ brand: "Chromium", version: "140" }];

  assert.ok((await time({ platform: "macOS", brands })) >= 950);
  assert.ok((await time({ platform: "macOS", brands: [] })) < 950);
  assert.ok((await time({ platform: "Linux", brands })) < 950);
});

const DECLARED = {
  title: "Bridge", body: "It is open", navigate: "https://site.example/bridge", lang: "en", dir: "ltr",
  data: { id: "AAAAAAAAAAAAAAAAAAAAAA" },
};

for (const kind of KINDS) {
  test(`${kind}: a mutable message that comes as a notification without data is shown`, async () => {
    const browser = await started({ kind });

    const [shown] = await browser.push(null, { declared: DECLARED });

    assert.deepEqual([shown.title, shown.body, shown.tag], ["Bridge", "It is open", DECLARED.data.id]);
    await browser.click(shown);
    assert.deepEqual([browser.opened, browser.failures], [["https://site.example/bridge"], []]);
  });
}

test("a mutable message keeps its link even if the browser refuses its options", async () => {
  const browser = await started({ kind: "safari" });
  browser.screen.refuses = "lang";

  const [shown] = await browser.push(null, { declared: DECLARED });

  assert.deepEqual([shown.title, browser.failures.length], ["Bridge", 0]);
});

test("a mutable message that has data as well is shown by its data", async () => {
  const browser = await started();

  const [shown] = await browser.push(ours({ title: "From data" }), { declared: DECLARED });

  assert.equal(shown.title, "From data");
});

test("a new version takes over without waiting", async () => {
  assert.equal((await started()).skippedWaiting, true);
});
