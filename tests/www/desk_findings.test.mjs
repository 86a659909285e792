// What charts say above themselves: figures in, a sentence out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModule } from "./shims/load_module.mjs";

const { attention, bestHour, byAge, byLanguage, byService, growth, outcomes, reach, share, signed } = await loadModule("admin/findings.js");

const { actionName, everyHour } = await loadModule("admin/click_chart.js");

const day = (figures) => ({ day: 0, active: 0, joined: 0, left: 0, accepted: 0, failed: 0, gone: 0, clicks: 0, ...figures });

test("growth is who joined less who left, with its sign", () => {
  assert.equal(growth([day({ joined: 300, left: 86 })]), "+214 subscribers net in 1 day");
  assert.equal(growth([day({ joined: 1 }), day({ left: 2 })]), "−1 subscriber net in 2 days");
  assert.equal(growth([day({ joined: 2, left: 2 })]), "As many subscribers as before in 1 day");
});

test("a net of thousands is written with separators", () => {
  assert.equal(signed(1_234_567), "+1,234,567");
  assert.equal(signed(-4_000), "−4,000");
  assert.equal(signed(0), "±0");
});

test("small shares keep a digit, and a share of nothing is none", () => {
  assert.equal(share(1, 200), "0.5\u00a0%");
  assert.equal(share(45, 200), "23\u00a0%");
  assert.equal(share(0, 0), "–");
});

test("reach is clicks of what was accepted", () => {
  assert.equal(reach([day({ accepted: 1000, clicks: 12 }), day({ accepted: 1000, clicks: 12 })]), "1.2\u00a0% of 2,000 accepted messages were clicked");
  assert.equal(reach([day({})]), "Nothing was sent in this time");
});

test("outcomes names failures where there are some", () => {
  assert.equal(outcomes([day({ accepted: 90, failed: 8, gone: 2 })]), "8 of 100 sends failed");
  assert.equal(outcomes([day({ accepted: 90, gone: 10 })]), "No send failed; 10 of 100 met an ended subscription");
  assert.equal(outcomes([]), "Nothing was sent in this time");
});

test("the largest push service and language are named, and strange ones stand for themselves", () => {
  assert.equal(byService([{ service: "mozilla", active: 1 }, { service: "fcm", active: 3 }]), "75\u00a0% subscribe with Chrome and Android (Google)");
  assert.equal(byService([{ service: "other", active: 2 }]), "100\u00a0% subscribe with browsers of other push services");
  assert.equal(byService([]), "No subscribers yet");
  assert.equal(byLanguage([{ language: "de-AT", active: 1 }]), "100\u00a0% read Austrian German (de-AT)");
  assert.equal(byLanguage([{ language: "<b>!", active: 1 }]), "100\u00a0% read <b>!");
  assert.equal(byLanguage([{ language: "", active: 1 }]), "Of 100\u00a0% the language isn’t known");
});

test("the age at which most leave is the one with the greatest share", () => {
  const ages = [{ from_days: 0, to_days: 7, active: 90, gone: 10 }, { from_days: 365, to_days: null, active: 1, gone: 3 }];

  assert.equal(byAge(ages), "Most leave at 365 days and more: 75\u00a0% of them");
  assert.equal(byAge([{ from_days: 0, to_days: 7, active: 5, gone: 0 }]), "Nobody has left yet");
});

test("the best hour is told with its weekday", () => {
  const hours = Array.from({ length: 7 }, () => Array(24).fill(0));
  assert.equal(bestHour(hours), "No clicks yet");

  hours[1][7] = 3;

  assert.equal(bestHour(hours), "Most clicks on Tuesdays at 07:00 UTC");
});

test("attention warns from three a week on and alarms above one a day", () => {
  assert.deepEqual([0, 1, 1.84, 3, 3.1, 7, 7.1].map((weekly) => attention(weekly).level), ["fine", "fine", "fine", "fine", "much", "much", "too-much"]);
  assert.equal(attention(1.84).words, "1.8 messages a week to each subscriber");
  assert.equal(attention(1).words, "1 message a week to each subscriber");
});

test("the hours between clicks are there too, without any", () => {
  assert.deepEqual(everyHour([{ at: 7200, clicks: 3 }, { at: 14_400, clicks: 1 }]), [{ at: 7200, clicks: 3 }, { at: 10_800, clicks: 0 }, { at: 14_400, clicks: 1 }]);
  assert.deepEqual(everyHour([]), []);
});

test("what was clicked is the message or a button by its label", () => {
  assert.deepEqual([{ action: "" }, { action: "0", label: "Read" }, { action: "1", label: "" }].map(actionName), ["The message", "Button “Read”", "Button “2”"]);
});
