// The judges of ./dev crash: what they must not let pass.

import assert from "node:assert/strict";
import { test } from "node:test";
import { kept, show, ways } from "./browsers.mjs";

const copy = (id, topic) => ({
  payload: JSON.stringify({ web_push: 8030, notification: { title: "T", navigate: "https://site.example/", data: { id } } }),
  headers: { topic },
});
const ofAll = (n) => Object.fromEntries(ways.map((way) => [way, n]));

test("copies of one message are shown once by each kind of browser", async () => {
  assert.deepEqual(await show([[copy("one")], [copy("one"), copy("one")], [copy("one"), copy("one"), copy("one")]]),
    { browsers: 3 * ways.length, wrong: ofAll(0) });
});

test("a second message in place of a copy is found by each kind of browser", async () => {
  const { wrong } = await show([[copy("one"), copy("two")]]);

  assert.deepEqual(wrong, ofAll(1));
});

test("a browser that shows nothing is found", async () => {
  const nothing = { payload: JSON.stringify({ notification: { title: "T", silent: true, data: { id: "one" } } }), headers: {} };

  assert.deepEqual((await show([[nothing]])).wrong, ofAll(1));
});

test("of those who got the same some are looked at", async () => {
  const { browsers } = await show(Array.from({ length: 1000 }, () => [copy("one")]));

  assert.equal(browsers, 20 * ways.length);
});

test("the push service keeps of a topic the newest for who is offline, and all without a topic", () => {
  const [a, b, c, d] = [copy("a", "x"), copy("b"), copy("c", "x"), copy("d")];

  assert.deepEqual(kept([a, b, c, d]), [b, c, d]);
});
