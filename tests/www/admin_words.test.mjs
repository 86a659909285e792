// What a campaign's page says: words.js, story.js, pace.js, meanings.js.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { COUNTS, rest } = await loadModule("admin/words.js");
const { actionsOf, figuresOf, storyOf } = await loadModule("admin/story.js");
const { pace, spanWords } = await loadModule("admin/pace.js");
const { meaningOf, reasonsOf } = await loadModule("admin/meanings.js");
const { known } = await loadModule("admin/campaign_parts.js");

test("the seven words of the product are there", () => {
  assert.deepEqual(COUNTS.map(([name]) => name), ["accepted", "gone", "failed", "expired", "unsure", "skipped", "waiting"]);
});

test("no page and no script of the desk says delivered", () => {
  const root = new URL("../../www/admin/", import.meta.url);
  const files = readdirSync(root).filter((name) => /\.(html|js)$/.test(name));

  assert.ok(files.length > 20);
  for (const name of files) assert.doesNotMatch(readFileSync(new URL(name, root), "utf8"), /delivered/i, name);
});

test("a push service that rests is named with its own words, and only while it rests", () => {
  const service = { service: "push.example", resting_until: 1_800_000_060, resting_because: "429 slow down" };

  assert.match(rest(service, 1_800_000_000), /^push\.example: asked again at .*\d\d.*, since it said: 429 slow down$/);
  assert.equal(rest(service, 1_800_000_060), null);
  assert.equal(rest({ service: "push.example" }, 0), null);
});

test("each state has its story", () => {
  const counts = { audience: 1200, accepted: 1100, waiting: 100 };
  const story = (state, more, moving) => storyOf({ state, counts, ...more }, moving);

  assert.deepEqual(story("finished"), { heading: "Sent", lead: "1,100 of 1,200 accepted by the push services." });
  assert.match(story("finished", { counts: { audience: 0 } }).heading, /Nobody/);
  assert.match(story("paused", { reason: "401 from fcm" }).lead, /100 wait until you go on\. Reason: 401 from fcm\./);
  assert.equal(story("cancelled").heading, "Stopped");
  assert.match(story("cancelled", { counts: { audience: 9, skipped: 9 } }).lead, /Nothing went out/);
  assert.match(story("expired").lead, /its time was over/);
  assert.match(story("scheduled", { send_at: 1_800_000_000 }).lead, /2027/);
  assert.doesNotMatch(story("sending").lead, /tried again/);
  assert.match(story("interrupted", {}, false).lead, /100 will be tried again\. It goes on by itself/);
});

test("what can be done fits the state, and what can't be undone is asked", () => {
  const names = (state, counts = {}) => actionsOf({ state, counts }).map(({ action, body }) => `${action}${body?.unsure ? " unsure" : ""}`);

  assert.deepEqual(names("scheduled"), ["cancel"]);
  assert.deepEqual(names("sending", { waiting: 3 }), ["pause", "cancel"]);
  assert.deepEqual(names("paused"), ["resume", "cancel"]);
  assert.deepEqual(names("finished", { failed: 0 }), []);
  assert.deepEqual(names("finished", { failed: 2, unsure: 1 }), ["retry", "retry unsure"]);
  for (const state of ["cancelled", "expired"]) assert.deepEqual(names(state, { failed: 2, unsure: 1 }), []);
  for (const one of [...actionsOf({ state: "sending" }), ...actionsOf({ state: "finished", counts: { unsure: 1 } })]) {
    assert.equal(Boolean(one.ask), one.action === "cancel" || Boolean(one.body?.unsure), one.words);
  }
});

test("the figures tell how far, how fast and how long still", () => {
  assert.equal(figuresOf({ counts: { audience: 3788, waiting: 1868 } }, 182.4, 10.3), "1,920 of 3,788 · 182 a second · about 10 s left");
  assert.equal(figuresOf({ counts: { audience: 10, waiting: 10 } }, 0, null), "0 of 10");
  assert.match(figuresOf({ counts: {} }, 0, null), /list of devices/);
});

test("the rate is of the last seconds, and begins anew when it is tried again", () => {
  const speed = pace();
  speed.note(0, 0);
  assert.deepEqual([speed.rate(), speed.left(100)], [0, null]);
  speed.note(10, 1000);
  assert.deepEqual([speed.rate(), speed.left(500)], [100, 5]);
  speed.note(40, 1000);
  speed.note(50, 1000);
  assert.equal(speed.rate(), 0);
  speed.note(51, 700);
  speed.note(52, 750);
  assert.equal(speed.rate(), 50);
});

test("spans are rough", () => {
  assert.deepEqual([1, 11, 54, 100, 3400, 9000].map(spanWords), ["about 1 s", "about 10 s", "about 55 s", "about 2 min", "about 1 h", "about 3 h"]);
});

const REASONS = [
  ["403 BadJwtToken", /vapid_subject/], ["400 VapidPkHashMismatch", /another key/], ["401 Unauthorized", /key or signature/], ["429 TooManyRequests", /Too many/],
  ["429", /Too many/], ["406", /Windows/], ["413 PayloadTooLarge", /too large/], ["410 Gone", /has ended/], ["404", /has ended/], ["503", /trouble of its own/],
  ["400 BadWebPushTopic", /malformed/], ["timed out without an answer", /no answer came/], ["the connection ended before an answer", /no answer came/],
  ["timed out before it was sent", /could not be reached/], ["could not connect", /could not be reached/], ["418 teapot", /does not know/],
  ["403 the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions", /does not take this site’s key/],
];
for (const [reason, meaning] of REASONS) {
  test(`"${reason}" has a meaning and a remedy`, () => {
    const found = meaningOf(reason);

    assert.match(found.meaning, meaning);
    assert.ok(found.remedy.length > 10);
  });
}

test("trouble stands before what is all right, a service that rests first", () => {
  const services = [
    { service: "a", reasons: { "410": 500, "413": 2 } },
    { service: "b", reasons: { "403 BadJwtToken": 7 }, resting_until: 100, resting_because: "403 BadJwtToken" },
    { service: "c", resting_until: 100, resting_because: "429" },
    { service: "d", resting_until: 10, resting_because: "503" },
  ];

  const list = reasonsOf(services, 50).map(({ service, reason, count, resting }) => [service, reason, count, resting]);

  assert.deepEqual(list, [["b", "403 BadJwtToken", 7, 100], ["c", "429", 0, 100], ["a", "413", 2, null], ["a", "410", 500, null]]);
});

test("push services have the names that people know", () => {
  assert.match(known("fcm.googleapis.com"), /Google/);
  assert.match(known("wns2-par02p.notify.windows.com"), /Microsoft/);
  assert.match(known("web.push.apple.com"), /Apple/);
  assert.match(known("mozilla"), /Mozilla/);
  assert.equal(known("localhost:9443"), "localhost:9443");
});
