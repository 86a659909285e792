// What is refused where (PROTOCOL.md, d8): the checks that tests/live/declarative.test.mjs runs over real payloads can fail.
import assert from "node:assert/strict";
import { test } from "node:test";

import { geckoFaults, ownFaults, webkitFaults } from "./declarative.mjs";

const SCOPE = "https://site.example/push/";
const GOOD = { title: "T", navigate: "https://site.example/a" };
const write = (more, outer = {}) => JSON.stringify({ web_push: 8030, notification: { ...GOOD, ...more }, ...outer });

test("a plain message passes everywhere", () => {
  for (const faults of [webkitFaults(write()), geckoFaults(write(), SCOPE), ownFaults(write())]) assert.deepEqual(faults, []);
});

const BAD = {
  "web_push as text": [write({}, { web_push: "8030" }), true, true],
  "the number of an older draft": [write({}, { web_push: 9001 }), true, true],
  "no notification": ['{"web_push":8030}', true, true],
  "no JSON": ["hello", true, true],
  "an empty title": [write({ title: "" }), true, true],
  "a relative link": [write({ navigate: "/a" }), true, false],
  "a relative icon": [write({ icon: "/i.png" }), true, false],
  "no link": [write({ navigate: undefined }), true, true],
  "an unknown direction": [write({ dir: "sideways" }), true, false],
  "silent as text": [write({ silent: "yes" }), true, true],
  "a badge below zero": [write({ app_badge: -1 }), true, false],
  "an action without a link": [write({ actions: [{ action: "0", title: "Read" }] }), false, true],
  "an action whose link is no URL": [write({ actions: [{ action: "0", title: "Read", navigate: "http://[" }] }), false, true],
  "3994 bytes": [write({ body: "x".repeat(3994 - Buffer.byteLength(write({ body: "" }))) }), true, true],
};
for (const [what, [payload, webkit, gecko]] of Object.entries(BAD)) {
  test(`${what}: WebKit ${webkit ? "refuses" : "takes"}, Gecko ${gecko ? "refuses or drops" : "takes"}`, () => {
    assert.equal(webkitFaults(payload).length > 0, webkit, `${webkitFaults(payload)}`);
    assert.equal(geckoFaults(payload, SCOPE).length > 0, gecko, `${geckoFaults(payload, SCOPE)}`);
  });
}

test("3993 bytes are taken", () => {
  const payload = write({ body: "x".repeat(3993 - Buffer.byteLength(write({ body: "" }))) });

  assert.deepEqual([Buffer.byteLength(payload), webkitFaults(payload), geckoFaults(payload, SCOPE)], [3993, [], []]);
});

test("mutable, app_badge and links without a host are not ours", () => {
  assert.equal(ownFaults(write({ mutable: false, app_badge: 1, image: "/i.png", actions: [{ navigate: "/x" }] })).length, 4);
  assert.equal(ownFaults(write({}, { mutable: true })).length, 1);
});
