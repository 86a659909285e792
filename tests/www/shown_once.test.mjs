// www/push/sw.js: a message that arrives twice is seen once (RELIABILITY.md, REL-09).
import assert from "node:assert/strict";
import { test } from "node:test";

import { SimulatedBrowser } from "./shims/service_worker.mjs";

const started = (kind, options) => new SimulatedBrowser({ kind, config: {}, ...options }).start();
const message = (id, more = {}) =>
  JSON.stringify({ web_push: 8030, notification: { title: "T", navigate: "https://site.example/", ...more, data: { id } } });
const alerts = (browser) => browser.screen.history.filter((one) => one.alerts).length;

for (const kind of ["chromium", "firefox"]) {
  test(`${kind}: a repeat replaces its notification without a sound`, async () => {
    const browser = await started(kind);
    await browser.push(message("one"));

    const [again] = await browser.push(message("one"));

    assert.deepEqual([again.silent, again.replaced], [true, true]);
    assert.deepEqual([browser.screen.visible.length, alerts(browser)], [1, 1]);
  });

  test(`${kind}: a repeat does not call for attention even if the message wants it`, async () => {
    const browser = await started(kind);
    await browser.push(message("one", { tag: "news", renotify: true }));

    await browser.push(message("one", { tag: "news", renotify: true }));

    assert.deepEqual([browser.screen.visible.length, alerts(browser)], [1, 1]);
  });

  test(`${kind}: two copies at the same moment alert once`, async () => {
    const browser = await started(kind);

    await Promise.all([browser.push(message("one")), browser.push(message("one"))]);

    assert.deepEqual([browser.screen.visible.length, alerts(browser)], [1, 1]);
  });
}

test("safari: a repeat is skipped, yet never twice in a row", async () => {
  const browser = await started("safari");
  const shown = [];

  for (const id of ["one", "one", "one", "two", "two", "one"]) shown.push((await browser.push(message(id))).length);

  assert.deepEqual(shown, [1, 0, 1, 1, 0, 1]);
});

for (const kind of ["chromium", "firefox", "safari"]) {
  test(`${kind}: the ids outlast the worker`, async () => {
    const browser = await started(kind);
    await browser.push(message("one"));
    browser.restart();

    await browser.push(message("one"));

    assert.deepEqual([browser.screen.visible.length, alerts(browser)], [1, 1]);
  });

  for (const fault of ["error", "hang", "quota"]) {
    test(`${kind}: a database with the fault "${fault}" does not cost the notification`, async () => {
      const browser = await started(kind, { speed: 100 });
      browser.database.fault = fault;

      assert.equal((await browser.push(message("one"))).length, 1);
      assert.equal((await browser.push(message("two"))).length, 1);
      assert.deepEqual(browser.failures, []);
    });
  }
}

test("different messages stand side by side, messages with one tag replace each other", async () => {
  const browser = await started("chromium");

  for (const id of ["one", "two"]) await browser.push(message(id));
  assert.equal(browser.screen.visible.length, 2);

  for (const id of ["three", "four"]) await browser.push(message(id, { tag: "weather" }));
  assert.equal(browser.screen.visible.length, 3);
});

test("the last 200 ids are kept", async () => {
  const browser = await started("chromium");
  for (let i = 0; i < 201; i += 1) await browser.push(message(`m${i}`));

  const [oldest] = await browser.push(message("m0"));
  const [kept] = await browser.push(message("m200"));

  assert.deepEqual([oldest.silent, kept.silent], [undefined, true]);
});

test("messages without an id are never taken for repeats", async () => {
  const browser = await started("safari");

  for (let i = 0; i < 3; i += 1) assert.equal((await browser.push("the same text")).length, 1);
});
