// The desk's lists: CSV, columns and order of the history, one subscriber in words, times.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModule } from "./shims/load_module.mjs";

const { csvOf } = await loadModule("admin/csv.js");
const { COLUMNS, audienceOf, clickRate, sorted, stateOf, titleOf } = await loadModule("admin/campaign_words.js");
const { facts, stateWords, testWords, where } = await loadModule("admin/subscriber_words.js");
const { relativeTime } = await loadModule("admin/times.js");
const { atField, trouble } = await loadModule("admin/trouble.js");
const { ApiError } = await loadModule("admin/api.js");

test("CSV quotes what needs it, and nothing is a formula", () => {
  const rows = [["Title", "n"], ['say "hi", you', 3], ["=HYPERLINK(1)", -2], ["+1", 0], ["-1", 0], ["@x", 0], ["\tx", 0], ["two\nlines", null]];

  assert.equal(csvOf(rows), 'Title,n\r\n"say ""hi"", you",3\r\n\'=HYPERLINK(1),-2\r\n\'+1,0\r\n\'-1,0\r\n\'@x,0\r\n\'\tx,0\r\n"two\nlines",\r\n');
});

const campaign = (id, more) => ({ id, state: "finished", message: { title: `Title ${id}` }, started_at: id, counts: { accepted: 0 }, clicks: 0, ...more });

test("the history is sorted by any column, equals as they came", () => {
  const list = [campaign(3, { counts: { accepted: 10 }, clicks: 1 }), campaign(2, { counts: { accepted: 2 }, clicks: 1 }), campaign(1)];
  const ids = (name, descending) => sorted(list, name, descending).map(({ id }) => id);

  assert.deepEqual(ids("time", false), [1, 2, 3]);
  assert.deepEqual(ids("accepted", true), [3, 2, 1]);
  assert.deepEqual(ids("clicks", true), [3, 2, 1]);
  assert.deepEqual(ids("rate", true), [2, 3, 1]);
  assert.deepEqual(ids("title", true), [3, 2, 1]);
  assert.deepEqual(ids("state", true), [3, 2, 1]);
  assert.deepEqual(list.map(({ id }) => id), [3, 2, 1]);
});

test("every column stands in CSV", () => {
  const one = campaign(1_790_000_000, { audience: "news && lang:de", counts: { accepted: 200, gone: 3, failed: 1 }, clicks: 5 });

  assert.deepEqual(COLUMNS.map(({ csv }) => csv(one)), [new Date(1_790_000_000_000).toISOString(), "Title 1790000000", "news && lang:de", 200, 3, 1, 5, "2.5\u00a0%", "Sent"]);
});

test("a campaign without title, audience or clicks has words for it", () => {
  assert.equal(titleOf({ message: null }), "(no title)");
  assert.equal(audienceOf(campaign(1)), "Everybody");
  assert.equal(audienceOf(campaign(1, { message: { audience: "news" } })), "news");
  assert.equal(clickRate(campaign(1)), "–");
  assert.deepEqual(stateOf({ state: "interrupted" }), stateOf({ state: "sending" }));
  assert.equal(stateOf({ state: "new-in-2027" }).words, "new-in-2027");
});

const NOW = 1_790_000_000;
const subscriber = { id: 7, service: "fcm", host: "fcm.googleapis.com", endpoint_tail: "a1B2c3", language: "", timezone: "", created_at: NOW - 90, seen_at: null, gone_at: null, paused_until: null, quiet_hours: null, topics: [], user: "" };

test("a subscriber is gone, paused or active, and a pause that is over counts no more", () => {
  assert.equal(stateWords(subscriber, NOW).words, "Active");
  assert.equal(stateWords({ ...subscriber, paused_until: NOW + 1 }, NOW).words, "Paused");
  assert.equal(stateWords({ ...subscriber, paused_until: NOW }, NOW).words, "Active");
  assert.equal(stateWords({ ...subscriber, gone_at: NOW, paused_until: NOW + 1 }, NOW).words, "Gone");
});

test("of an endpoint only the host and its end are shown", () => {
  assert.equal(where(subscriber), "fcm.googleapis.com …a1B2c3");
});

test("what is not known of a subscriber has words", () => {
  const known = Object.fromEntries(facts(subscriber));

  assert.deepEqual([known.Language, known["Time zone"], known["Quiet hours"], known.Topics, known.User, known["Last seen"]], ["Not known", "Not known", "None", "None chosen", "Not identified", "–"]);
  assert.equal(Object.fromEntries(facts({ ...subscriber, quiet_hours: { from: "22:00", to: "07:00" } }))["Quiet hours"], "22:00 to 07:00");
});

test("a test's outcome says what the push service said", () => {
  assert.equal(testWords({ outcome: "denied", reason: "403 BadJwtToken", service: "web.push.apple.com" }), "The push service refuses this site’s key. web.push.apple.com said: 403 BadJwtToken");
});

test("times are told by their distance", () => {
  const told = [-10, -100, -7200, 86_400 * 2, -86_400 * 50, -86_400 * 800].map((distance) => relativeTime(NOW + distance, NOW));

  assert.deepEqual(told, ["just now", "2 minutes ago", "2 hours ago", "in 2 days", "2 months ago", "2 years ago"]);
});

test("beside its field a refusal leaves the field's name out", () => {
  assert.equal(atField(new ApiError(400, { field: "topics[0].name", message: "topics[0].name must be 1 to 32 small letters" })), "Must be 1 to 32 small letters.");
  assert.equal(atField(new ApiError(400, { field: "topics[1].name", message: "topics[1].name is given twice" })), "Is given twice.");
});

test("trouble is told in words, and asking again is offered where it helps", () => {
  const told = (status, error) => trouble(new ApiError(status, error));

  assert.deepEqual(told(0), { words: "The server can’t be reached. Are you offline?", again: true });
  assert.deepEqual(told(401), { words: "You are no longer signed in.", again: true });
  assert.match(told(503, { message: "the database is away" }).words, /busy or its database is away/);
  assert.match(told(200).words, /broke off/);
  assert.deepEqual(told(400, { field: "q", message: "q must be at most 100 bytes" }), { words: "Q must be at most 100 bytes.", again: false });
  assert.match(told(502).words, /answered 502 without a reason/);
});
