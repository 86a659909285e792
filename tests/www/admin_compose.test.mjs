// The small parts of Compose: what is shown, warned of, counted, and asked while somebody types.
import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { PLATFORMS, cut, shownOn } = await loadModule("admin/platforms.js");
const { joined, warningsOf } = await loadModule("admin/warnings.js");
const { latest } = await loadModule("admin/latest.js");
const { confirmWords, isNumber, reachWords, sizeWords } = await loadModule("admin/reach.js");
const { fitted, shapeWords } = await loadModule("admin/picture.js");
const { testWords } = await loadModule("admin/own_device.js");
const { outcome } = await loadModule("admin/outcome.js");
const { scheduleWords } = await loadModule("admin/when.js");
const NOW = 1_800_000_000;
const platform = (id) => PLATFORMS.find((one) => one.id === id);
const FULL = { title: "t", body: "b", image: "/i", icon: "/c", badge: "/d", actions: [{ title: "Read" }], replace: "score", renotify: true, require_interaction: true };

test("each system says what it drops, and only of what the message has", () => {
  const dropped = (id, message = FULL) => Object.keys(shownOn(platform(id), message).dropped).sort().join(" ");

  assert.equal(dropped("windows"), "badge");
  assert.equal(dropped("macos"), "badge image");
  assert.equal(dropped("android"), "require_interaction");
  assert.equal(dropped("firefox"), "actions badge image renotify require_interaction");
  assert.equal(dropped("safari"), "actions badge icon image renotify replace require_interaction");
  assert.equal(dropped("iphone"), dropped("safari"));
  for (const { id } of PLATFORMS) assert.equal(dropped(id, { title: "t", actions: [] }), "");
});

test("text is cut by letters as a person counts them", () => {
  assert.equal(cut("ab 🌫🌫🌫", 5), "ab 🌫…");
  assert.equal(cut("short", 5), "short");
  assert.equal(shownOn(platform("iphone"), { title: "x".repeat(100), body: "" }).isCut, true);
  assert.equal(shownOn(platform("iphone"), { title: "x" }).isCut, false);
});

test("warnings are for what may be a slip", () => {
  const codes = (message, campaigns = []) => warningsOf({ url: "/x", body: "b", ...message }, campaigns, NOW).map(({ code }) => code);

  assert.deepEqual(codes({ title: "Bridge open" }), []);
  assert.deepEqual(codes({ title: "BRIDGE OPEN" }), ["shouting"]);
  assert.deepEqual(codes({ title: "FC 2:1" }), []);
  assert.deepEqual(codes({ title: "الجسر مفتوح الآن" }), []);
  assert.deepEqual(codes({ title: "Really?!!" }), ["shouting"]);
  assert.deepEqual(codes({ title: "Bridge", url: undefined, body: undefined }), ["no_link", "no_body"]);
  assert.deepEqual(codes({ title: "a", urgency: "high", ttl: 0 }), ["urgent", "fleeting"]);
  assert.deepEqual(codes({}), []);
});

test("a title that went out within a day is warned of, with who sent it", () => {
  const sent = (changes) => [{ state: "finished", owner: "ana", created_at: NOW - 7200, message: { title: "Bridge" }, ...changes }];
  const repeated = (changes) => warningsOf({ title: "Bridge", url: "/", body: "b" }, sent(changes), NOW);

  assert.match(repeated({})[0].message, /^ana sent a message with this title 2 hours ago\.$/);
  assert.deepEqual(repeated({ state: "cancelled" }), []);
  assert.deepEqual(repeated({ created_at: NOW - 90_000 }), []);
});

test("the server's warnings come after the page's, without what is said already", () => {
  assert.deepEqual(joined([{ code: "a", message: "own" }], [{ code: "a", message: "server" }, { code: "b" }, { code: "too_long" }]), [{ code: "a", message: "own" }, { code: "b" }]);
});

test("only the last answer counts, and only a pause in typing asks", async () => {
  const answers = new Map();
  const told = [];
  const aborted = [];
  const asking = latest((question, signal) => new Promise((done) => {
    answers.set(question, done);
    signal.addEventListener("abort", () => aborted.push(question));
  }), ({ answer }) => told.push(answer), 5);

  asking.soon("t");
  asking.soon("ti");
  await new Promise((go) => { setTimeout(go, 20); });
  assert.deepEqual([...answers.keys()], ["ti"]);
  const now = asking.now("tit");
  answers.get("tit")("new");
  answers.get("ti")("old");

  assert.equal(await now, "new");
  assert.deepEqual([told, aborted], [["new"], ["ti"]]);
});

test("a failure is told once, and an old one not at all", async () => {
  const told = [];
  let fail;
  const asking = latest((question) => (question === 1 ? new Promise((_, refuse) => { fail = refuse; }) : Promise.reject(new Error("new"))), ({ error }) => told.push(error.message));

  const first = asking.now(1);
  assert.equal(await asking.now(2), null);
  fail(new Error("old"));

  assert.equal(await first, null);
  assert.deepEqual(told, ["new"]);
});

test("who would get it is said in devices, by browser", () => {
  assert.equal(reachWords({ count: 2, services: [{ service: "fcm", count: 2 }, { service: "apple", count: 0 }] }), "2 devices: Chrome and Android (Google) 2.");
  assert.equal(reachWords({ count: 0 }), "Nobody fits this.");
  assert.match(reachWords({ count: 0, paused: 3 }), /3 devices fit but rest/);
  assert.match(reachWords({ count: 1, paused: 3 }), /^1 device\. 3 more rest/);
});

test("the size is told by three kinds", () => {
  assert.equal(sizeWords({ bytes: 1128, limit: 3993 }).words, "1,128 of 3,993 bytes: every push service takes it.");
  assert.equal(sizeWords({ bytes: 2801, limit: 3993 }).fit, "most");
  assert.match(sizeWords({ bytes: 4000, limit: 3993 }).words, /7 too many/);
});

test("above ten thousand the number is to be typed, in any grouping", () => {
  assert.equal(confirmWords({ count: 10_000, title: "t", at: "" }).number, "");
  const { number, yes, title } = confirmWords({ count: 20_301, title: "t", at: "" });
  assert.deepEqual([number, yes, title], ["20301", "Send to 20,301 devices", "Send to 20,301 devices now?"]);
  for (const typed of ["20301", "20,301", "20.301", "20 301 ", "20’301"]) assert.ok(isNumber(typed, number), typed);
  for (const typed of ["", "2030", "203010", "yes"]) assert.ok(!isNumber(typed, number), typed);
  assert.match(confirmWords({ count: 1, title: "t", at: "tomorrow" }).title, /^Schedule for 1 device\?$/);
});

test("pictures keep their shape and never grow", () => {
  assert.deepEqual(fitted({ width: 4000, height: 2000 }, { width: 1440, height: 1440 }), { width: 1440, height: 720 });
  assert.deepEqual(fitted({ width: 100, height: 50 }, { width: 1440, height: 1440 }), { width: 100, height: 50 });
  assert.deepEqual(fitted({ width: 5000, height: 1 }, { width: 96, height: 96 }), { width: 96, height: 1 });
  assert.equal(shapeWords("image", { width: 1440, height: 720 }), "");
  assert.match(shapeWords("image", { width: 1000, height: 1000 }), /crop/);
  assert.match(shapeWords("image", { width: 400, height: 200 }), /blurred/);
  assert.match(shapeWords("icon", { width: 256, height: 200 }), /square/);
  assert.equal(shapeWords("icon", { width: 256, height: 256 }), "");
});

test("a test's outcome is told with the push service's own words", () => {
  assert.equal(testWords({ outcome: "accepted", reason: "201 Created", service: "fcm" }), "Taken by the push service. It should appear in a moment (fcm: 201 Created).");
  assert.match(testWords({ outcome: "denied", reason: "403 BadJwtToken" }), /Doctor.*403 BadJwtToken/);
  assert.doesNotMatch(testWords({ outcome: "accepted" }), /delivered/);
});

const error = (status, code, field, message = "") => ({ status, code, field, message, explained: message !== "" });

test("a refusal that names a member stands at its field", () => {
  assert.deepEqual(outcome(error(400, "bad_url", "url", "must be a path")), { field: "url", words: "Must be a path." });
  assert.equal(outcome(error(400, "bad_actions", "actions[1].url", "must be a path")).field, "button2_url");
  assert.equal(outcome(error(400, "bad_audience", "audience", "at 3")).field, "expression");
  assert.equal(outcome(error(400, "bad_message", "message", "is 12 bytes too long")).words, "The message is 12 bytes too long.");
});

test("after a silence the editor learns that sending again is safe", () => {
  for (const status of [0, 401, 502, 503, 504]) assert.match(outcome(error(status, "", "")).words, /never goes out twice/);
});

test("our own mistake is told to the console and in plain words to the editor", (t) => {
  const logged = t.mock.method(console, "error", () => {});

  const { words } = outcome(new TypeError("x is undefined"));

  assert.equal(logged.mock.callCount(), 1);
  assert.doesNotMatch(words, /undefined/);
});

test("a moment is told in this browser's zone, by name, and in UTC", () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const words = scheduleWords("2026-11-25T08:00");

  assert.ok(words.includes(timeZone));
  assert.match(words, /which is Nov 2[45], 2026, \d\d:00 UTC|which is .*UTC/);
  assert.match(scheduleWords(""), /clock of this browser/);
});
