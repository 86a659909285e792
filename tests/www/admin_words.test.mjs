// www/admin/outcome.js and words.js: what the editor is told.
import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { outcome } = await loadModule("admin/outcome.js");
const { COUNTS, isUnderWay, progress, rest, story } = await loadModule("admin/words.js");
const FIELDS = ["title", "body", "url"];
const error = (status, code, field, message = "") => ({ status, code, field, message, explained: message !== "" });

test("a refusal that names a field stands at that field", () => {
  const { field, words } = outcome(error(400, "bad_url", "url", "must be a path"), FIELDS);

  assert.deepEqual([field, words], ["url", "Must be a path."]);
});

test("a refusal of something that is no field is said for the form, by its name", () => {
  const { field, words } = outcome(error(400, "bad_message", "message", "is 12 bytes too long"), FIELDS);

  assert.deepEqual([field, words], ["", "Message: is 12 bytes too long."]);
});

test("an ended sign-in keeps the text and shows the way", () => {
  const { words, signIn, settled } = outcome(error(401, "unauthorized", "", "no"), FIELDS);

  assert.deepEqual([signIn, settled], [true, false]);
  assert.match(words, /text is kept/);
});

test("only a key that another text holds is given up", () => {
  assert.equal(outcome(error(422, "key_reused", "", "used"), FIELDS).settled, true);
  for (const [status, code] of [[0, ""], [400, "bad_title"], [409, "duplicate"], [502, ""], [503, "unavailable"]]) {
    assert.equal(outcome(error(status, code, "", "x"), FIELDS).settled, false, `${status}`);
  }
});

test("after a silence the editor learns that sending again is safe", () => {
  for (const status of [0, 502, 503, 504]) {
    assert.match(outcome(error(status, "", ""), FIELDS).words, /never goes out twice/);
  }
});

test("our own mistake is told to the console and in plain words to the editor", (t) => {
  const logged = t.mock.method(console, "error", () => {});

  const { words } = outcome(new TypeError("x is undefined"), FIELDS);

  assert.equal(logged.mock.callCount(), 1);
  assert.doesNotMatch(words, /undefined/);
});

test("the seven words of the product are there, and none of them is delivered", () => {
  assert.deepEqual(COUNTS.map(([name]) => name), ["accepted", "gone", "failed", "expired", "unsure", "skipped", "waiting"]);
  assert.doesNotMatch(JSON.stringify(COUNTS), /delivered/i);
});

test("each state has its story", () => {
  const counts = { audience: 1200, accepted: 1100 };
  assert.deepEqual(story({ state: "finished", counts }), { heading: "Sent", summary: "1,100 of 1,200 accepted by the push services." });
  assert.match(story({ state: "finished", counts: { audience: 0 } }).summary, /Nobody has subscribed/);
  assert.match(story({ state: "interrupted", counts }).heading, /Being sent/);
  assert.match(story({ state: "paused", reason: "401 from fcm", counts }).summary, /401 from fcm/);
  assert.equal(story({ state: "finished" }).heading, "Nobody to send to");
});

test("what waits is told as what it is: to be tried again, without the page", () => {
  const counts = { audience: 10, accepted: 8, waiting: 2 };
  const { heading, summary } = story({ state: "interrupted", counts });

  assert.equal(heading, "Being sent");
  assert.equal(summary, "8 of 10 accepted by the push services. 2 will be tried again. It goes on by itself, also when this page is closed.");
});

test("progress tells how far it is and how fast, and where nothing moves that it will be tried again", () => {
  assert.equal(progress({}), "Sending …");
  assert.equal(progress({ counts: { audience: 0, waiting: 0 } }), "Sending …");
  assert.equal(progress({ counts: { audience: 3788, waiting: 1868 }, rate: 1182 }), "Sending: 1,920 of 3,788, 1,182 a second");
  assert.equal(progress({ counts: { audience: 10, waiting: 10 }, rate: 0 }), "Sending: 0 of 10");
  assert.equal(progress({ counts: { audience: 10, waiting: 1 }, rate: 0 }), "Sending: 9 of 10. 1 will be tried again. It goes on by itself, also when this page is closed.");
});

test("a push service that rests is named with its own words, and only while it rests", () => {
  const service = { service: "push.example", resting_until: 1_800_000_060, resting_because: "429 slow down" };

  assert.match(rest(service, 1_800_000_000), /^push\.example: asked again at .*\d\d.*, since it said: 429 slow down$/);
  assert.equal(rest(service, 1_800_000_060), null);
  assert.equal(rest({ service: "push.example" }, 0), null);
});

test("a campaign is under way until somebody has said the last word", () => {
  for (const state of ["preparing", "sending", "interrupted"]) assert.ok(isUnderWay({ state }), state);
  for (const state of ["draft", "scheduled", "paused", "finished", "cancelled", "expired"]) assert.ok(!isUnderWay({ state }), state);
});
