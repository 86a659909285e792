// www/push/engagement.js: when the banner may ask.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { denied, dismissed, engaged, resting } = await loadModule("push/engagement.js");
const DAY = 24 * 3600 * 1000;

let stored;
let page;
beforeEach(() => {
  stored = new Map();
  page = { dialogs: [], visibility: "visible", path: "/news", listeners: {}, height: 2000 };
  Object.assign(globalThis, {
    localStorage: { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) },
    location: { pathname: page.path },
    scrollY: 0,
    addEventListener: (type, listener) => (page.listeners[type] = listener),
    removeEventListener: (type) => delete page.listeners[type],
    document: {
      get visibilityState() { return page.visibility; },
      documentElement: { get scrollHeight() { return page.height; }, clientHeight: 1000 },
      querySelectorAll: (selector) => page.dialogs.filter((one) => selector.includes(one.selector)),
    },
  });
});

const dialog = (selector) => ({ selector, getClientRects: () => [1], closest: () => null });
const within = (promise, milliseconds) => Promise.race([promise, new Promise((done) => setTimeout(done, milliseconds, "waiting"))]);
const NEVER = { afterViews: "off", afterSeconds: "off", afterScroll: "off" };

test("a denied path and what lies below it, nothing that merely begins like it", () => {
  for (const path of ["/checkout", "/checkout/pay", "/account/5", "/account-old"]) assert.equal(denied(path, "/checkout, /account*"), true, path);
  for (const path of ["/", "/checkouts", "/my/checkout"]) assert.equal(denied(path, "/checkout /account*"), false, path);
  assert.equal(denied("/anything", undefined), false);
});

test("a not now holds for 3, then 7, then 30 days, and the fourth for ever", () => {
  const now = Date.now();
  for (const days of [3, 7, 30]) {
    dismissed();
    assert.equal(resting(now + (days - 0.01) * DAY), true, `${days} days`);
    assert.equal(resting(now + (days + 0.01) * DAY), false, `${days} days`);
  }
  dismissed();
  assert.equal(resting(now + 10_000 * DAY), true);
});

test("the first view shows nothing before its time, the second soon", async () => {
  assert.equal(await within(engaged(), 3000), "waiting");
  assert.equal(await within(engaged(), 3000), true);
});

test("half of the page scrolled is a sign, less is none, and a page without scrolling gives none", async () => {
  const first = engaged({ ...NEVER, afterScroll: undefined });
  globalThis.scrollY = 400;
  page.listeners.scroll();
  assert.equal(await within(first, 50), "waiting");
  globalThis.scrollY = 500;
  page.listeners.scroll();
  assert.equal(await within(first, 50), true);

  page.height = 1000;
  const short = engaged({ ...NEVER, afterScroll: undefined });
  page.listeners.scroll();
  assert.equal(await within(short, 50), "waiting");
  page.height = 2000;
  page.listeners.scroll();
  assert.equal(await within(short, 50), true);
});

test("only visible seconds count", async () => {
  page.visibility = "hidden";
  const waiting = engaged({ ...NEVER, afterSeconds: "1" });
  assert.equal(await within(waiting, 1500), "waiting");
  page.visibility = "visible";
  assert.equal(await within(waiting, 2000), true);
});

test("what is switched off gives no sign; a denied page and a resting visitor get a no", async () => {
  assert.equal(await engaged(NEVER), false);
  assert.equal(await engaged({ deny: "/news" }), false);
  dismissed();
  assert.equal(await engaged(), false);
});

test("it waits until a dialog, or what the owner names, is gone", async () => {
  page.dialogs = [dialog("[role=dialog]"), dialog("#cookies")];
  const waiting = engaged({ ...NEVER, afterSeconds: "1", waitFor: "#cookies" });
  assert.equal(await within(waiting, 1500), "waiting");
  page.dialogs.shift();
  assert.equal(await within(waiting, 1500), "waiting");
  page.dialogs.shift();
  assert.equal(await within(waiting, 1500), true);
});
