// www/admin/message.js: the form as a message, and back.
import assert from "node:assert/strict";
import { test } from "node:test";

import { loadModule } from "./shims/load_module.mjs";

const { EMPTY, expressionOf, fromMessage, gist, isEmpty, moment, same, tidied, toMessage } = await loadModule("admin/message.js");
const NOW = 1_800_000_000;
const local = (at) => {
  const time = new Date(at * 1000 - new Date(at * 1000).getTimezoneOffset() * 60_000);
  return time.toISOString().slice(0, 16);
};
const form = (values) => ({ ...EMPTY, title: "Bridge", ...values });

test("what is empty or usual is left out, but for the time to live", () => {
  const { message, problems } = toMessage(form({ body: "  Open ", url: " " }), NOW);

  assert.deepEqual([message, problems], [{ title: "Bridge", body: "Open", ttl: 86400 }, []]);
});

test("every field has its member", () => {
  const { message, problems } = toMessage(form({ url: "/b", image: "/i.png", icon: "/c.png", badge: "/d.png", button1: "Read", button1_url: "/r", button2: "Later", ttl: "0",
    urgency: "high", replace: "score", lang: "de", dir: "ltr", require_interaction: true, silent: true, renotify: true, to: "topics", topics: ["news"] }), NOW);

  assert.deepEqual(problems, []);
  assert.deepEqual(message, { title: "Bridge", url: "/b", image: "/i.png", icon: "/c.png", badge: "/d.png", urgency: "high", replace: "score", lang: "de", dir: "ltr",
    require_interaction: true, silent: true, renotify: true, actions: [{ title: "Read", url: "/r" }, { title: "Later" }], ttl: 0, audience: "news" });
});

test("a moment is by this browser's clock, and the time to live counts from when it goes out", () => {
  const at = NOW - (NOW % 60) + 3600;
  const { message, problems } = toMessage(form({ when: "later", at: local(at), ttl: "until", until: local(at + 7200) }), NOW);

  assert.deepEqual(problems, []);
  assert.equal(message.send_at, at);
  assert.equal(message.ttl, 7200);
});

const MENDS = [
  [{ title: " " }, "title"], [{ button2_url: "/x" }, "button2"], [{ renotify: true }, "replace"], [{ to: "topics" }, "to"], [{ to: "segment" }, "segment"],
  [{ to: "text", expression: " " }, "expression"], [{ when: "later" }, "at"], [{ when: "later", at: local(NOW - 60) }, "at"], [{ when: "later", at: local(NOW + 400 * 86400) }, "at"],
  [{ ttl: "until" }, "until"], [{ ttl: "until", until: local(NOW - 60) }, "until"],
];
for (const [values, field] of MENDS) {
  test(`${JSON.stringify(values)} is to be mended at ${field}`, () => {
    assert.deepEqual(toMessage(form(values), NOW).problems.map((one) => one.field), [field]);
  });
}

test("an audience is an expression", () => {
  const cases = [
    [{}, ""],
    [{ only_lang: "de", only_seen: "30d" }, "lang:de && seen:30d"],
    [{ to: "topics", topics: ["news", "sport"] }, "news || sport"],
    [{ to: "topics", topics: ["news", "sport"], only_service: "fcm" }, "(news || sport) && service:fcm"],
    [{ to: "topics", topics: ["news"], only_service: "fcm" }, "news && service:fcm"],
    [{ to: "segment", segment: "locals", topics: ["news", "sport"], only_lang: "de" }, "segment:locals && lang:de"],
    [{ to: "text", expression: " a && !b ", only_lang: "de" }, "a && !b"],
    [{ to: "all", expression: "a", topics: ["news"], segment: "x" }, ""],
  ];
  for (const [values, expression] of cases) assert.equal(expressionOf(form(values)), expression);
});

test("a message that was sent fills the form, to be sent now", () => {
  const written = form({ body: "Open", button1: "Read", button1_url: "/r", ttl: "3600", silent: true, to: "topics", topics: ["news", "town"] });

  const { message } = toMessage(written, NOW);

  assert.deepEqual(fromMessage({ ...message, send_at: NOW }, message.audience, ["news", "town"]), written);
  assert.equal(fromMessage(message, "a && b").expression, "a && b");
  assert.deepEqual(fromMessage(message, "segment:locals").segment, "locals");
  assert.equal(fromMessage({ title: "x", ttl: 77 }, "").ttl, "86400");
});

test("two messages are the same to a reader whatever their time, audience and order of members", () => {
  assert.equal(gist({ title: "a", body: "b", send_at: 1, ttl: 2, audience: "x" }), gist({ body: "b", title: "a", url: "" }));
  assert.notEqual(gist({ title: "a", body: "b" }), gist({ title: "a", body: "c" }));
});

test("rubbish is an empty form", () => {
  for (const kept of [null, 7, {}, { title: 5, topics: "x", silent: "yes", evil: 1 }]) assert.deepEqual(tidied(kept), { ...EMPTY });
  assert.deepEqual(tidied({ topics: ["a", 3] }).topics, ["a"]);
  assert.ok(isEmpty(tidied(null)));
  assert.ok(!isEmpty(form({})));
  assert.ok(same({}, EMPTY));
  assert.ok(Number.isNaN(moment("")));
});
