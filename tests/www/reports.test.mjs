// www/push/sw.js: shown, clicked and closed are told to the server only where the message asks for it,
// and never at the cost of the notification (UX.md, 1.6).
import assert from "node:assert/strict";
import { test } from "node:test";

import { SimulatedBrowser } from "./shims/service_worker.mjs";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const message = (data, more = {}) =>
  JSON.stringify({ web_push: 8030, notification: { title: "T", navigate: "https://site.example/a", ...more, data } });

async function started(options) {
  const browser = await new SimulatedBrowser({ config: {}, speed: 10_000, ...options }).start();
  browser.requests.length = 0;
  browser.pauses.length = 0;
  return browser;
}
const events = (browser) => browser.requests.map(({ method, url, body }) => [method, url, body]);
const told = (event, more = {}) => ["POST", "/api/events", { id: ID, event, ...more }];

for (const kind of ["chromium", "firefox"]) {
  test(`${kind}: what was shown is told, with keepalive`, async () => {
    const browser = await started({ kind });

    await browser.push(message({ id: ID, report: true }));

    assert.deepEqual(events(browser), [told("shown")]);
    assert.equal(browser.requests[0].keepalive, true);
  });
}

test("browsers tell it at moments spread over 25 seconds", async () => {
  const browser = await started();
  for (let i = 0; i < 40; i += 1) await browser.push(message({ id: `m${i}`, report: true }));

  const jitters = browser.pauses.filter((pause) => pause !== 2000);

  assert.equal(jitters.length, 40);
  assert.ok(jitters.every((pause) => pause >= 0 && pause <= 25_000), `${jitters}`);
  assert.ok(Math.max(...jitters) - Math.min(...jitters) > 5000, `${jitters}`);
});

test("the notification is there before anything is told or waited for", async () => {
  const browser = await started();
  const before = [];
  const show = browser.screen.show.bind(browser.screen);
  browser.screen.show = (...words) => {
    before.push(...browser.requests, ...browser.pauses.filter((pause) => pause !== 2000));
    return show(...words);
  };

  await browser.push(message({ id: ID, report: true }));

  assert.deepEqual([before, browser.requests.length], [[], 1]);
});

test("safari tells nothing when it shows, its time is short", async () => {
  const browser = await started({ kind: "safari" });

  await browser.push(message({ id: ID, report: true }));

  assert.deepEqual(events(browser), []);
});

test("a repeat is not counted twice", async () => {
  const browser = await started();
  await browser.push(message({ id: ID, report: true }));

  await browser.push(message({ id: ID, report: true }));

  assert.deepEqual(events(browser), [told("shown")]);
});

for (const kind of ["chromium", "firefox", "safari"]) {
  test(`${kind}: a click is told after the page has opened`, async () => {
    const browser = await started({ kind });
    const [shown] = await browser.push(message({ id: ID, report: true }));
    browser.requests.length = 0;

    await browser.click(shown);

    assert.deepEqual(browser.opened, ["https://site.example/a"]);
    assert.deepEqual(events(browser), [told("clicked")]);
  });
}

test("a click on a button says on which", async () => {
  const actions = [{ action: "0", title: "Read", navigate: "https://site.example/r" }, { action: "1", title: "Map", navigate: "https://site.example/m" }];
  const browser = await started();
  const [shown] = await browser.push(message({ id: ID, report: true }, { actions }));
  browser.requests.length = 0;

  await browser.click(shown, "1");

  assert.deepEqual(events(browser), [told("clicked", { action: "1" })]);
});

test("a click whose page does not open is told all the same", async () => {
  const browser = await started();
  const [shown] = await browser.push(message({ id: ID, report: true }));
  browser.requests.length = 0;
  browser.openFails = true;

  await browser.click(shown);

  assert.deepEqual([events(browser), browser.failures.length], [[told("clicked")], 1]);
});

test("a notification that is swept away is told", async () => {
  const browser = await started();
  const [shown] = await browser.push(message({ id: ID, report: true }));
  browser.requests.length = 0;

  await browser.dismiss(shown);

  assert.deepEqual(events(browser), [told("closed")]);
});

const UNWANTED = { "no word of it": { id: ID }, "report: false": { id: ID, report: false }, "report: 1": { id: ID, report: 1 },
  "report without an id": { report: true }, "an id of no form": { id: "a b", report: true }, "data that is text": "report" };
for (const [what, data] of Object.entries(UNWANTED)) {
  test(`nothing is told with ${what}`, async () => {
    const browser = await started();

    const [shown] = await browser.push(message(data));
    await browser.click(shown);
    await browser.dismiss(shown);

    assert.deepEqual([events(browser), browser.failures], [[], []]);
  });
}

test("a server that is away costs nothing", async () => {
  const browser = await started({ config: null });

  const [shown] = await browser.push(message({ id: ID, report: true }));
  await browser.click(shown);
  await browser.dismiss(shown);

  assert.deepEqual([browser.failures, browser.opened], [[], ["https://site.example/a"]]);
});
